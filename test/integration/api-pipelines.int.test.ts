/** Pipelines over HTTP with real workers: one stream for the chain, resumable across its steps. */
import {
  comparePipelineCursors,
  type Pipeline,
  parsePipelineCursor,
  pipelineSchema,
  problemSchema,
  runSchema,
} from "@cmo/shared/contract";
import { startWorker } from "@cmo/worker";
import { describe, expect, test } from "vitest";
import { startApi } from "../support/api.ts";
import { closeAfter } from "../support/close-after.ts";
import { foldText, type ReceivedEvent, receiveEvents } from "../support/events.ts";
import { query } from "../support/query.ts";
import { createTenant } from "../support/tenant.ts";
import { openWorkerDeps } from "../support/worker.ts";

const api = await startApi({ SSE_KEEP_ALIVE_MS: "500" });
const { tenantId, user, workspaceId } = await createTenant();
const worker = await startWorker(
  await openWorkerDeps({ WORKER_TENANTS: tenantId, QUEUE_PREFIX: api.queuePrefix }),
);
closeAfter(() => worker.stop());
await query(
  "insert into public.cmo_brand_profiles (workspace_id, created_by, brand_name) values ($1, $2, 'B')",
  [workspaceId, user.id],
);

async function submit(json: object, headers: Record<string, string> = {}): Promise<Pipeline> {
  const response = await api.fetch("/v1/pipelines", user.token, { json, headers });
  const body: unknown = await response.json();
  if (response.status !== 202) throw new Error(JSON.stringify(body));
  return pipelineSchema.parse(body);
}

async function read(id: string, query = ""): Promise<Pipeline> {
  return pipelineSchema.parse(
    await (await api.fetch(`/v1/pipelines/${id}${query}`, user.token)).json(),
  );
}

async function follow(id: string, after?: string): Promise<ReceivedEvent[]> {
  const headers = after === undefined ? {} : { "last-event-id": after };
  const response = await api.fetch(`/v1/pipelines/${id}/events`, user.token, { headers });
  return Array.fromAsync(receiveEvents(response));
}

const quickly = (fault = "slow@5000") => ({ prompt: `Grow [[fault:${fault}]]` });
const withIds = (events: readonly ReceivedEvent[]) => events.filter(({ id }) => id !== undefined);

describe("a pipeline over HTTP", () => {
  test("is accepted, followed in one stream to its one end, and taken up again anywhere", async () => {
    const pipeline = await submit({ steps: ["strategy", "funnels"], payload: quickly() });
    const events = await follow(pipeline.id);
    const done = await read(pipeline.id);
    expect(done).toMatchObject({ status: "completed", step: 2 });
    expect(events[0]).toMatchObject({ id: undefined, type: "pipeline" });
    const said = (wanted: string) =>
      events.filter(({ type }) => type === wanted).map(({ data }) => data);
    expect(said("step")).toEqual(
      done.runs.map(({ mode, id }, index) => ({
        type: "step",
        step: index + 1,
        mode,
        run_id: id,
      })),
    );
    expect(said("step_ended")).toMatchObject([{ status: "completed" }, { status: "completed" }]);
    expect(said("completed")).toEqual([
      { type: "completed", artifacts: done.runs.flatMap(({ artifacts }) => artifacts) },
    ]);
    expect(events.at(-1)?.id).toBe("end");
    const planId = done.runs[0]?.artifacts[0]?.id;
    expect(done.runs[0]?.artifacts[0]?.href).toBe(`/rest/v1/cmo_marketing_plans?id=eq.${planId}`);

    const whole = withIds(events);
    const places = whole.slice(0, -1).map(({ id }) => parsePipelineCursor(id ?? ""));
    places.slice(1).forEach((place, index) => {
      const before = places[index];
      expect(place && before && comparePipelineCursors(place, before)).toBeGreaterThan(0);
    });
    const second = whole.findIndex(({ type, data }) => type === "step" && data["step"] === 2);
    for (const at of [0, 1, second - 2, second - 1, second, second + 1, whole.length - 2]) {
      expect(withIds(await follow(pipeline.id, whole[at]?.id))).toEqual(whole.slice(at + 1));
    }
    const after = await api.fetch(`/v1/pipelines/${pipeline.id}/events?after=end`, user.token);
    expect(after.status).toBe(204);
    const stepTwo = whole.slice(second);
    const row = await api.fetch(`/v1/runs/${done.runs[1]?.id}`, user.token);
    expect(foldText(stepTwo)).toBe(runSchema.parse(await row.json()).output_text);
  });

  test("says where it stopped, and waits for that if asked to", async () => {
    const pipeline = await submit({
      steps: ["strategy", "funnels"],
      payload: { ...quickly(), funnels: quickly("402") },
    });
    const ended = await read(pipeline.id, "?wait=30");
    expect(ended).toMatchObject({
      status: "failed",
      failed_step: "funnels",
      error_code: "payment_required",
      runs: [{ status: "completed" }, { status: "failed" }],
    });
    const events = await follow(pipeline.id);
    expect(events.at(-1)).toMatchObject({
      id: "end",
      type: "failed",
      data: { failed_step: "funnels", code: "payment_required", error: ended.error_message },
    });
  });

  test("is cancelled as a whole: the active step stops, its reader gets the ending, and cancelling is idempotent", async () => {
    const pipeline = await submit({
      steps: ["strategy", "funnels"],
      payload: quickly("hang-mid-stream"),
    });
    const response = await api.fetch(`/v1/pipelines/${pipeline.id}/events`, user.token);
    const events: ReceivedEvent[] = [];
    for await (const event of receiveEvents(response)) {
      events.push(event);
      if (events.filter(({ type }) => type === "delta").length !== 1 || event.type !== "delta")
        continue;
      const cancel = () =>
        api.fetch(`/v1/pipelines/${pipeline.id}/cancel`, user.token, { method: "POST" });
      expect(
        [(await cancel()).status, (await cancel()).status].every((status) => status < 300),
      ).toBe(true);
    }
    expect(events.slice(-2).map(({ type }) => type)).toEqual(["step_ended", "cancelled"]);
    expect(await read(pipeline.id)).toMatchObject({
      status: "cancelled",
      runs: [{ status: "cancelled" }],
    });
  });

  test("under one Idempotency-Key is one", async () => {
    const body = { steps: ["funnels"], payload: quickly() };
    const headers = { "idempotency-key": crypto.randomUUID() };
    const first = await submit(body, headers);
    expect((await submit(body, headers)).id).toBe(first.id);
  });

  test.each([
    [
      "a member that no step takes",
      { steps: ["funnels"], payload: { budget: 1 } },
      "payload.budget",
    ],
    [
      "a wrong payload of a step",
      { steps: ["funnels"], payload: { funnels: { planId: 1 } } },
      "payload.funnels.planId",
    ],
  ])("with %s is refused with its place", async (_what, json, path) => {
    const response = await api.fetch("/v1/pipelines", user.token, { json });
    const problem = problemSchema.parse(await response.json());
    expect(response.status).toBe(400);
    expect(problem.issues?.map((issue) => issue.path)).toContain(path);
  });

  test("is not followed from a cursor of another place", async () => {
    const pipeline = await submit({ steps: ["funnels"], payload: quickly() });
    for (const after of ["2.1-0", "1.9-0", "1-0", "x"]) {
      const response = await api.fetch(
        `/v1/pipelines/${pipeline.id}/events?after=${after}`,
        user.token,
      );
      expect(problemSchema.parse(await response.json()).code).toBe("invalid_cursor");
    }
  });
});
