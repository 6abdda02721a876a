import { randomUUID } from "node:crypto";
import { runSchema } from "@cmo/shared/contract";
import { describe, expect, test } from "vitest";
import { gatewayCalls } from "../support/gateway-record.ts";
import type { Answer } from "../support/http.ts";
import { countRuns, query } from "../support/query.ts";
import type { Role } from "../support/tenancy.ts";
import { addMember, addWorkspace, createUser } from "../support/tenant.ts";
import {
  callApi,
  expectProblem,
  readRun,
  submit,
  submitRun,
  waitForEnd,
} from "./support/call-api.ts";
import { createTwoTenants, expectNothingOf } from "./support/two-tenants.ts";

const { attacker, victim } = await createTwoTenants();
const { token } = attacker.user;
/** Ended by its user, so that nothing waits for it. */
const theirRun = await submitRun(victim.user.token, { payload: { primaryGoal: victim.word } });
await waitForEnd(victim.user.token, theirRun.id);

const kernel = (json: Record<string, unknown>) =>
  callApi("/functions/v1/cmo-kernel", { token, json: { mode: "strategy", payload: {}, ...json } });
const planFunction = (json: Record<string, unknown>) =>
  callApi("/functions/v1/cmo-plan-90day", { token, json });

async function expectRefused(answer: Answer, status: number, code: string): Promise<void> {
  expectProblem(answer, status, code);
  expect(answer.text).not.toContain(victim.word);
  expect(await countRuns(victim.workspaceId)).toBe(1);
}

describe("S15: a tenant in a body is a claim that is checked (leak 3)", () => {
  test.each(["tenant_id", "tenantId"])("S15: the other tenant's id as %s", async (name) => {
    const claim = { [name]: victim.tenantId };
    const { workspaceId } = attacker;
    await expectRefused(
      await kernel({ workspace_id: workspaceId, ...claim }),
      403,
      "tenant_mismatch",
    );
    await expectRefused(
      await kernel({ workspace_id: workspaceId, payload: claim }),
      403,
      "tenant_mismatch",
    );
    await expectRefused(await planFunction({ workspaceId, ...claim }), 403, "tenant_mismatch");
    await expectRefused(await kernel(claim), 403, "tenant_mismatch");
  });

  test("S15: on the native route, and as something that is no id", async () => {
    const workspace_id = attacker.workspaceId;
    for (const tenant_id of [victim.tenantId, "other", "' or true --"]) {
      await expectRefused(await submit(token, { workspace_id, tenant_id }), 403, "tenant_mismatch");
    }
    expect(await countRuns(attacker.workspaceId)).toBe(0);
  });
});

describe("S16: a workspace of somebody else is closed, wherever its id is given (leak 1)", () => {
  test("S16: in the body, with an own tenant's id or none", async () => {
    const workspace_id = victim.workspaceId;
    const claims = [{}, { tenant_id: attacker.tenantId }, { tenant_id: attacker.user.id }];
    for (const claim of claims) {
      await expectRefused(
        await submit(token, { workspace_id, ...claim }),
        403,
        "workspace_forbidden",
      );
      await expectRefused(await kernel({ workspace_id, ...claim }), 403, "workspace_forbidden");
      await expectRefused(
        await planFunction({ workspaceId: workspace_id, ...claim }),
        403,
        "workspace_forbidden",
      );
    }
  });

  test("S16: in the payload, and in the header", async () => {
    const { workspaceId } = victim;
    await expectRefused(await kernel({ payload: { workspaceId } }), 403, "workspace_forbidden");
    const headers = { "x-workspace-id": workspaceId };
    await expectRefused(await submit(token, {}, headers), 403, "workspace_forbidden");
  });

  test("S16: an unknown workspace is refused in the same words as a foreign one", async () => {
    const answers = await Promise.all(
      [victim.workspaceId, randomUUID()].map((workspace_id) => submit(token, { workspace_id })),
    );
    expect(new Set(answers.map(withoutRequestId)).size).toBe(1);
  });

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

  test("S16: another workspace of the same tenant is as closed as any (leak 8)", async () => {
    const { tenantId } = victim;
    const insider = await createUser();
    await addWorkspace({ tenantId, ownerId: insider.id });
    const workspace_id = victim.workspaceId;
    const answer = await submit(insider.token, { workspace_id, tenant_id: tenantId });
    await expectRefused(answer, 403, "workspace_forbidden");
    const list = await callApi(`/v1/runs?workspace_id=${workspace_id}`, { token: insider.token });
    expect(JSON.parse(list.text)).toMatchObject({ runs: [] });
  });
});

