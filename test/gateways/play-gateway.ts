/**
 * Plays one run against the demo gateway and counts what it cost: the worker's engine, its HTTP
 * client and its decision between the attempts, without a database and without waiting.
 */
import { randomUUID } from "node:crypto";
import {
  type AgentOutcome,
  agentByName,
  createHttpGateway,
  createJsonRepairer,
  runAgent,
} from "@cmo/agents";
import { decideEnding } from "../../apps/worker/src/decide-ending.ts";
import { sampleSource } from "../../packages/agents/test/sample-source.ts";

export interface GatewayUnderTest {
  /** The address without `/chat/completions`. */
  readonly url: string;
  readonly key: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Played {
  readonly calls: number;
  /** The run's status, with the code of its error. */
  readonly ending: string;
  /** What a reader of the run is told; empty for a completed run. */
  readonly sentence: string;
  /** Prompt, completion and total, over all calls that reported any. */
  readonly tokens: string;
}

/** As in `private.run_policy`. */
const MAX_APP_RETRIES = 3;
/** A part of the default: the demo gateway sends ten comments a second. */
const FIRST_DATA_MS = 1_000;

export async function playGateway(
  { url, key, headers = {} }: GatewayUnderTest,
  fault: string,
): Promise<Played> {
  const gateway = createHttpGateway({
    baseUrl: url,
    apiKey: key,
    headers,
    models: ["demo/model"],
    timeouts: { firstDataMs: FIRST_DATA_MS },
  });
  try {
    return await playRun(gateway, fault);
  } finally {
    await gateway.close();
  }
}

async function playRun(
  gateway: ReturnType<typeof createHttpGateway>,
  fault: string,
): Promise<Played> {
  const runId = randomUUID();
  let calls: AgentOutcome["calls"] = [];
  for (let attempt = 1; ; attempt += 1) {
    const outcome = await playAttempt(gateway, fault, { runId, attempt });
    calls = [...calls, ...outcome.calls];
    const finished = { outcome, live: { attempt }, agentVersion: 1 };
    const ending = decideEnding(finished, null, 0.5);
    const isLast = ending.kind !== "release" || attempt === MAX_APP_RETRIES;
    if (isLast) return { calls: calls.length, tokens: tokensOf(calls), ...describe(outcome) };
  }
}

async function playAttempt(
  gateway: ReturnType<typeof createHttpGateway>,
  fault: string,
  { runId, attempt }: { readonly runId: string; readonly attempt: number },
): Promise<AgentOutcome> {
  const agent = agentByName("cmo-plan-90day");
  if (!agent) throw new Error("The planner is not in the registry.");
  const repairer = createJsonRepairer();
  const deps = {
    gateway,
    repairer,
    source: sampleSource(),
    input: { primaryGoal: `60 new subscriptions [[fault:${fault}]]` },
    emit: () => undefined,
    requestId: (call: number) => `${runId}-${attempt}-${call}`,
    clock: { now: Date.now, sleep: () => Promise.resolve() },
    newId: randomUUID,
    onRateLimit: "fail",
    hasFailedBefore: attempt > 1,
    canary: "zq0123456789abcdef",
  } as const;
  try {
    return await runAgent(agent, deps, new AbortController().signal);
  } finally {
    await repairer.close();
  }
}

function describe(outcome: AgentOutcome): Pick<Played, "ending" | "sentence"> {
  if (outcome.kind !== "failed") return { ending: outcome.kind, sentence: "" };
  return { ending: `failed \`${outcome.code}\``, sentence: outcome.message };
}

function tokensOf(calls: AgentOutcome["calls"]): string {
  const usages = calls.flatMap(({ usage }) => usage ?? []);
  if (usages.length === 0) return "none reported";
  const [prompt, completion, total] = (
    ["prompt_tokens", "completion_tokens", "total_tokens"] as const
  ).map((member) => usages.reduce((sum, usage) => sum + usage[member], 0));
  return `${prompt} + ${completion} = ${total}`;
}
