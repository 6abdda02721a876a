/** A budget that is used up while an answer streams, on the real ledger, log and gateway's wire. */
import { problemSchema } from "@cmo/shared/contract";
import { startWorker } from "@cmo/worker";
import { expect, test } from "vitest";
import { startApi } from "../support/api.ts";
import { closeAfter } from "../support/close-after.ts";
import { eventually } from "../support/eventually.ts";
import { gatewayCalls } from "../support/gateway-record.ts";
import { query } from "../support/query.ts";
import { createTenant } from "../support/tenant.ts";
import { openUserRuns } from "../support/user-run.ts";
import { openWorkerDeps } from "../support/worker.ts";

const { tenantId, runs, submit } = await openUserRuns();
const deps = await openWorkerDeps({ WORKER_TENANTS: tenantId });
const worker = await startWorker(deps);
closeAfter(() => worker.stop());

/** Sets the budgets of a tenant; null: none. */
function setBudget(
  id: string,
  { run = null, day = null }: { run?: number | null; day?: number | null },
) {
  return query(
    `insert into private.tenant_limits (tenant_id, budget_run_micros, budget_day_micros) values ($1, $2, $3)
     on conflict (tenant_id) do update set budget_run_micros = excluded.budget_run_micros,
       budget_day_micros = excluded.budget_day_micros`,
    [id, run, day],
  );
}

/** What the run has cost, as its attempts have it. */
async function costOf(id: string): Promise<number> {
  const sql =
    "select sum(cost_micros)::float8 as micros from public.agent_run_attempts where run_id = $1";
  return Number((await query(sql, [id]))[0]?.["micros"]);
}

async function play(goal: string): Promise<string> {
  const id = await submit(goal);
  await deps.queue.add({ runId: id, attempt: 0 });
  await eventually(
    () => runs.find(id),
    (run) => run?.status !== "running",
    20_000,
  );
  return id;
}

const SLOWLY = "Grow [[fault:slow@300]]";

test("the upstream call is closed, the run fails, and its text is kept", async () => {
  const whole = await costOf(await play(SLOWLY));
  await setBudget(tenantId, { run: Math.round(whole / 2) });
  const id = await play(SLOWLY);

  const row = await runs.find(id);
  expect(row).toMatchObject({
    status: "failed",
    error_code: "budget_exceeded",
    error_message: expect.stringContaining("The budget for one run is used up."),
    attempt: 1,
  });
  const [call, ...others] = await gatewayCalls(id);
  expect(others).toEqual([]);
  expect(call).toMatchObject({ closedBy: "client" });
  const text = row?.output_text ?? "";
  expect(text.length).toBeGreaterThan(100);
  expect(call?.textSent.startsWith(text)).toBe(true);

  const entries = await deps.runLog.read(id, null, 10_000);
  expect(entries.map(({ data }) => JSON.parse(data).text ?? "").join("")).toBe(text);
  const [attempt] = await query(
    "select outcome, reason, cost_estimated from public.agent_run_attempts where run_id = $1",
    [id],
  );
  expect(attempt).toEqual({ outcome: "failed", reason: "budget_exceeded", cost_estimated: true });
  expect(await costOf(id)).toBeGreaterThan(whole / 4);
  const [held] = await query("select reserved_micros::int from public.agent_runs where id = $1", [
    id,
  ]);
  expect(held).toEqual({ reserved_micros: 0 });
});

test("a prompt that the budget does not cover is not sent", async () => {
  await setBudget(tenantId, { run: 10 });
  const id = await play(SLOWLY);
  expect(await runs.find(id)).toMatchObject({ error_code: "budget_exceeded", output_text: "" });
  expect(await gatewayCalls(id)).toEqual([]);
  expect(await costOf(id)).toBe(0);
});

test("a run with enough of it completes, and what it cost is booked", async () => {
  await setBudget(tenantId, { day: 1_000_000_000 });
  const spent = async () =>
    Number(
      (
        await query("select spent_micros from private.budgets where tenant_id = $1", [tenantId])
      )[0]?.["spent_micros"] ?? 0,
    );
  const first = await play(SLOWLY);
  const before = await spent();
  const id = await play(SLOWLY);
  expect(await runs.find(id)).toMatchObject({ status: "completed" });
  expect((await spent()) - before).toBe(await costOf(id));
  // Ids in a prompt are some tokens more or less.
  expect((await costOf(id)) / (await costOf(first))).toBeCloseTo(1, 2);
});

const api = await startApi();

test("both routes answer 402 with a sentence, and say when to come back", async () => {
  const tenant = await createTenant();
  await setBudget(tenant.tenantId, { day: 0 });
  const json = { mode: "strategy", payload: { primaryGoal: "Grow", budget: 1000 } };
  const response = await api.fetch("/v1/runs", tenant.user.token, { json });
  expect(response.status).toBe(402);
  const problem = problemSchema.parse(await response.json());
  expect(problem).toMatchObject({
    code: "budget_exceeded",
    detail: expect.stringMatching(
      /^The budget for AI runs of this day is used up. It opens again on \d{4}-\d\d-\d\d at 00:00 UTC\./,
    ),
    budget: "day",
    cap_micros: 0,
  });
  const seconds = Number(response.headers.get("retry-after"));
  const midnight = Math.ceil(Date.now() / 86_400_000) * 86_400;
  expect(Math.abs(midnight - Date.now() / 1000 - seconds)).toBeLessThan(60);
  const [counted] = await query("select count(*)::int as n from agent_runs where tenant_id = $1", [
    tenant.tenantId,
  ]);
  expect(counted).toEqual({ n: 0 });
});
