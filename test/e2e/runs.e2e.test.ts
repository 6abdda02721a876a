import { runSchema } from "@cmo/shared/contract";
import { describe, expect, inject, test } from "vitest";
import { DEMO_WORKSPACE, signInDemoUser } from "../support/demo-user.ts";
import { foldText, isEnding, type ReceivedEvent, receiveEvents } from "../support/events.ts";
import { eventually } from "../support/eventually.ts";
import { gatewayCalls } from "../support/gateway-record.ts";
import { processesOf } from "../support/processes.ts";

const user = await signInDemoUser();
const { supabaseUrl, publishableKey } = inject("stack");

async function submit(payload: Record<string, unknown>, headers: Record<string, string> = {}) {
  const body = JSON.stringify({ mode: "strategy", workspace_id: DEMO_WORKSPACE, payload });
  const response = await user.api("/v1/runs", { method: "POST", body, headers });
  return { response, run: runSchema.parse(await response.clone().json()) };
}

const read = async (id: string, query = "") =>
  runSchema.parse(await (await user.api(`/v1/runs/${id}${query}`)).json());

const waitForEnd = (id: string) =>
  eventually(
    () => read(id, "?wait=10"),
    ({ status }) => status !== "running",
    40_000,
  );

async function readAll(id: string, after?: string): Promise<ReceivedEvent[]> {
  const headers = after === undefined ? {} : { "last-event-id": after };
  const response = await user.api(`/v1/runs/${id}/events`, { headers });
  return Array.fromAsync(receiveEvents(response));
}

/** What the demo gateway says it sent in one call of a run. */
async function sentText(runId: string, call: string): Promise<string> {
  const calls = await gatewayCalls(runId);
  return calls.find(({ requestId }) => requestId === `${runId}-${call}`)?.textSent ?? "";
}

describe("submit and poll", () => {
  test("a run is accepted at once, and polling finds it completed with its output saved", async () => {
    const { response, run } = await submit({ primaryGoal: "60 new offices", budget: 12_000 });
    expect(response.status).toBe(202);
    expect(response.headers.get("location")).toBe(`/v1/runs/${run.id}`);
    expect(run).toMatchObject({ status: "running", agent: "cmo-plan-90day", mode: "strategy" });

    const ended = await waitForEnd(run.id);
    expect(ended).toMatchObject({ status: "completed", attempt: 1, error_code: null });
    const [artifact] = ended.artifacts;
    expect(ended.artifacts).toEqual([
      {
        table: "cmo_marketing_plans",
        id: expect.any(String),
        href: `/rest/v1/cmo_marketing_plans?id=eq.${artifact?.id}`,
      },
    ]);
    const linked = await fetch(`${supabaseUrl}${artifact?.href}`, {
      headers: { apikey: publishableKey, authorization: `Bearer ${user.token}` },
    });
    expect(await linked.json()).toMatchObject([{ id: artifact?.id, agent_run_id: run.id }]);
    const { data: plan } = await user.supabase
      .from("cmo_marketing_plans")
      .select()
      .eq("id", ended.artifacts[0]?.id ?? "")
      .single();
    expect(plan).toMatchObject({
      workspace_id: DEMO_WORKSPACE,
      tenant_id: ended.tenant_id,
      created_by: user.userId,
      agent_run_id: run.id,
      plan_name: ended.output?.["plan_name"],
    });
  });

  test("a caller that prefers to wait gets the finished run in one answer", async () => {
    const { response, run } = await submit({}, { prefer: "wait=30" });
    expect(response.status).toBe(200);
    expect(response.headers.get("preference-applied")).toBe("wait=30");
    expect(run.status).toBe("completed");
  });

  test("the same Idempotency-Key is the same run", async () => {
    const headers = { "idempotency-key": crypto.randomUUID() };
    const first = await submit({ primaryGoal: "A" }, headers);
    const second = await submit({ primaryGoal: "A" }, headers);
    expect(second.run.id).toBe(first.run.id);
    expect(second.response.headers.get("idempotency-replayed")).toBe("true");
  });
});

