/** One tenant that wants everything for itself: submits, places in the queue, open streams. */
import { randomUUID } from "node:crypto";
import { newRunId } from "@cmo/shared/runtime";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { type Limits, limitTenant, withinMinute } from "../support/limits.ts";
import { countRuns, query } from "../support/query.ts";
import { callRest } from "../support/rest.ts";
import { createMember, createTenant, type Tenant } from "../support/tenant.ts";
import { callApi, expectProblem, openApi, submit, submitRun } from "./support/call-api.ts";

const victim = await createTenant();
const payload = { primaryGoal: "Grow" };

async function createAttacker(limits: Limits): Promise<Tenant> {
  const attacker = await createTenant();
  await limitTenant(query, attacker.tenantId, limits);
  return attacker;
}

function callCreateRun(token: string, args: Readonly<Record<string, unknown>> = {}) {
  const json = { p_id: newRunId(), p_mode: "strategy", p_input: payload, ...args };
  return callRest("rpc/create_run", { token, json });
}

function times<Result>(count: number, act: (index: number) => Promise<Result>): Promise<Result[]> {
  return Promise.all(Array.from({ length: count }, (_, index) => act(index)));
}

const refusalSchema = z.object({ code: z.literal("PT429"), message: z.literal("rate_limited") });

describe("S48: thousands of submits (leak 10)", () => {
  test("S48: as many are accepted as allowed, by the API and past it together, and others notice nothing", () =>
    withinMinute(async () => {
      const attacker = await createAttacker({ runs_per_minute: 20 });
      const { token } = attacker.user;
      const flood = [
        times(150, () => submit(token, { payload })),
        times(150, () => callCreateRun(token)),
      ] as const;
      const theirs = await times(5, () => submit(victim.user.token, { payload }));
      const [byApi, past] = [await flood[0], await flood[1]];

      expect(theirs.map(({ status }) => status)).toEqual([202, 202, 202, 202, 202]);
      expect(await countRuns(attacker.workspaceId)).toBe(20);
      const refused = byApi.filter(({ status }) => status !== 202);
      for (const answer of refused) expectProblem(answer, 429, "rate_limited");
      const refusedPast = past.filter(({ status }) => status !== 200);
      for (const { status, body } of refusedPast) {
        expect(status).toBe(429);
        expect(refusalSchema.safeParse(body).success).toBe(true);
      }
      expect(refused.length + refusedPast.length).toBe(280);
    }));

  test("S48: a user who is a member of two tenants uses up one of them alone", () =>
    withinMinute(async () => {
      const attacker = await createAttacker({ user_runs_per_minute: 1 });
      const own = await createMember(victim.workspaceId, "member");
      await query(
        "insert into public.workspace_members (workspace_id, user_id, role) values ($1, $2, 'member')",
        [attacker.workspaceId, own.id],
      );
      const to = (workspace_id: string) => submit(own.token, { payload, workspace_id });
      const answers = [await to(attacker.workspaceId), await to(attacker.workspaceId)];
      answers.push(await to(victim.workspaceId));
      expect(answers.map(({ status }) => status)).toEqual([202, 429, 202]);
    }));
});

describe("S49: a flooded queue", () => {
  test("S49: never more runs wait than the cap, whichever way they come", async () => {
    const cap = 4;
    const attacker = await createAttacker({ max_queued: cap });
    const { token } = attacker.user;
    const waiting: number[] = [];
    let isOver = false;
    const watching = (async () => {
      const sql = `select count(*)::int as n from public.agent_runs
        where tenant_id = $1 and phase = 'queued' and attempt = 0`;
      while (!isOver) {
        const [row] = await query(sql, [attacker.tenantId]);
        waiting.push(z.object({ n: z.int() }).parse(row).n);
      }
    })();
    const answers = await times(120, (i) =>
      i % 2 ? submit(token, { payload }) : callCreateRun(token),
    );
    isOver = true;
    await watching;
    expect(Math.max(...waiting)).toBeLessThanOrEqual(cap);
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThan(0);
    for (const { text } of refused) expect(text).toContain("queue_full");
  });

  test("S49: who cancels and creates in a loop starts no more than the limit", () =>
    withinMinute(async () => {
      const attacker = await createAttacker({ user_runs_per_minute: 10 });
      const { token } = attacker.user;
      for (let i = 0; i < 25; i += 1) {
        const { status, body } = await callCreateRun(token);
        if (status !== 200) continue;
        const { run } = z.object({ run: z.object({ id: z.string() }) }).parse(body);
        await callRest("rpc/cancel_run", { token, json: { p_run_id: run.id } });
      }
      expect(await countRuns(attacker.workspaceId)).toBe(10);
    }));

  test("S49: nobody reads or changes limits and counts with the public key", async () => {
    const { token } = victim.user;
    for (const table of ["tenant_limits", "submission_counts"]) {
      expect((await callRest(table, { token })).status).toBe(404);
      const headers = { "accept-profile": "private" };
      expect((await callRest(table, { token, headers })).status).toBeGreaterThanOrEqual(400);
    }
    const [json, other] = [{ p_workspace_id: victim.workspaceId }, await createTenant()];
    const answer = await callRest("rpc/stream_limits", { token: other.user.token, json });
    expect(answer).toMatchObject({ status: 403, code: "workspace_forbidden" });
  });
});

describe("S50: hoarded streams", () => {
  test("S50: as many are open as allowed, and others open theirs", async () => {
    const attacker = await createAttacker({ max_user_streams: 3 });
    const { token } = attacker.user;
    const abort = new AbortController();
    const { signal } = abort;
    const slow = { payload: { primaryGoal: "[[fault:slow@4]]" }, save: false };
    const { id } = await submitRun(token, slow);
    const headers = { accept: "text/event-stream" };
    const key = randomUUID();
    const opened = await times(30, (i) =>
      i % 3
        ? openApi(`/v1/runs/${id}/events`, { token, headers, signal })
        : // A repeat of one request opens the stream of one run again and again.
          openApi("/v1/runs", {
            token,
            json: { mode: "strategy", ...slow },
            headers: { ...headers, "idempotency-key": key },
            signal,
          }),
    );
    expect(opened.filter(({ status }) => status === 200)).toHaveLength(3);
    for (const one of opened.filter(({ status }) => status !== 200)) {
      const { status, headers: given } = one;
      expectProblem({ status, headers: given, text: await one.text() }, 429, "too_many_streams");
      expect(given.get("retry-after")).toBe("5");
    }
    const theirs = await submitRun(victim.user.token, slow);
    const path = `/v1/runs/${theirs.id}/events`;
    const stream = await openApi(path, { token: victim.user.token, headers, signal });
    expect(stream.status).toBe(200);
    abort.abort();
    for (const [run, user] of [
      [id, attacker.user],
      [theirs.id, victim.user],
    ] as const) {
      await callApi(`/v1/runs/${run}/cancel`, { token: user.token, method: "POST" });
    }
  });
});
