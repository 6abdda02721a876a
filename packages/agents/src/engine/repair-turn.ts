/**
 * The one repair turn: the findings go back to the model, and its second answer is judged in the
 * same way. The better answer is kept. A repair turn never makes an accepted answer fail.
 *
 * Readers keep the text of the first answer. During this turn they receive only `progress` and
 * `waiting` events.
 */
import type { WorkEvent } from "@cmo/shared/contract";
import type { Agent, PreparedRun } from "../agent/define-agent.ts";
import type { Finding } from "../agent/finding.ts";
import type { FinishReason } from "../gateway/gateway.ts";
import { type Answer, type AskDeps, type AskPolicy, askGateway } from "./ask-gateway.ts";
import { type AnswerText, type Judgement, judgeAnswer } from "./judge-answer.ts";
import type { Members } from "./members.ts";
import { withCorrected } from "./name-blocks.ts";
import type { RepairTexts } from "./parse-output.ts";
import { repairMessages } from "./repair-messages.ts";

export interface RepairTurn {
  readonly agent: Agent;
  readonly prepared: PreparedRun;
  readonly boundary: string;
  readonly answer: Answer;
  readonly first: Judgement;
  readonly repair: RepairTexts;
}

export interface Repaired {
  /** The better judgement, with the validation steps of both answers. */
  readonly judgement: Judgement;
  /** Thrown during the turn. The first answer is kept; the worker logs the bug. */
  readonly bug?: unknown;
}

/** Sending a longer text back costs more than a new run. */
const TEXT_CHARS_MAX = 120_000;

/** Whether the turn is worth its price. Pure. */
export function isWorthRepair({
  agent,
  answer,
  first,
}: Pick<RepairTurn, "agent" | "answer" | "first">) {
  if (first.open.length === 0) return false;
  if (answer.text.isFull || answer.text.raw.length > TEXT_CHARS_MAX) return false;
  return !mayBeCutOff(answer, first) || isMostlyThere(agent, first);
}

export async function takeRepairTurn(
  turn: RepairTurn,
  deps: AskDeps,
  signal: AbortSignal,
): Promise<Repaired> {
  const { first } = turn;
  try {
    const second = await judgeCorrection(turn, deps, signal);
    const isBetter = second !== null && isBetterThan(second, first);
    const validationSteps: Judgement["validationSteps"] = [
      ...first.validationSteps,
      ...(second?.validationSteps ?? []),
      { answer: 2, step: "repair_turn", passed: isBetter },
    ];
    return { judgement: { ...(isBetter ? second : first), validationSteps } };
  } catch (bug) {
    if (first.verdict.kind === "rejected") throw bug;
    return { judgement: first, bug };
  }
}

/** Null if no second answer arrived. */
async function judgeCorrection(
  { agent, prepared, boundary, answer, first, repair }: RepairTurn,
  deps: AskDeps,
  signal: AbortSignal,
): Promise<Judgement | null> {
  const findings = mayBeCutOff(answer, first) ? [CUT_OFF, ...first.open] : first.open;
  const messages = repairMessages({ agent, boundary, text: answer.text.raw, findings });
  deps.emit({ type: "progress", data: { percent: 0, done: [], repairing: true } });
  const asked = { ...deps, policy: policyFor(first, deps.policy), emit: quietly(deps.emit) };
  const second = await askGateway(agent, { messages, purpose: "repair" }, asked, signal);
  if (second.end.type !== "finished" || second.end.reason === "content_filter") return null;

  const text = toAnswerText(second);
  const judged = { agent, accept: prepared.accept, repair, nth: 2 } as const;
  if (agent.reply === "json") return judgeAnswer(judged, text);
  const complete = (blocks: Members) => withBlocks(first, blocks, agent);
  return withUnanswered(await judgeAnswer({ ...judged, complete }, text), first, agent);
}

/** A block of the first answer that could not be read, and that the second does not give either. */
function withUnanswered(second: Judgement, first: Judgement, { blockMembers }: Agent): Judgement {
  const given = Object.keys(second.parsed ?? {}).filter((name) => name in blockMembers);
  const isAnswered = ({ path }: Finding) =>
    path in blockMembers ? given.includes(path) : given.length > 0;
  const left = first.open.filter((finding) => finding.kind === "json" && !isAnswered(finding));
  if (left.length === 0) return second;
  const { verdict } = second;
  return {
    ...second,
    open: [...left, ...second.open],
    verdict: { ...verdict, findings: [...left, ...verdict.findings] },
  };
}

const CUT_OFF: Finding = {
  kind: "length",
  path: "",
  message:
    "The answer was cut off, because it was too long. Give it whole and shorter: shorten texts and lists, and end what was begun.",
  fixed: false,
};

/** An answer that is already usable does not wait for a gateway that fails. */
function policyFor({ verdict }: Judgement, policy: AskPolicy): AskPolicy {
  return verdict.kind === "accepted" ? { ...policy, retryDelaysMs: [] } : policy;
}

function quietly(emit: AskDeps["emit"]): AskDeps["emit"] {
  return (event: WorkEvent) => {
    if (event.type === "waiting") emit(event);
    if (event.type === "progress") {
      emit({ type: "progress", data: { ...event.data, repairing: true } });
    }
  };
}

function isBetterThan(second: Judgement, first: Judgement): boolean {
  if (second.verdict.kind === "rejected") return false;
  return first.verdict.kind === "rejected" || second.open.length < first.open.length;
}

/** The prose of the first answer has been read, so it stays, and so do blocks not sent again. */
function withBlocks({ parsed }: Judgement, blocks: Members, agent: Agent): Members {
  return withCorrected(parsed ?? {}, blocks, agent);
}

export function toAnswerText(answer: Answer): AnswerText {
  const { raw, finishedSections } = answer.text;
  return { text: raw, isWhole: reasonOf(answer) === "stop", finishedSections };
}

export function isCutOff(answer: Pick<Answer, "end">): boolean {
  return reasonOf(answer) === "length";
}

/** An answer that ended for an unknown reason is taken for whole only if it reads as whole. */
function mayBeCutOff(answer: Pick<Answer, "end">, { parsed }: Pick<Judgement, "parsed">): boolean {
  return isCutOff(answer) || (reasonOf(answer) === "unknown" && parsed === null);
}

export function reasonOf({ end }: Pick<Answer, "end">): FinishReason | null {
  return end.type === "finished" ? end.reason : null;
}

/**
 * An answer that was cut off is completed from its own text, without the context. With at most
 * half of the sections finished, the model would have to invent the rest.
 */
function isMostlyThere(
  { reply, sections }: Agent,
  { finishedSections }: Pick<Judgement, "finishedSections">,
): boolean {
  return reply === "json" && 2 * finishedSections.length > sections.length;
}