describe("the stream", () => {
  test("the text that a reader folds is what the gateway sent, byte for byte, and what the row holds", async () => {
    const { run } = await submit({ primaryGoal: "Überall Kaffee ☕️" });
    const events = await readAll(run.id);
    const ended = await read(run.id);
    expect(events.at(-1)?.type).toBe("completed");
    expect(events.filter(isEnding)).toHaveLength(1);
    expect(foldText(events)).toBe(await sentText(run.id, "1-1"));
    expect(foldText(events)).toBe(ended.output_text);
    expect(events.at(-1)?.data["text_length"]).toBe(foldText(events).length);
  });

  test("a reader that reconnects at any cursor misses nothing and repeats nothing", async () => {
    const { run } = await submit({ primaryGoal: "Reconnect" });
    const whole = (await readAll(run.id)).filter(({ id }) => id !== undefined);
    const ids = whole.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const at of [0, 1, Math.floor(ids.length / 2), ids.length - 2]) {
      const rest = (await readAll(run.id, ids[at])).filter(({ id }) => id !== undefined);
      expect(rest).toEqual(whole.slice(at + 1));
    }
    const after = await user.api(`/v1/runs/${run.id}/events`, {
      headers: { "last-event-id": ids.at(-1) ?? "" },
    });
    expect(after.status).toBe(204);
  });

  test("a reader that leaves changes nothing for the run", async () => {
    const { run } = await submit({ primaryGoal: "Leave" });
    const leaving = new AbortController();
    const response = await user.api(`/v1/runs/${run.id}/events`, { signal: leaving.signal });
    for await (const { type } of receiveEvents(response)) if (type === "delta") break;
    leaving.abort();
    expect((await waitForEnd(run.id)).status).toBe("completed");
  });

  test("two readers of one run receive the same", async () => {
    const { run } = await submit({ primaryGoal: "Together" });
    const [one, two] = await Promise.all([readAll(run.id), readAll(run.id)]);
    const logged = (events: ReceivedEvent[]) => events.filter(({ id }) => id !== undefined);
    expect(foldText(one)).toBe(foldText(two));
    expect(logged(one)).toEqual(logged(two));
  });
});

describe("when things go wrong", () => {
  test("a cancelled run ends for its reader, keeps its text and never completes", async () => {
    const { run } = await submit({ primaryGoal: "Stop [[fault:slow]]" });
    const response = await user.api(`/v1/runs/${run.id}/events`);
    const events: ReceivedEvent[] = [];
    for await (const event of receiveEvents(response)) {
      events.push(event);
      if (event.type !== "delta" || events.filter(({ type }) => type === "delta").length > 1)
        continue;
      const cancel = await user.api(`/v1/runs/${run.id}/cancel`, { method: "POST" });
      expect(cancel.status).toBe(202);
    }
    expect(events.at(-1)?.type).toBe("cancelled");
    const ended = await read(run.id);
    expect(ended.status).toBe("cancelled");
    expect(ended.output_text).toBe(foldText(events));
    expect(ended.output_text).not.toBe("");
  });

  test.each(["reset-mid-stream", "truncated"])(
    "text of an attempt whose gateway failed (%s) is withdrawn, and the next one's is whole",
    async (fault) => {
      const { run } = await submit({ primaryGoal: `Again [[fault:${fault}-once]]` });
      const events = await readAll(run.id);
      const ended = await read(run.id);
      expect(ended).toMatchObject({ status: "completed", attempt: 2 });
      expect(foldText(events)).toBe(ended.output_text);
      expect(ended.output_text).toBe(await sentText(run.id, "2-1"));
    },
  );

  test("an answer of the wrong shape fails with a sentence, and its text is kept", async () => {
    const { run } = await submit({ primaryGoal: "Odd [[fault:invalid-output]]" });
    const ended = await waitForEnd(run.id);
    expect(ended).toMatchObject({ status: "failed", error_code: "invalid_output" });
    expect(ended.output_text).not.toBe("");
    expect(ended.error_message).toMatch(/\w+.*\./);
  });

  test("a failed run can be tried again as a new one", async () => {
    const { run } = await submit({ primaryGoal: "Pay [[fault:402]]" });
    expect(await waitForEnd(run.id)).toMatchObject({
      status: "failed",
      error_code: "payment_required",
    });
    const response = await user.api(`/v1/runs/${run.id}/retry`, { method: "POST" });
    expect(response.status).toBe(202);
    const again = runSchema.parse(await response.json());
    expect(again).toMatchObject({ retry_of: run.id, input: run.input, mode: run.mode });
    expect(again.id).not.toBe(run.id);
    await waitForEnd(again.id);
  });

  test("when every worker is killed mid-word, others take over and the half answer is withdrawn", async () => {
    const { run } = await submit({ primaryGoal: "Survive [[fault:slow-once]]" });
    const response = await user.api(`/v1/runs/${run.id}/events`);
    const events: ReceivedEvent[] = [];
    let killed = false;
    for await (const event of receiveEvents(response)) {
      events.push(event);
      if (event.type !== "delta" || killed) continue;
      killed = true;
      for (const { pid } of processesOf("worker")) process.kill(pid, "SIGKILL");
    }
    const ended = await read(run.id);
    expect(ended).toMatchObject({ status: "completed", attempt: 2 });
    const second = events.find(({ type, data }) => type === "attempt" && data["attempt"] === 2);
    expect(second?.data).toMatchObject({ reset: true, reason: "worker_lost" });
    expect(foldText(events)).toBe(ended.output_text);
    expect(ended.output_text).toBe(await sentText(run.id, "2-1"));
  });
});
