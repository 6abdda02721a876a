/**
 * One attempt of one agent: prepare, ask, parse, accept.
 *
 * Whatever the gateway or the model does becomes an outcome. What is thrown is infrastructure's:
 * a database that is away while the context is read, or a bug.
 */
import {
  type Agent,
  type Artifact,
  type ContextSource,
  InputError,
  type PreparedRun,
  type Verdict,
} from "./agent.ts";
import type { AgentOutcome, AnswerSoFar, FailedOutcome } from "./agent-outcome.ts";
import {
  type Answer,
  ASK_POLICY,
  type AskDeps,
  type AskPolicy,
  askGateway,
} from "./ask-gateway.ts";
import { FILTERED_SENTENCE, failureSentence, TRUNCATED_SENTENCE } from "./failure-sentence.ts";
import { parseOutput } from "./parse-output.ts";

export interface RunAgentDeps extends Omit<AskDeps, "policy" | "random"> {
  readonly source: ContextSource;
  /** The caller's payload, not yet parsed. */
  readonly input: unknown;
  readonly newId: () => string;
  readonly policy?: Partial<AskPolicy>;
  readonly random?: () => number;
}

export async function runAgent(
  agent: Agent,
  deps: RunAgentDeps,
  signal: AbortSignal,
): Promise<AgentOutcome> {
  const prepared = await prepare(agent, deps);
  if (prepared instanceof InputError) return invalidInput(prepared);
  if (signal.aborted) return { kind: "aborted", ...NOTHING_YET };

  const policy = { ...ASK_POLICY, ...deps.policy };
  const askDeps = { ...deps, policy, random: deps.random ?? Math.random };
  const answer = await askGateway(agent, prepared.messages, askDeps, signal);
  const soFar = toAnswerSoFar(answer);
  if (answer.end.type === "aborted") return { kind: "aborted", ...soFar };
  const failure = failureOf(answer);
  if (failure) return { kind: "failed", ...soFar, ...failure };
  return settle({ agent, prepared, newId: deps.newId }, answer);
}

const NOTHING_YET: AnswerSoFar = { text: "", textLength: 0, usage: null, model: null };

async function prepare(agent: Agent, deps: RunAgentDeps): Promise<PreparedRun | InputError> {
  try {
    return await agent.prepare(deps.input, deps.source);
  } catch (error) {
    if (error instanceof InputError) return error;
    throw error;
  }
}

/** An `InputError` is written for the caller, so its own sentence is the one that is shown. */
function invalidInput({ message }: InputError): FailedOutcome {
  return {
    kind: "failed",
    ...NOTHING_YET,
    ...ENDS_THE_RUN,
    code: "invalid_input",
    message,
    detail: message,
    truncated: false,
  };
}

const ENDS_THE_RUN = { release: null, retryAfterMs: null } as const;

type Failure = Omit<FailedOutcome, "kind" | keyof AnswerSoFar>;

/** Why there is no answer to judge, or null if there is one. */
function failureOf({ end, release, text }: Answer): Failure | null {
  if (end.type === "failed") {
    return {
      code: end.code,
      message: failureSentence(end.code),
      detail: end.message,
      truncated: text.isFull,
      release,
      retryAfterMs: end.retryAfterMs,
    };
  }
  if (end.type === "finished" && end.reason === "content_filter") {
    return {
      ...ENDS_THE_RUN,
      code: "gateway_refused",
      message: FILTERED_SENTENCE,
      detail: "The gateway finished with content_filter.",
      truncated: false,
    };
  }
  return null;
}

interface Judging {
  readonly agent: Agent;
  readonly prepared: PreparedRun;
  readonly newId: () => string;
}

function settle({ agent, prepared, newId }: Judging, answer: Answer): AgentOutcome {
  const soFar = toAnswerSoFar(answer);
  const truncated = isTruncated(answer);
  const verdict = judge(agent, prepared, answer);
  if (verdict.kind === "rejected") {
    // The one place for a repair turn: the findings go back to the model, what it then answers is
    // judged in the same way, and readers see no text of it.
    return {
      kind: "failed",
      ...soFar,
      ...ENDS_THE_RUN,
      code: "invalid_output",
      message: truncated ? TRUNCATED_SENTENCE : failureSentence("invalid_output"),
      detail: describe(verdict),
      truncated,
    };
  }
  const artifacts: readonly Artifact[] = verdict.artifacts(newId);
  const { output, findings } = verdict;
  return { kind: "completed", ...soFar, output, findings, artifacts, truncated };
}

/** Text that is no JSON and JSON of the wrong shape are the same to everyone but the log. */
function judge(agent: Agent, prepared: PreparedRun, answer: Answer): Verdict {
  const parsed = parseOutput(agent, { text: answer.text.said, isWhole: !isTruncated(answer) });
  if (parsed.kind === "unparsable") {
    const finding = { kind: "json", path: "", message: parsed.message, fixed: false } as const;
    return { kind: "rejected", findings: [finding] };
  }
  const verdict = prepared.accept(parsed.value);
  return { ...verdict, findings: [...parsed.findings, ...verdict.findings] };
}

function isTruncated({ end }: Answer): boolean {
  return end.type === "finished" && end.reason === "length";
}

const DESCRIBED_FINDINGS = 10;

function describe({ findings }: Verdict): string {
  const lines = findings.map(({ path, message }) => (path ? `${path}: ${message}` : message));
  return `The answer was rejected. ${lines.slice(0, DESCRIBED_FINDINGS).join("; ")}`;
}

function toAnswerSoFar({ text, usage, end }: Answer): AnswerSoFar {
  const model = end.type === "finished" ? end.model : null;
  return { text: text.told, textLength: text.told.length, usage, model };
}
