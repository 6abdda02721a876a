/** The addresses of the replaced functions: what the existing front end relies on. */
import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import { type Run, runPageSchema } from "@cmo/shared/contract";
import { createClient, FunctionsHttpError } from "@supabase/supabase-js";
import { afterAll, describe, expect, test } from "vitest";
import { startApi } from "../support/api.ts";
import { eventually } from "../support/eventually.ts";
import { createScriptedWorker } from "../support/scripted-worker.ts";
import { readSse } from "../support/sse.ts";
import { createTenant, type TestUser } from "../support/tenant.ts";

const upstream = createServer((request, response) => {
  response.writeHead(200, { "content-type": "application/json" });
  response.end(JSON.stringify({ forwarded: request.url, as: request.headers.authorization }));
});
await new Promise<void>((resolve) => {
  upstream.listen(0, "127.0.0.1", resolve);
});
afterAll(() => upstream.close());
const address = upstream.address();
const upstreamPort = typeof address === "object" ? address?.port : 0;

const api = await startApi({ DEFER_STATUS_MS: "400", SSE_KEEP_ALIVE_MS: "50" });
const patient = await startApi();
const forwarding = await startApi({
  FUNCTIONS_UPSTREAM_URL: `http://127.0.0.1:${upstreamPort}/functions/v1`,
});
const worker = await createScriptedWorker();

/** The one run of a user who has just submitted it through a request that is still open. */
async function runOf(user: TestUser): Promise<Run["id"]> {
  const runs = await eventually(
    async () => {
      const response = await api.fetch("/v1/runs?status=running", user.token);
      return runPageSchema.parse(await response.json()).runs;
    },
    (found) => found.length > 0,
  );
  return runs[0]?.id ?? "";
}

const PLAN = "/functions/v1/cmo-plan-90day";
const KERNEL = "/functions/v1/cmo-kernel";

