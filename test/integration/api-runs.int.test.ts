/** The native routes, against the real stack: what is promised to callers of `/v1`. */
import { randomUUID } from "node:crypto";
import { problemSchema, type Run, runPageSchema, runSchema } from "@cmo/shared/contract";
import { newRunId } from "@cmo/shared/runtime";
import { describe, expect, test } from "vitest";
import { startApi } from "../support/api.ts";
import { createScriptedWorker } from "../support/scripted-worker.ts";
import { readSse } from "../support/sse.ts";
import { addWorkspace, createTenant, createUser } from "../support/tenant.ts";

const api = await startApi({ SSE_KEEP_ALIVE_MS: "200" });
const worker = await createScriptedWorker();
const { user, workspaceId, tenantId } = await createTenant();

const submission = { mode: "strategy", payload: { primaryGoal: "Grow", budget: 1000 } };

async function submit(headers: Record<string, string> = {}): Promise<Run> {
  const response = await api.fetch("/v1/runs", user.token, { json: submission, headers });
  expect(response.status).toBe(202);
  return runSchema.parse(await response.json());
}

async function find(id: string, token = user.token): Promise<Response> {
  return api.fetch(`/v1/runs/${id}`, token);
}

async function problemOf(response: Response) {
  expect(response.headers.get("content-type")).toMatch(/^application\/problem\+json/);
  return problemSchema.parse(await response.json());
}

describe("submitting", () => {
  test("202 names the run, which is stored before the answer", async () => {
    const json = { ...submission, tenant_id: tenantId };
    const response = await api.fetch("/v1/runs", user.token, { json });
    const run = runSchema.parse(await response.json());
    expect(response.headers.get("location")).toBe(`/v1/runs/${run.id}`);
    expect(response.headers.get("retry-after")).toBe("1");
    expect(response.headers.get("x-run-id")).toBe(run.id);
    expect(run).toMatchObject({ status: "running", workspace_id: workspaceId, mode: "strategy" });
    expect(run.save_artifacts).toBe(true);
    expect((await find(run.id)).status).toBe(200);
  });

  test("the same Idempotency-Key is the same run", async () => {
    const headers = { "idempotency-key": randomUUID() };
    const first = await submit(headers);
    const again = await api.fetch("/v1/runs", user.token, { json: submission, headers });
    expect(again.status).toBe(202);
    expect(again.headers.get("idempotency-replayed")).toBe("true");
    expect(runSchema.parse(await again.json()).id).toBe(first.id);
  });

  test("what is wrong with a payload is said with its path", async () => {
    const json = { mode: "plan-90day", payload: { budget: -1, surprise: 1 }, status: "completed" };
    const body = await problemOf(await api.fetch("/v1/runs", user.token, { json }));
    expect(body.issues).toEqual([{ path: "status", message: "Is not a known member" }]);

    const known = { mode: json.mode, payload: json.payload };
    const payload = await problemOf(await api.fetch("/v1/runs", user.token, { json: known }));
    expect(payload.issues?.map(({ path }) => path)).toEqual(["payload.budget", "payload.surprise"]);
  });

  test("a header may name the workspace of a caller who has several", async () => {
    const owner = await createUser();
    const ids = await Promise.all([1, 2].map(() => addWorkspace({ tenantId, ownerId: owner.id })));
    const headers = { "x-workspace-id": ids[1] ?? "" };
    const chosen = await api.fetch("/v1/runs", owner.token, { json: submission, headers });
    expect(runSchema.parse(await chosen.json()).workspace_id).toBe(ids[1]);
  });

  test("a workspace may have an id of any version or none, and a caller may choose the id of a run", async () => {
    const fresh = await createTenant();
    const handmade = () => `${randomUUID().slice(0, 8)}-1111-1111-1111-111111111111`;
    const owner = { tenantId: fresh.tenantId, ownerId: fresh.user.id };
    const workspace_id = await addWorkspace({ ...owner, id: handmade() });
    const json = { ...submission, workspace_id };
    const accepted = await api.fetch("/v1/runs", fresh.user.token, { json });
    expect(runSchema.parse(await accepted.json())).toMatchObject({ workspace_id });

    // Through the database's own API a user chooses the run's id as well.
    const runs = api.deps.runsOf(fresh.user.token);
    const scope = { workspaceId: workspace_id, save: false, onRateLimit: "wait" } as const;
    const { run } = await runs.create({ id: newRunId(), mode: "strategy", input: {}, ...scope });
    expect((await find(run.id, fresh.user.token)).status).toBe(200);
    const query = `?workspace_id=${workspace_id}&limit=1`;
    const list = async (more: string) => {
      const response = await api.fetch(`/v1/runs${query}${more}`, fresh.user.token);
      return runPageSchema.parse(await response.json());
    };
    const page = await list("");
    expect(page.runs.map(({ id }) => id)).toEqual([run.id]);
    expect((await list(`&before=${page.next}`)).runs).toHaveLength(1);
  });
});

