import { randomUUID } from "node:crypto";
import { runSchema } from "@cmo/shared/contract";
import { describe, expect, test } from "vitest";
import { query } from "../support/query.ts";
import { callApi, expectProblem, submit, submitRun, waitForEnd } from "./support/call-api.ts";
import { createTwoTenants, expectNothingOf } from "./support/two-tenants.ts";

const { attacker, victim } = await createTwoTenants();
const { token } = attacker.user;
/** Ended by its user, so that nothing waits for it. */
const theirRun = await submitRun(victim.user.token, { payload: { primaryGoal: victim.word } });
await waitForEnd(victim.user.token, theirRun.id);

describe("S16: a workspace of somebody else is closed, wherever its id is given (leak 1)", () => {
  test("S16: the row says the workspace and the tenant that the caller has (leak 4)", async () => {
    const { id } = await submitRun(token, { payload: {} });
    const sql = "select workspace_id, tenant_id, created_by from public.agent_runs where id = $1";
    expect(await query(sql, [id])).toEqual([
      {
        workspace_id: attacker.workspaceId,
        tenant_id: attacker.tenantId,
        created_by: attacker.user.id,
      },
    ]);
  });

  test("S16: nor are its usage and its costs shown", async () => {
    const path = `/v1/usage?group_by=user&workspace_id=${victim.workspaceId}`;
    expectProblem(await callApi(path, { token }), 403, "workspace_forbidden");
    for (const group of ["tenant", "workspace", "user"]) {
      for (const accept of ["application/json", "text/csv", "text/plain"]) {
        const call = { token, headers: { accept } };
        expectNothingOf(victim, (await callApi(`/v1/usage?group_by=${group}`, call)).text);
      }
    }
  });
});

describe("S17: a run of somebody else answers as one that does not exist", () => {
  test("S17: no list shows it, whatever it is filtered by", async () => {
    const filters = ["", `?workspace_id=${victim.workspaceId}`, "?status=completed", "?limit=100"];
    for (const filter of filters) {
      const { text } = await callApi(`/v1/runs${filter}`, { token });
      expectNothingOf(victim, text);
      expect(text).not.toContain(theirRun.id);
    }
  });

  test("S17: no id is a filter of the database's language (leak 15)", async () => {
    const ids = [
      "*",
      "not.is.null",
      `${randomUUID()},id.neq.1`,
      "eq.1)or(id.neq.1",
      "%27%20or%201=1",
    ];
    for (const id of ids) {
      const answer = await callApi(`/v1/runs/${encodeURIComponent(id)}`, { token });
      expectProblem(answer, 404, "run_not_found");
      const list = await callApi(`/v1/runs?workspace_id=${encodeURIComponent(id)}`, { token });
      expectProblem(list, 400, "invalid_request");
    }
  });
});

describe("S20: an idempotency key is its user's own", () => {
  test("S20: another user's same key makes another run", async () => {
    const headers = { "idempotency-key": `shared-${randomUUID()}` };
    const answers = [
      await submit(victim.user.token, {}, headers),
      await submit(token, {}, headers),
    ];
    const [theirs, mine] = answers.map(({ text }) => runSchema.parse(JSON.parse(text)));
    expect(mine?.id).not.toBe(theirs?.id);
    expect(mine?.workspace_id).toBe(attacker.workspaceId);
    expect(answers.map(({ headers }) => headers.get("idempotency-replayed"))).toEqual([null, null]);
    expectNothingOf(victim, answers[1]?.text ?? "");
    await query("delete from public.agent_runs where id = $1", [theirs?.id]);
  });
});
