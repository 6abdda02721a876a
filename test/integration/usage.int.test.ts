/** Usage and costs as clients read them, of runs that a worker has really made. */
import { randomUUID } from "node:crypto";
import { typicalCostSchema, usageReportSchema } from "@cmo/shared/contract";
import { startWorker } from "@cmo/worker";
import { parse } from "csv-parse/sync";
import { expect, test } from "vitest";
import { z } from "zod";
import { startApi } from "../support/api.ts";
import { closeAfter } from "../support/close-after.ts";
import { eventually } from "../support/eventually.ts";
import { placeRow, query } from "../support/query.ts";
import { createTenant } from "../support/tenant.ts";
import { openWorkerDeps } from "../support/worker.ts";

const api = await startApi();
const { user, workspaceId, tenantId } = await createTenant();
await placeRow("cmo_brand_profiles", {
  workspace_id: workspaceId,
  tenant_id: tenantId,
  created_by: user.id,
  brand_name: "Test brand",
});
const stranger = await createTenant();
const deps = await openWorkerDeps({
  QUEUE_PREFIX: api.queuePrefix,
  WORKER_TENANTS: tenantId,
});
const worker = await startWorker(deps);
closeAfter(() => worker.stop());

const runShape = z.object({
  id: z.string(),
  status: z.string(),
  cost: z.object({ micros: z.int(), currency: z.string(), estimated: z.boolean() }),
});

async function submit(goal: string) {
  const json = { mode: "strategy", payload: { primaryGoal: goal } };
  const answer = await api.fetch("/v1/runs", user.token, { json });
  return runShape.parse(await answer.json());
}

async function read(id: string) {
  return runShape.parse(await (await api.fetch(`/v1/runs/${id}`, user.token)).json());
}

const ended = (id: string) =>
  eventually(
    () => read(id),
    ({ status }) => status !== "running",
  );
const usage = async (path: string, headers: Record<string, string> = {}) =>
  api.fetch(`/v1/usage?${path}`, user.token, { headers });

const completed = await ended((await submit("Grow [[fault:slow@5000]]")).id);
const begun = await submit("Wait [[fault:hang-mid-stream]]");
await eventually(
  () => deps.live.held(),
  (held) => held.some(({ runId, calls }) => runId === begun.id && calls()[0]?.usage),
);
await api.fetch(`/v1/runs/${begun.id}/cancel`, user.token, { method: "POST" });
const cancelled = await ended(begun.id);

test("a run carries its cost: as reported when it completes, as an estimate when it is cancelled", () => {
  expect(completed).toMatchObject({
    status: "completed",
    cost: { currency: "USD", estimated: false },
  });
  expect(cancelled).toMatchObject({ status: "cancelled", cost: { estimated: true } });
  expect(completed.cost.micros).toBeGreaterThan(0);
  expect(cancelled.cost.micros).toBeGreaterThan(0);
});

test("an ETag is of the run with its cost", async () => {
  const first = await api.fetch(`/v1/runs/${completed.id}`, user.token);
  const headers = { "if-none-match": first.headers.get("etag") ?? "" };
  expect((await api.fetch(`/v1/runs/${completed.id}`, user.token, { headers })).status).toBe(304);
});

test("the report adds the runs up, for a client", async () => {
  const report = usageReportSchema.parse(await (await usage("group_by=workspace")).json());
  expect(report.totals).toMatchObject({
    runs: 2,
    cost_micros: completed.cost.micros + cancelled.cost.micros,
    estimated_micros: cancelled.cost.micros,
  });
  expect(report.rows.map(({ key }) => key)).toEqual([workspaceId]);
});

test("and for a spreadsheet, and for a person", async () => {
  const csv = await usage("group_by=mode", { accept: "text/csv" });
  expect(csv.headers.get("content-type")).toContain("text/csv");
  expect(parse(await csv.text(), { columns: true })).toMatchObject([
    { key: "strategy", runs: "2" },
  ]);
  const table = await usage("group_by=day", { accept: "text/plain" });
  expect(table.headers.get("content-type")).toContain("text/plain");
  expect(await table.text()).toMatch(/^day +runs +attempts .*\n-+\n\d{4}-\d{2}-\d{2} +2 /);
});

test("nobody sees what others have used", async () => {
  const own = await api.fetch("/v1/usage?group_by=workspace", stranger.user.token);
  expect(usageReportSchema.parse(await own.json())).toMatchObject({
    rows: [],
    totals: { runs: 0 },
  });
  const path = `/v1/usage?group_by=user&workspace_id=${workspaceId}`;
  const foreign = await api.fetch(path, stranger.user.token);
  expect(foreign.status).toBe(403);
  expect(await foreign.json()).toMatchObject({ code: "workspace_forbidden" });
});

test.each([
  ["group_by=input", "group_by"],
  ["", "group_by"],
  ["group_by=day&from=2026-02-30", "from"],
  ["group_by=day&from=2026-02-02&to=2026-02-01", "from"],
  ["group_by=day&time_zone=Mars", "time_zone"],
])("a request is refused with the reason: %s", async (search, path) => {
  const answer = await usage(search);
  expect(answer.status).toBe(400);
  expect(await answer.json()).toMatchObject({ code: "invalid_request", issues: [{ path }] });
});

test("the agents say what a run of each mode has typically cost", async () => {
  const shape = z.object({
    agents: z.array(z.object({ mode: z.string(), typical_cost: typicalCostSchema.nullable() })),
  });
  const of = async (token: string) => {
    const { agents } = shape.parse(await (await api.fetch("/v1/agents", token)).json());
    return Object.fromEntries(agents.map(({ mode, typical_cost }) => [mode, typical_cost]));
  };
  const { strategy, content } = await of(user.token);
  expect(strategy).toMatchObject({ runs: 1, median: { micros: completed.cost.micros } });
  expect(content).toBeNull();
  expect((await of(stranger.user.token))["strategy"]).toBeNull();
});

test("the attempt of a worker that is lost costs what the worker had noted", async () => {
  await worker.stop();
  const opened = await openWorkerDeps({
    QUEUE_PREFIX: api.queuePrefix,
    WORKER_TENANTS: tenantId,
  });
  let isDead = false;
  const ledger: typeof opened.ledger = {
    ...opened.ledger,
    heartbeat: (...call) =>
      isDead ? Promise.reject(new Error("It is dead.")) : opened.ledger.heartbeat(...call),
  };
  const doomed = await startWorker({ ...opened, ledger });
  closeAfter(() => doomed.stop());
  const { id } = await submit("Wait [[fault:hang-mid-stream]]");
  const attempts = () =>
    query("select * from public.agent_run_attempts where run_id = $1 and attempt = 1", [id]);
  await eventually(attempts, ([row]) => JSON.stringify(row?.["calls"] ?? []).includes("estimated"));

  isDead = true;
  const elder = randomUUID();
  const [attempt] = await eventually(
    async () => {
      await opened.ledger.heartbeat(elder);
      await query("update public.workers set alive_since = '-infinity' where id = $1", [elder]);
      await opened.ledger.sweep(elder, false);
      return attempts();
    },
    ([row]) => row?.["outcome"] === "lost",
  );
  expect(attempt).toMatchObject({ usage: null, cost_estimated: true });
  expect(Number(attempt?.["cost_micros"])).toBeGreaterThan(0);
  await api.fetch(`/v1/runs/${id}/cancel`, user.token, { method: "POST" });
});
