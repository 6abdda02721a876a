import { agentCatalog, catalogEntry } from "@cmo/agents/catalog";
import type { RunMode } from "@cmo/shared/contract";
import type { ChatCompletionChunk } from "openai/resources/chat/completions";
import { Stream } from "openai/streaming";
import { describe, expect, inject, test } from "vitest";
import { DEMO_WORKSPACE, signInDemoUser } from "../support/demo-user.ts";
import { collectBytes, findBlock, readAsScreen } from "../support/screen-parser.ts";

const { supabaseUrl, publishableKey } = inject("stack");
const user = await signInDemoUser();

/** As the screens call it, but for the session's token in place of the project's key. */
function callFunction(name: string, body: object, token = user.token): Promise<Response> {
  return fetch(`${supabaseUrl}/functions/v1/${name}`, {
    method: "POST",
    headers: { "Content-Type": "application/json", Authorization: `Bearer ${token}` },
    body: JSON.stringify(body),
  });
}

async function callAndRead(name: string, body: object) {
  const response = await callFunction(name, body);
  expect(response.status, response.headers.get("content-type") ?? "").toBe(200);
  return { response, content: readAsScreen(await collectBytes(response)) };
}

const REQUESTS: Record<Exclude<RunMode, "setup">, object> = {
  strategy: {
    primaryGoal: "60 new offices",
    budget: 20_000,
    focusAreas: ["Lead Generation"],
    startDate: "2027-01-04",
  },
  funnels: { funnelType: "marketing" },
  campaigns: { goal: "lead_gen", preferredChannels: ["linkedin"], budgetNotes: "small" },
  content: { funnelStage: "consideration", channels: ["email"] },
  optimization: { period: "last_30_days" },
};