describe("waiting", () => {
  test("`Prefer: wait` answers 200 with the run that has ended", async () => {
    const headers = { prefer: "wait=20", "idempotency-key": randomUUID() };
    const run = await submit({ "idempotency-key": headers["idempotency-key"] });
    const waiting = api.fetch("/v1/runs", user.token, { json: submission, headers });
    await (await worker.claim(run.id)).complete({ plan_name: "Done" });
    const response = await waiting;
    expect(response.status).toBe(200);
    expect(response.headers.get("preference-applied")).toBe("wait=20");
    expect(await response.json()).toMatchObject({ id: run.id, output: { plan_name: "Done" } });
  });

  test("a wait that is over before the run is 202 with the run as it is", async () => {
    const headers = { prefer: "wait=0" };
    const response = await api.fetch("/v1/runs", user.token, { json: submission, headers });
    expect(response.status).toBe(202);
    expect(await response.json()).toMatchObject({ status: "running" });
  });

  test("a poll that waits answers when the run ends", async () => {
    const run = await submit();
    const polling = api.fetch(`/v1/runs/${run.id}?wait=20`, user.token);
    await (await worker.claim(run.id)).fail("gateway_error", "The AI service failed.");
    expect(await (await polling).json()).toMatchObject({ status: "failed" });
  });

  test("a poll that knows the run as it is gets 304", async () => {
    const run = await submit();
    const etag = (await find(run.id)).headers.get("etag") ?? "";
    const headers = { "if-none-match": `W/${etag}` };
    const known = await api.fetch(`/v1/runs/${run.id}`, user.token, { headers });
    expect([known.status, await known.text()]).toEqual([304, ""]);
    await (await worker.claim(run.id)).complete({});
    expect((await api.fetch(`/v1/runs/${run.id}`, user.token, { headers })).status).toBe(200);
  });
});

describe("listing", () => {
  test("pages hold every run once, newest first", async () => {
    const fresh = await createTenant();
    for (let count = 0; count < 5; count += 1) {
      await api.fetch("/v1/runs", fresh.user.token, { json: submission });
    }
    const seen: string[] = [];
    let path: string | null = "/v1/runs?limit=2&mode=plan-90day&status=running";
    while (path) {
      const page = runPageSchema.parse(await (await api.fetch(path, fresh.user.token)).json());
      seen.push(...page.runs.map(({ created_at }) => created_at));
      path = page.next && `/v1/runs?limit=2&before=${encodeURIComponent(page.next)}`;
    }
    expect(seen).toHaveLength(5);
    expect(seen).toEqual(seen.toSorted().reverse());
  });
});

describe("cancelling and retrying", () => {
  test("a queued run is cancelled at once, cancelling is idempotent, and its readers get the ending", async () => {
    const run = await submit();
    const stream = readSse(await api.fetch(`/v1/runs/${run.id}/events`, user.token));
    await stream.until(({ event }) => event === "run");
    for (let count = 0; count < 2; count += 1) {
      const response = await api.fetch(`/v1/runs/${run.id}/cancel`, user.token, { method: "POST" });
      expect(response.status).toBe(200);
      expect(await response.json()).toMatchObject({ status: "cancelled" });
    }
    const rest = await stream.rest();
    expect(rest.map(({ event }) => event)).toEqual(["cancelled"]);
  });

  test("a run in work is 202 until its worker has stopped", async () => {
    const run = await submit();
    const attempt = await worker.claim(run.id);
    const cancel = () => api.fetch(`/v1/runs/${run.id}/cancel`, user.token, { method: "POST" });
    expect((await cancel()).status).toBe(202);
    await attempt.obeyCancel();
    expect((await cancel()).status).toBe(200);
  });

  test("a retry is a new run of the same", async () => {
    const run = await submit();
    const retry = () => api.fetch(`/v1/runs/${run.id}/retry`, user.token, { method: "POST" });
    await (await worker.claim(run.id)).fail("gateway_error", "The AI service failed.");
    const response = await retry();
    expect(response.status).toBe(202);
    const again = runSchema.parse(await response.json());
    expect(again).toMatchObject({ retry_of: run.id, input: run.input, mode: run.mode });
    expect(again.id).not.toBe(run.id);
  });
});
