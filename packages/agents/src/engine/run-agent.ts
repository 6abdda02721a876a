/**
 * Runs one attempt of one agent: prepares it, asks the gateway, and takes the validation steps.
 *
 * Whatever the gateway or the model does becomes an outcome. Only infrastructure failures are
 * thrown: an unavailable database while the context is read, or a bug.
 */

import type { AttemptCall } from "@cmo/shared/contract";
import type { Slots } from "@cmo/shared/runtime";
import {
  type Agent,
  type Artifact,
  type ContextSource,
  InputError,
  type PreparedRun,
} from "../agent/define-agent.ts";
import type { GatewayFailure } from "../gateway/gateway.ts";
import type { AgentOutcome, AnswerSoFar, FailedOutcome } from "./agent-outcome.ts";
import {
  type Answer,
  ASK_POLICY,
  type AskDeps,
  type AskPolicy,
  askGateway,
} from "./ask-gateway.ts";
import { type CallTally, newCallTally } from "./call-tally.ts";
import {
  FILTERED_SENTENCE,
  failureSentence,
  THOUGHT_SENTENCE,
  TRUNCATED_SENTENCE,
} from "./failure-sentence.ts";
import { type Judgement, judgeAnswer } from "./judge-answer.ts";
import type { RepairTexts } from "./parse-output.ts";
import type { JsonRepairer } from "./repair-json.ts";
import {
  isCutOff,
  isWorthRepair,
  type Repaired,
  reasonOf,
  takeRepairTurn,
  toAnswerText,
} from "./repair-turn.ts";

export interface RunAgentDeps
  extends Omit<AskDeps, "policy" | "random" | "tally" | "hasFailedBefore"> {
  readonly source: ContextSource;
  /** The caller's payload, not yet parsed. */
  readonly input: unknown;
  readonly newId: () => string;
  /** Shared by the runs of a process: so many of them are prepared at a time. */
  readonly preparing?: Slots;
  /** Shared by all runs of a process. */
  readonly repairer: Pick<JsonRepairer, "repair">;
  /** The gateway is asked after this; the context is read meanwhile. */
  readonly mayAsk?: Promise<unknown>;
  readonly hasFailedBefore?: boolean;
  readonly policy?: Partial<AskPolicy>;
  /** Given once, before the first call: tells at any moment what the calls have used so far. */
  readonly onCalls?: (guessed: () => readonly AttemptCall[]) => void;
  readonly random?: () => number;
}

export async function runAgent(
  agent: Agent,
  deps: RunAgentDeps,
  signal: AbortSignal,
): Promise<AgentOutcome> {
  const [prepared] = await Promise.all([prepareInTurn(agent, deps, signal), deps.mayAsk]);
  if (prepared instanceof InputError) return invalidInput(prepared);
  if (prepared === null || signal.aborted) return { kind: "aborted", ...NOTHING_YET };

  const tally = newCallTally();
  deps.onCalls?.(() => tally.guessed);
  const policy = { ...ASK_POLICY, ...deps.policy };
  const { random = Math.random, hasFailedBefore = false } = deps;
  const askDeps = { ...deps, policy, random, hasFailedBefore, tally };
  const question = { messages: prepared.messages, purpose: "answer" } as const;
  const answer = await askGateway(agent, question, askDeps, signal);
  // guards G25: estimates
  await tally.settled();
  if (answer.end.type === "aborted") return { kind: "aborted", ...toAnswerSoFar(answer, tally) };
  const failure = failureOf(answer);
  if (failure) return { kind: "failed", ...toAnswerSoFar(answer, tally), ...failure };

  const repair: RepairTexts = (texts) => deps.repairer.repair(texts, signal);
  const judged = { agent, accept: prepared.accept, repair, nth: 1 } as const;
  const first = await judgeAnswer(judged, toAnswerText(answer));
  const turn = { agent, prepared, boundary: deps.source.boundary, answer, first, repair };
  const isRepairable = isWorthRepair(turn);
  const repaired =
    isRepairable && !signal.aborted
      ? await takeRepairTurn(turn, askDeps, signal)
      : { judgement: first };
  await tally.settled();
  const { verdict, validationSteps } = repaired.judgement;
  const soFar = { ...toAnswerSoFar(answer, tally), validationSteps };
  // An accepted answer is kept even if the run was aborted during a repair. A rejected one may not
  // have had its repair.
  if (verdict.kind === "rejected" && signal.aborted) {
    return { kind: "aborted", ...soFar };
  }
  const refusal = deps.meter?.refusal ?? null;
  if (verdict.kind === "rejected" && refusal !== null) {
    return { kind: "failed", ...soFar, ...unaffordable(refusal) };
  }
  emitProgress(repaired, deps.emit);
  return toOutcome({ soFar, truncated: isTruncated(agent, answer), newId: deps.newId }, repaired);
}