describe("an agent's address", () => {
  test("streams the draft, then the validated block, then [DONE], then closes", async () => {
    const { user, workspaceId } = await createTenant();
    const json = { workspaceId, primaryGoal: "Grow", constraints: "", unknown: 1 };
    const answering = patient.fetch(PLAN, user.token, { json });
    const attempt = await worker.claim(await runOf(user));
    await attempt.say('{"plan_name":');
    const response = await answering;
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
    expect(response.headers.get("access-control-allow-origin")).toBe("*");
    expect(response.headers.get("x-cmo-mode")).toBe("strategy");
    expect(response.headers.get("x-cmo-ignored")).toBe("unknown");
    await attempt.say('"P"}');
    await attempt.complete({ plan_name: "P" });

    const events = await readSse(response).rest();
    expect(events.pop()?.data).toBe("[DONE]");
    const chunks = events.map(({ data }) => JSON.parse(data));
    expect(chunks.every(({ object }) => object === "chat.completion.chunk")).toBe(true);
    expect(chunks.at(-1).choices[0].finish_reason).toBe("stop");
    const text = chunks.map(({ choices }) => choices[0].delta.content ?? "").join("");
    expect(text).toBe(
      '```json\n{"plan_name":"P"}\n```\n\n```json:plan\n{\n  "plan_name": "P"\n}\n```\n',
    );
  });

  test("gives the plan in the order in which people read it, as a block and as JSON", async () => {
    const { user } = await createTenant();
    const answering = patient.fetch(PLAN, user.token, { json: {} });
    const id = await runOf(user);
    const plan = { plan_name: "P", executive_summary: "S", channel_mix: [] };
    await (await worker.claim(id)).complete(plan);
    const chunks = (await readSse(await answering).rest()).slice(0, -1);
    const text = chunks.map(({ data }) => JSON.parse(data).choices[0].delta.content ?? "").join("");
    expect(text).toBe(`\`\`\`json:plan\n${JSON.stringify(plan, null, 2)}\n\`\`\`\n`);
    const run = await (await api.fetch(`/v1/runs/${id}`, user.token)).text();
    expect(run).toContain(`"output":${JSON.stringify(plan)}`);
  });

  test("is stored with what the agent knows, unsaved, under the function's name", async () => {
    const { user, workspaceId } = await createTenant();
    const json = { workspace_id: workspaceId, tenant_id: user.id, primary_goal: "Grow", odd: 1 };
    const left = new AbortController();
    const answering = patient.fetch(PLAN, user.token, { json, signal: left.signal });
    const id = await runOf(user);
    const run = await (await api.fetch(`/v1/runs/${id}`, user.token)).json();
    expect(run).toMatchObject({
      agent: "cmo-plan-90day",
      input: { primaryGoal: "Grow" },
      save_artifacts: false,
      on_rate_limit: "fail",
      workspace_id: workspaceId,
    });
    left.abort();
    await expect(answering).rejects.toThrow("aborted");
  });

  test("a failure before the first text is a real status with the sentence", async () => {
    for (const [code, status, error] of [
      ["rate_limited", 429, "Rate limits exceeded"],
      ["payment_required", 402, "Payment required"],
      ["gateway_error", 500, "A sentence."],
    ] as const) {
      const { user } = await createTenant();
      const answering = patient.fetch(PLAN, user.token, { json: {} });
      await (await worker.claim(await runOf(user))).fail(code, "A sentence.");
      const response = await answering;
      expect(response.status).toBe(status);
      expect(await response.json()).toMatchObject({ error, code, detail: "A sentence." });
      expect(response.headers.has("retry-after")).toBe(code === "rate_limited");
    }
  });

  test("a failure after text is a sentence, an error and [DONE]", async () => {
    const { user } = await createTenant();
    const answering = patient.fetch(PLAN, user.token, { json: {} });
    const id = await runOf(user);
    const attempt = await worker.claim(id);
    await attempt.say("{");
    const response = await answering;
    await attempt.fail("incomplete_stream", "The AI service stopped mid-answer.");
    const events = await readSse(response).rest();
    expect(events.pop()?.data).toBe("[DONE]");
    const last = JSON.parse(events.at(-1)?.data ?? "");
    expect(last).toMatchObject({ error: { code: "incomplete_stream" }, run_id: id });
  });

  test("a silent agent gets its 200 and keep-alive spaces when the status is deferred no longer", async () => {
    const { user } = await createTenant();
    const response = await api.fetch(PLAN, user.token, { json: {} });
    expect(response.status).toBe(200);
    const reader = response.body?.getReader();
    let text = "";
    while (!text.includes(": keep-alive\n\n")) {
      text += new TextDecoder().decode((await reader?.read())?.value);
    }
    await reader?.cancel();
  });

  test("who leaves takes nothing with them: the run goes on", async () => {
    const { user } = await createTenant();
    const left = new AbortController();
    const answering = patient.fetch(PLAN, user.token, { json: {}, signal: left.signal });
    const id = await runOf(user);
    const attempt = await worker.claim(id);
    await attempt.say("{");
    await answering;
    left.abort();
    await attempt.complete({ plan_name: "P" });
    const run = await (await api.fetch(`/v1/runs/${id}`, user.token)).json();
    expect(run).toMatchObject({ status: "completed", cancel_requested_at: null });
  });

  test("a second attempt closes the draft and begins another", async () => {
    const { user } = await createTenant();
    const answering = patient.fetch(PLAN, user.token, { json: {} });
    const id = await runOf(user);
    const first = await worker.claim(id);
    await first.say("{half");
    const response = await answering;
    await first.release();
    const second = await worker.claim(id);
    await second.say("{}");
    await second.complete({ plan_name: "P" });
    const events = (await readSse(response).rest()).slice(0, -1);
    const text = events.map(({ data }) => JSON.parse(data).choices[0].delta.content ?? "").join("");
    expect(text).toMatch(
      /^```json\n\{half\n```\n\n.*restarts\.\n\n```json\n\{\}\n```\n\n```json:plan\n/,
    );
  });
});

describe("the kernel", () => {
  test("answers functions.invoke of the Supabase client with data and result", async () => {
    const { user, workspaceId } = await createTenant();
    const client = createClient(patient.url, "sb_publishable_x", {
      accessToken: async () => user.token,
    });
    const body = {
      mode: "plan-90day",
      tenant_id: user.id,
      workspace_id: "",
      payload: { workspace_id: workspaceId, prompt: "Grow" },
    };
    const invoking = client.functions.invoke("cmo-kernel", { body });
    const id = await runOf(user);
    await (await worker.claim(id)).complete({ plan_name: "P" });
    const { data, error } = await invoking;
    expect(error).toBeNull();
    expect(data).toEqual({
      success: true,
      mode: "plan-90day",
      duration_ms: expect.any(Number),
      run_id: id,
      data: { plan_name: "P" },
      result: { plan_name: "P" },
    });
  });

  test("takes the body that the client sends as text", async () => {
    const { user } = await createTenant();
    const response = await patient.fetch(KERNEL, user.token, {
      method: "POST",
      headers: { "content-type": "text/plain;charset=UTF-8", prefer: "respond-async" },
      json: { mode: "strategy", payload: {} },
    });
    expect(response.status).toBe(202);
    const run_id = response.headers.get("x-run-id");
    expect(response.headers.get("location")).toBe(`/v1/runs/${run_id}`);
    expect(await response.json()).toMatchObject({ success: true, status: "running", run_id });
  });

  test("a failure keeps its status and says success: false", async () => {
    const { user } = await createTenant();
    const client = createClient(patient.url, "sb_publishable_x", {
      accessToken: async () => user.token,
    });
    const invoking = client.functions.invoke("cmo-kernel", { body: { mode: "strategy" } });
    await (await worker.claim(await runOf(user))).fail("payment_required", "No credits left.");
    const { error } = await invoking;
    if (!(error instanceof FunctionsHttpError)) throw new Error(`Unexpected: ${error}`);
    expect(error.context.status).toBe(402);
    expect(await error.context.json()).toMatchObject({ success: false, error: "Payment required" });
  });

  test("a long run's JSON is preceded by spaces and is still JSON", async () => {
    for (const ending of ["complete", "fail"] as const) {
      const { user } = await createTenant();
      const answering = api.fetch(KERNEL, user.token, { json: { mode: "strategy" } });
      const id = await runOf(user);
      const attempt = await worker.claim(id);
      const response = await answering;
      expect(response.status).toBe(200);
      if (ending === "complete") await attempt.complete({ plan_name: "P" });
      else await attempt.fail("gateway_error", "The AI service failed.");
      const text = await response.text();
      expect(text).toMatch(/^ +\{/);
      const success = ending === "complete";
      const rest = success ? { data: { plan_name: "P" } } : { code: "gateway_error" };
      expect(JSON.parse(text)).toMatchObject({ success, run_id: id, ...rest });
    }
  });

  test("streams for those who accept a stream", async () => {
    const { user } = await createTenant();
    const answering = patient.fetch(KERNEL, user.token, {
      json: { mode: "strategy" },
      headers: { accept: "text/event-stream" },
    });
    await (await worker.claim(await runOf(user))).complete({ plan_name: "P" });
    expect(await (await answering).text()).toContain("json:plan");
  });

  test("a mode that is not ours is refused with those that are, or forwarded", async () => {
    const { user } = await createTenant();
    const json = { mode: "campaign-builder", tenant_id: randomUUID(), payload: {} };
    const refused = await patient.fetch(KERNEL, user.token, { json });
    expect(refused.status).toBe(400);
    expect(await refused.json()).toMatchObject({
      success: false,
      code: "unknown_mode",
      validModes: expect.arrayContaining(["setup", "plan-90day"]),
    });

    const forwarded = await forwarding.fetch(KERNEL, user.token, { json });
    expect(await forwarded.json()).toEqual({
      forwarded: "/functions/v1/cmo-kernel",
      as: `Bearer ${user.token}`,
    });
  });
});
