/**
 * Streams answers through the product's own gateway client and engine, as a worker would: a gateway
 * on loopback sends each answer in small pieces. It has no correction for a repair turn, so that what
 * was found in the answer itself remains visible.
 */
import type { WorkEvent } from "@cmo/shared/contract";
import type { Artifact, ContextSource } from "../../src/agent/define-agent.ts";
import type { Finding } from "../../src/agent/finding.ts";
import type { AgentOutcome } from "../../src/engine/agent-outcome.ts";
import { createJsonRepairer } from "../../src/engine/repair-json.ts";
import { runAgent } from "../../src/engine/run-agent.ts";
import { createHttpGateway } from "../../src/gateway/http-gateway.ts";
import { agents } from "../../src/registry.ts";
import { sampleSource } from "../sample-source.ts";
import { chunk, createTestGateway, done, finish, sse } from "../test-gateway.ts";
import { workspaceOf } from "./corpus.ts";
import type { AnswerCase, Outcome } from "./read-case-file.ts";

/** What the product made of one answer. */
export interface Played {
  readonly outcome: Outcome;
  /** The reasons of a refusal count as open findings. */
  readonly findings: readonly Pick<Finding, "kind" | "path" | "message" | "fixed">[];
  readonly output: Readonly<Record<string, unknown>> | null;
  readonly rows: readonly Omit<Artifact, "from">[];
  /** What a reader of the stream sees. */
  readonly visible: string;
}

export async function playAll(
  cases: readonly AnswerCase[],
): Promise<ReadonlyMap<AnswerCase, Played>> {
  const player = await createPlayer();
  try {
    const played = new Map<AnswerCase, Played>();
    for (const one of cases) played.set(one, await player.play(one));
    return played;
  } finally {
    await player.close();
  }
}

async function createPlayer() {
  let answers: string[] = [];
  const server = await createTestGateway((response) => {
    response.writeHead(200, sse).end(answers.shift() ?? NO_CORRECTION);
  });
  const gateway = createHttpGateway({ baseUrl: server.url, apiKey: "k", models: ["g/m-1"] });
  const repairer = createJsonRepairer();
  return {
    async play(one: AnswerCase): Promise<Played> {
      answers = [toStream(one)];
      const before = server.calls.length;
      const events: WorkEvent[] = [];
      const outcome = await runAgent(
        agentOf(one),
        {
          gateway,
          repairer,
          source: sourceOf(one),
          input: one.payload,
          emit: (event) => events.push(event),
          requestId: (call) => `answer-${call}`,
          clock: { now: () => Date.parse("2026-12-01T12:00:00Z"), sleep: () => Promise.resolve() },
          newId: newIdCounter(),
          onRateLimit: "wait",
          random: () => 0.5,
          canary: "zq9f3a7c1e5b2d8460",
        },
        new AbortController().signal,
      );
      return toPlayed(outcome, server.calls.length - before);
    },
    async close(): Promise<void> {
      await repairer.close();
      await gateway.close();
      await server.close();
    },
  };
}

const NO_CORRECTION = `${finish("content_filter")}${done}`;
/** Lengths of the pieces in turn: models stream words, and gateways join some of them. */
const PIECE_LENGTHS = [3, 17, 5, 64, 1, 29];

function toStream({ text, end }: AnswerCase): string {
  const chunks: string[] = [];
  for (let at = 0; at < text.length; ) {
    const length = PIECE_LENGTHS[chunks.length % PIECE_LENGTHS.length] ?? 1;
    chunks.push(chunk(text.slice(at, at + length)));
    at += length;
  }
  return `${chunks.join("")}${finish(end)}${done}`;
}

function agentOf({ agent, name }: AnswerCase) {
  const found = [...agents.values()].find((one) => one.name === `cmo-${agent}`);
  if (!found) throw new Error(`${name}: there is no agent ${agent}.`);
  return found;
}

function sourceOf(one: AnswerCase): ContextSource {
  const { profile, today, rows } = workspaceOf(one);
  return { ...sampleSource(rows), workspace: profile, today };
}

function newIdCounter(): () => string {
  let count = 0;
  return () => {
    count += 1;
    return `id-${count}`;
  };
}

function toPlayed(outcome: AgentOutcome, calls: number): Played {
  if (outcome.kind === "aborted") throw new Error("The run was aborted.");
  const { text: visible } = outcome;
  if (outcome.kind === "failed") {
    if (outcome.code !== "invalid_output") throw new Error(outcome.detail);
    const findings = [{ kind: "shape" as const, path: "", message: outcome.detail, fixed: false }];
    return { outcome: "refused", findings, output: null, rows: [], visible };
  }
  const { findings, output, artifacts: rows } = outcome;
  return { outcome: toOutcome(findings, calls), findings, output, rows, visible };
}

function toOutcome(findings: readonly Finding[], calls: number): Outcome {
  if (calls > 1) return "repaired";
  if (findings.some(({ fixed }) => !fixed)) return "warned";
  return findings.length > 0 ? "normalized" : "completed";
}