describe("the existing front end, with only the address switched", () => {
  test.each(agentCatalog.filter(({ reply }) => reply === "json"))(
    "the screen's parser finds $tag in the stream of $name, valid to the schema",
    async ({ mode, name, tag, output }) => {
      const request = REQUESTS[mode as keyof typeof REQUESTS];
      const { response, content } = await callAndRead(name, {
        workspaceId: DEMO_WORKSPACE,
        ...request,
      });
      expect(response.headers.get("content-type")).toMatch(/^text\/event-stream/);
      const block = findBlock(content, tag ?? "");
      expect(output.safeParse(block).error).toBeUndefined();
      // What moved on the screen while it was written.
      expect(content).toMatch(/^```json\n\{/);
    },
  );

  test("the plan that the planner reads can be saved as the planner saves it", async () => {
    const { content } = await callAndRead("cmo-plan-90day", {
      workspaceId: DEMO_WORKSPACE,
      ...REQUESTS.strategy,
    });
    const plan = findBlock(content, "plan");
    const { plan_name, executive_summary, primary_objectives, key_metrics, budget_allocation } =
      plan ?? {};
    const { data, error } = await user.supabase
      .from("cmo_marketing_plans")
      .insert({
        workspace_id: DEMO_WORKSPACE,
        created_by: user.userId,
        plan_name,
        plan_type: "90-day",
        status: "draft",
        start_date: "2027-01-04",
        executive_summary,
        primary_objectives,
        key_metrics,
        budget_allocation,
        month_1_plan: plan?.["month_1_plan"],
      })
      .select()
      .single();
    expect(error).toBeNull();
    expect(data.tenant_id).toMatch(/^[0-9a-f-]{36}$/);
  });

  test("brand intake talks without any workspace in its body, and its blocks can be saved", async () => {
    const { content } = await callAndRead("cmo-brand-intake", {
      messages: [
        { role: "user", content: "I'm ready to start." },
        { role: "assistant", content: "Welcome! Tell me about your company." },
        { role: "user", content: "We are Kade Coffee Roasters and deliver coffee to offices." },
      ],
      currentStep: "brand",
      existingData: { icp: [], offers: [] },
    });
    const brand = findBlock(content, "brand");
    expect(brand).toMatchObject({ brand_name: expect.any(String) });
    expect(content.replace(/```json:\w+\n[\s\S]*?\n```/g, "").trim()).not.toBe("");

    const saveBrand = (values: object) =>
      user.supabase
        .from("cmo_brand_profiles")
        .upsert(
          { workspace_id: DEMO_WORKSPACE, created_by: user.userId, ...values },
          { onConflict: "workspace_id" },
        );
    const before = await user.supabase
      .from("cmo_brand_profiles")
      .select()
      .eq("workspace_id", DEMO_WORKSPACE)
      .single();
    expect((await saveBrand({ ...brand })).error).toBeNull();
    // Other tests talk about the brand that the workspace had.
    const had = Object.entries(before.data ?? {}).filter(([name]) => name in { ...brand });
    expect((await saveBrand(Object.fromEntries(had))).error).toBeNull();
  });

  test("supabase.functions.invoke of the kernel runs to the end and answers data and result", async () => {
    const { data, error } = await user.supabase.functions.invoke("cmo-kernel", {
      body: {
        mode: "plan-90day",
        tenant_id: user.userId,
        workspace_id: DEMO_WORKSPACE,
        payload: { workspace_id: DEMO_WORKSPACE, prompt: "Win 60 new offices" },
      },
    });
    expect(error).toBeNull();
    expect(data).toMatchObject({
      success: true,
      mode: "plan-90day",
      duration_ms: expect.any(Number),
    });
    expect(data.result).toEqual(data.data);
    expect(catalogEntry("strategy").output.safeParse(data.data).error).toBeUndefined();

    const { data: row } = await user.supabase
      .from("agent_runs")
      .select()
      .eq("id", data.run_id)
      .single();
    expect(row).toMatchObject({
      agent: "cmo-plan-90day",
      mode: "strategy",
      status: "completed",
      workspace_id: DEMO_WORKSPACE,
      created_by: user.userId,
      output: data.data,
      completed_at: expect.any(String),
    });
  });

  test("supabase.functions.invoke of an agent hands the stream over", async () => {
    const { data, error } = await user.supabase.functions.invoke("cmo-funnel-architect", {
      body: { workspaceId: DEMO_WORKSPACE, funnelType: "sales" },
    });
    expect(error).toBeNull();
    expect(data).toBeInstanceOf(Response);
    expect(findBlock(readAsScreen(await collectBytes(data)), "funnel")).not.toBeNull();
  });

  test("the official openai package reads the stream whole", async () => {
    const response = await callFunction("cmo-content-engine", {
      workspaceId: DEMO_WORKSPACE,
      ...REQUESTS.content,
    });
    // Read at the same time: of two readers of one body the slower one holds the other back.
    const copy = collectBytes(response.clone());
    const stream = Stream.fromSSEResponse<ChatCompletionChunk>(response, new AbortController());
    let content = "";
    let finishReason: string | null | undefined;
    for await (const chunk of stream) {
      content += chunk.choices[0]?.delta.content ?? "";
      finishReason = chunk.choices[0]?.finish_reason ?? finishReason;
    }
    expect(finishReason).toBe("stop");
    expect(content).toBe(readAsScreen(await copy));
    expect(findBlock(content, "content")).not.toBeNull();
  });
});

describe("what the gateway answers reaches the caller as a real status", () => {
  test.each([
    ["429", 429, "Rate limits exceeded"],
    ["402", 402, "Payment required"],
    [
      "500",
      500,
      "The AI service had a problem and gave no usable answer. Run this again in a few minutes.",
    ],
  ])("a gateway's %s is %i with { error }", async (fault, status, sentence) => {
    const response = await callFunction("cmo-plan-90day", {
      workspaceId: DEMO_WORKSPACE,
      primaryGoal: `Grow [[fault:${fault}]]`,
    });
    expect(response.status).toBe(status);
    expect(response.headers.get("access-control-allow-origin")).toBe("*");
    expect(await response.json()).toMatchObject({ error: sentence });
  });
});

describe("who is not let in", () => {
  test.each([
    ["no token at all", undefined, "missing_token"],
    ["the project's key", publishableKey, "project_key_sent_as_token"],
    ["a token that nobody signed", "a.b.c", "invalid_token"],
  ])("%s is 401 with a code that says what is wrong", async (_, token, code) => {
    const response = await fetch(`${supabaseUrl}/functions/v1/cmo-kernel`, {
      method: "POST",
      headers: token ? { Authorization: `Bearer ${token}` } : {},
      body: "{}",
    });
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({
      error: expect.stringMatching(/^Unauthorized\. ./),
      code,
    });
  });

  test("a preflight is answered for every function, with the headers that browsers ask for", async () => {
    for (const name of ["cmo-kernel", ...agentCatalog.map((card) => card.name)]) {
      const response = await fetch(`${supabaseUrl}/functions/v1/${name}`, { method: "OPTIONS" });
      expect(response.ok).toBe(true);
      expect(response.headers.get("access-control-allow-origin")).toBe("*");
      const allowed = response.headers.get("access-control-allow-headers")?.toLowerCase() ?? "";
      for (const header of ["authorization", "x-client-info", "apikey", "content-type"]) {
        expect(allowed).toContain(header);
      }
    }
  });
});