/** Prose does not show whether it is whole, so it counts as truncated if its end is unknown. */
function isTruncated({ reply }: Agent, answer: Answer): boolean {
  return isCutOff(answer) || (reply === "prose" && reasonOf(answer) === "unknown");
}

function emitProgress({ judgement: { verdict } }: Repaired, emit: AskDeps["emit"]): void {
  if (verdict.kind === "accepted" && verdict.progress) {
    emit({ type: "progress", data: verdict.progress });
  }
}

const NOTHING_YET: AnswerSoFar = {
  text: "",
  textLength: 0,
  usage: null,
  calls: [],
  validationSteps: [],
  model: null,
};

/** Null if the signal aborts before the turn comes. */
async function prepareInTurn(
  agent: Agent,
  deps: RunAgentDeps,
  signal: AbortSignal,
): Promise<PreparedRun | InputError | null> {
  const { preparing } = deps;
  if (!preparing) return prepare(agent, deps);
  // guards G3: turns of large rows
  if (!(await preparing.take(signal))) return null;
  try {
    return await prepare(agent, deps);
  } finally {
    preparing.free();
  }
}

async function prepare(agent: Agent, deps: RunAgentDeps): Promise<PreparedRun | InputError> {
  try {
    return await agent.prepare(deps.input, deps.source);
  } catch (error) {
    if (error instanceof InputError) return error;
    throw error;
  }
}

/** An `InputError` is written for the caller, so its own message is shown. */
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

/** The reason why there is no answer to judge; null if there is one. */
function failureOf({ end, release, text }: Answer): Failure | null {
  if (end.type === "failed") {
    return {
      code: end.code,
      message: sentenceOf(end),
      detail: end.message,
      truncated: text.isFull,
      release,
      retryAfterMs: end.retryAfterMs,
    };
  }
  if (end.type === "finished" && end.reason === "content_filter") return FILTERED;
  if (end.type === "finished" && end.reason === "length" && text.raw === "") return THOUGHT;
  return null;
}

function sentenceOf({ code, sentence, isFiltered }: GatewayFailure): string {
  return isFiltered ? FILTERED_SENTENCE : (sentence ?? failureSentence(code));
}

const FILTERED: Failure = {
  ...ENDS_THE_RUN,
  code: "gateway_refused",
  message: FILTERED_SENTENCE,
  detail: "The gateway finished with content_filter.",
  truncated: false,
};

/** The answer cannot be used as it is, and its repair turn would have cost too much. */
const unaffordable = (message: string): Failure => ({
  ...ENDS_THE_RUN,
  code: "budget_exceeded",
  message,
  detail: "The budget was used up before the answer was repaired.",
  truncated: false,
});

const THOUGHT: Failure = {
  ...ENDS_THE_RUN,
  code: "invalid_output",
  message: THOUGHT_SENTENCE,
  detail:
    "The gateway finished with length before any text: the model spent its budget on thinking.",
  truncated: true,
};

interface OutcomeParts {
  readonly soFar: AnswerSoFar;
  readonly truncated: boolean;
  readonly newId: () => string;
}

function toOutcome(
  { soFar, truncated, newId }: OutcomeParts,
  { judgement, ...rest }: Repaired,
): AgentOutcome {
  const { verdict } = judgement;
  if (verdict.kind === "accepted") {
    const { output, findings } = verdict;
    const artifacts: readonly Artifact[] = verdict.artifacts(newId);
    return { kind: "completed", ...soFar, output, findings, artifacts, truncated, ...rest };
  }
  return {
    kind: "failed",
    ...soFar,
    ...ENDS_THE_RUN,
    code: "invalid_output",
    message: truncated ? TRUNCATED_SENTENCE : failureSentence("invalid_output"),
    detail: describe(judgement),
    truncated,
  };
}

/** More findings would make the message of a failure unreadable. */
const DESCRIBED_FINDINGS = 10;

function describe({ open }: Judgement): string {
  const lines = open.map(({ path, message }) => (path ? `${path}: ${message}` : message));
  return `The answer was rejected. ${lines.slice(0, DESCRIBED_FINDINGS).join("; ")}`;
}

function toAnswerSoFar({ text, end }: Answer, { usage, calls }: CallTally): AnswerSoFar {
  const { model = null, detail } = end.type === "finished" ? end : {};
  const { visible } = text;
  return {
    text: visible,
    textLength: visible.length,
    usage,
    calls,
    validationSteps: [],
    model,
    ...(detail !== undefined && { unknownEnd: detail }),
  };
}