describe("S17: a run of somebody else answers as one that does not exist", () => {
  const ways: readonly [string, (id: string) => [path: string, method: string]][] = [
    ["read", (id) => [`/v1/runs/${id}`, "GET"]],
    ["waited for", (id) => [`/v1/runs/${id}?wait=1`, "GET"]],
    ["followed", (id) => [`/v1/runs/${id}/events`, "GET"]],
    ["followed from a cursor", (id) => [`/v1/runs/${id}/events?after=1-1`, "GET"]],
    ["cancelled", (id) => [`/v1/runs/${id}/cancel`, "POST"]],
    ["tried again", (id) => [`/v1/runs/${id}/retry`, "POST"]],
  ];

  test.each(ways)("S17: %s", async (_, way) => {
    const answers: Answer[] = [];
    for (const id of [theirRun.id, randomUUID()]) {
      const [path, method] = way(id);
      answers.push(await callApi(path, { token, method }));
    }
    for (const answer of answers) expectProblem(answer, 404, "run_not_found");
    const [foreign, unknown] = answers.map(withoutRequestId);
    expect(foreign).toBe(unknown);
    expect(answers.map(({ headers }) => [...headers.keys()])[0]).toEqual(
      answers.map(({ headers }) => [...headers.keys()])[1],
    );
    expect(await readRun(victim.user.token, theirRun.id)).toMatchObject({ status: "completed" });
  });

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

  test.each([
    ["too long", "k".repeat(256)],
    ["not printable", "caf\u00e9"],
    ["with a tab", "a\tb"],
  ])("S20: a key that is %s is refused", async (_, key) => {
    const before = await countRuns(attacker.workspaceId);
    const answer = await submit(token, {}, { "idempotency-key": key });
    expectProblem(answer, 400, "invalid_idempotency_key");
    expect(await countRuns(attacker.workspaceId)).toBe(before);
  });
});

describe("S31: a role does what it may, and gives itself no other", () => {
  const joined = async (role: Role) => {
    const user = await createUser();
    await addMember(victim.workspaceId, user.id, role);
    return user.token;
  };

  test("S31: a viewer reads, and neither runs, cancels nor tries again", async () => {
    const viewer = await joined("viewer");
    expect(await readRun(viewer, theirRun.id)).toMatchObject({ id: theirRun.id });
    await expectRefused(await submit(viewer, {}), 403, "role_forbidden");
    for (const action of ["cancel", "retry"]) {
      const answer = await callApi(`/v1/runs/${theirRun.id}/${action}`, {
        token: viewer,
        method: "POST",
      });
      expectProblem(answer, 403, "role_forbidden");
    }
  });
});

describe("a parent that a payload names belongs to the workspace (leak 2)", () => {
  test.each([
    ["planId", "funnels", () => victim.planId],
    ["funnelId", "campaigns", () => victim.funnelId],
    ["campaignId", "content", () => victim.campaignId],
    ["planId", "optimization", () => victim.planId],
  ])("S16: %s of another tenant in %s: nothing of it is read or asked", async (name, mode, id) => {
    const answer = await submit(token, { mode, payload: { [name]: id() } });
    expectNothingOf(victim, answer.text);
    // Refused where the run is submitted, or by the worker that looks the parent up.
    if (answer.status !== 202) return expect(answer.status).toBeGreaterThanOrEqual(400);
    const run = await waitForEnd(token, runSchema.parse(JSON.parse(answer.text)).id);
    expect(run).toMatchObject({ status: "failed", error_code: "invalid_input" });
    expect(await gatewayCalls(run.id)).toEqual([]);
    expectNothingOf(victim, JSON.stringify(run));
  });
});

function withoutRequestId({ text }: Answer): string {
  return JSON.stringify({ ...JSON.parse(text), request_id: null });
}
