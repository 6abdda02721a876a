/** For tests of the engine: a run whose gateway follows a script and whose clock never waits. */
import type { AgentName, RunMode, Usage, WorkEvent } from "@cmo/shared/contract";
import { z } from "zod";
import {
  type Agent,
  type ContextSource,
  defineAgent,
  InputError,
} from "../src/agent/define-agent.ts";
import type { Finding } from "../src/agent/finding.ts";
import type { AgentOutcome } from "../src/engine/agent-outcome.ts";
import { createJsonRepairer } from "../src/engine/repair-json.ts";
import { type RunAgentDeps, runAgent } from "../src/engine/run-agent.ts";
import type { AnswerEnd, ChatRequest, Gateway } from "../src/gateway/gateway.ts";
import type { GatewayEvent } from "./gateway-event.ts";

const outputSchema = z.object({ title: z.string(), steps: z.array(z.string()).optional() });
const identity = {
  name: "cmo-plan-90day" satisfies AgentName,
  mode: "strategy" satisfies RunMode,
  title: "Planner",
  version: 1,
} as const;

/** The open findings of the planner's steps; the step `bug` throws. */
function findingsOf(step: string, i: number): readonly Finding[] {
  if (step === "bug") throw new Error("A bug in finish.");
  const message = "The step says nothing.";
  return step === "…" ? [{ kind: "missing", path: `steps[${i}]`, message, fixed: false }] : [];
}

/** A small planner that dates its output, reports empty steps and saves the output. */
export const planner: Agent = defineAgent({
  ...identity,
  reply: "json",
  tag: "plan",
  input: z.strictObject({ goal: z.string().max(20), planId: z.string().optional() }),
  output: outputSchema,
  context: async ({ db, today }, input) => {
    if (input.planId && !(await db.find("cmo_marketing_plans", input.planId))) {
      throw new InputError("This plan is not in the workspace.");
    }
    return { today };
  },
  prompt: ({ goal }) => [
    { role: "system", content: "You are a planner." },
    { role: "user", content: goal },
  ],
  finish: (output, { today }) => ({
    output: { ...output, title: `${output.title} (${today})` },
    findings: [
      { kind: "date", path: "title", message: "The date was added.", fixed: true },
      ...(output.steps ?? []).flatMap(findingsOf),
    ],
  }),
  artifacts: ({ title }, { newId, input }) => [
    { table: "cmo_marketing_plans", id: newId(), values: { title, goal: input.goal }, from: [""] },
  ],
});

export const talker: Agent = defineAgent({
  ...identity,
  reply: "prose",
  tag: null,
  input: z.strictObject({ goal: z.string() }),
  output: z.object({
    message: z.string().min(1),
    brand: z.object({ n: z.int() }).optional(),
    note: z.object({ n: z.int() }).optional(),
  }),
  context: () => Promise.resolve({}),
  prompt: () => [{ role: "system", content: "Talk." }],
  finish: (output) => ({
    output,
    findings: [],
    ...(output.brand && { progress: { percent: 50, done: ["brand"] } }),
  }),
  artifacts: () => [],
});

export const CANARY = "zq9f3a7c1e5b2d8460";

export const text = (value: string): GatewayEvent => ({ type: "text", text: value });
export const finished = (reason: "stop" | "length" | "content_filter" = "stop"): GatewayEvent => ({
  type: "finished",
  reason,
  model: "g/m-1",
});
export const failed = (
  code: Extract<GatewayEvent, { type: "failed" }>["code"],
  rest: {
    retryable?: boolean;
    retryOnce?: boolean;
    retryAfterMs?: number | null;
    pausedUntil?: string;
  } = {},
): GatewayEvent => ({
  type: "failed",
  code,
  message: "the provider's secret words",
  retryable: true,
  retryAfterMs: null,
  ...rest,
});

const ABORTED: AnswerEnd = { type: "aborted" };
/** What the HTTP gateway makes of a stream that only stops. */
const NO_END: AnswerEnd = {
  type: "failed",
  code: "incomplete_stream",
  message: "The stream has no end.",
  retryable: true,
  retryAfterMs: null,
};

/** Answers the n-th call with the n-th script and records the requests. */
function newScriptedGateway(scripts: readonly (readonly GatewayEvent[])[]) {
  const requests: ChatRequest[] = [];
  let deliveredEvents = 0;
  const gateway: Gateway = {
    async ask(request, onText) {
      const script = scripts[requests.length] ?? [];
      requests.push(request);
      let usage: Usage | null = null;
      for (const event of script) {
        await Promise.resolve();
        if (request.signal.aborted) break;
        deliveredEvents += 1;
        if (event.type === "usage") usage = event.usage;
        else if (event.type !== "text") return { usage, end: event };
        else if (!(await onText(event.text))) break;
      }
      return { usage, end: request.signal.aborted ? ABORTED : NO_END };
    },
  };
  return { gateway, requests, delivered: () => deliveredEvents };
}

/** A workspace without rows. */
export const emptySource: ContextSource = {
  db: { list: () => Promise.resolve([]), find: () => Promise.resolve(null), unread: () => [] },
  workspace: { id: "w", name: "W", time_zone: "UTC", currency: "EUR", language: "en" },
  today: "2026-11-23",
  boundary: "b",
};

export interface ScriptedRun {
  readonly outcome: AgentOutcome;
  readonly events: readonly WorkEvent[];
  readonly requests: readonly ChatRequest[];
  readonly waitsMs: readonly number[];
  readonly deliveredEvents: number;
}

export interface RunOptions extends Partial<RunAgentDeps> {
  readonly signal?: AbortSignal;
}

export async function runScripted(
  agent: Agent,
  scripts: readonly (readonly GatewayEvent[])[],
  options: RunOptions = {},
): Promise<ScriptedRun> {
  const { signal = new AbortController().signal, emit, ...rest } = options;
  const { gateway, requests, delivered } = newScriptedGateway(scripts);
  const events: WorkEvent[] = [];
  const waitsMs: number[] = [];
  let nowMs = Date.parse("2026-11-23T12:00:00Z");
  const deps: Omit<RunAgentDeps, "repairer"> = {
    gateway,
    source: emptySource,
    input: { goal: "grow" },
    emit: (event) => {
      events.push(event);
      emit?.(event);
    },
    requestId: (call) => `run-1-${call}`,
    clock: {
      now: () => nowMs,
      sleep: (ms) => {
        waitsMs.push(ms);
        nowMs += ms;
        return Promise.resolve();
      },
    },
    newId: () => "id-1",
    onRateLimit: "wait",
    random: () => 0.5,
    canary: CANARY,
    ...rest,
  };
  const repairer = createJsonRepairer();
  const outcome = await runAgent(agent, { repairer, ...deps }, signal);
  await repairer.close();
  return { outcome, events, requests, waitsMs, deliveredEvents: delivered() };
}

/** The text of a client, if every delta continues the previous ones. */
export function textOfDeltas(events: readonly WorkEvent[]): string {
  let held = "";
  for (const event of events) {
    if (event.type !== "delta") continue;
    if (event.data.offset !== held.length) throw new Error(`A delta is at ${event.data.offset}.`);
    held += event.data.text;
  }
  return held;
}
