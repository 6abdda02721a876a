/**
 * The one repair turn: the findings go back to the model, and what it then answers is judged in
 * the same way. The better answer stands, and nothing here can make an accepted one fail.
 *
 * Readers keep the text of the first answer: of this turn they are told progress and waits alone.
 */
import type { WorkEvent } from "@cmo/shared/contract";
import type { Agent, PreparedRun } from "../agent/define-agent.ts";
import type { Finding } from "../agent/finding.ts";
import { newSectionWatcher } from "../answer-text/watch-sections.ts";
import { type Answer, type AskDeps, type AskPolicy, askGateway } from "./ask-gateway.ts";
import { type Judgement, judgeAnswer } from "./judge-answer.ts";
import { parseOutput } from "./parse-output.ts";
import { repairMessages } from "./repair-messages.ts";

export interface RepairTurn {
  readonly agent: Agent;
  readonly prepared: PreparedRun;
  readonly boundary: string;
  readonly answer: Answer;
  readonly first: Judgement;
}

export interface Repaired {
  /** The judgement that stands, with the validation steps of both answers. */
  readonly judgement: Judgement;
  /** Thrown on the way: the first answer stands, and the bug is the worker's to log. */
  readonly bug?: unknown;
}

/** Sending a longer text back costs more than asking anew. */
const TEXT_CHARS_MAX = 120_000;

/** Whether the turn is worth its price. Pure. */
export function isWorthRepair({ agent, answer, first }: Omit<RepairTurn, "prepared" | "boundary">) {
  if (first.open.length === 0) return false;
  if (answer.text.isFull || answer.text.said.length > TEXT_CHARS_MAX) return false;
  return !isCutOff(answer) || isMostlyThere(agent, answer.text.said);
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

/** Null when no second answer came. */
async function judgeCorrection(
  { agent, prepared, boundary, answer, first }: RepairTurn,
  deps: AskDeps,
  signal: AbortSignal,
): Promise<Judgement | null> {
  const { said } = answer.text;
  const findings = isCutOff(answer) ? [CUT_OFF, ...first.open] : first.open;
  const messages = repairMessages({ agent, boundary, text: said, findings });
  deps.emit({ type: "progress", data: { percent: 0, done: [], repairing: true } });
  const asked = { ...deps, policy: policyFor(first, deps.policy), emit: quietly(deps.emit) };
  const second = await askGateway(agent, { messages, purpose: "repair" }, asked, signal);
  if (second.end.type !== "finished" || second.end.reason === "content_filter") return null;

  const text = { text: second.text.said, isWhole: !isCutOff(second) };
  const judged = { agent, accept: prepared.accept, nth: 2 } as const;
  if (agent.reply === "json") return judgeAnswer(judged, text);
  return judgeAnswer({ ...judged, complete: (blocks) => withBlocks(agent, answer, blocks) }, text);
}

const CUT_OFF: Finding = {
  kind: "length",
  path: "",
  message:
    "The answer was cut off, because it was too long. Give it whole and shorter: shorten texts and lists, and end what was begun.",
  fixed: false,
};

/** An answer that can be used already is not kept waiting for a gateway in trouble. */
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

type Members = Readonly<Record<string, unknown>>;

/** Prose has been read by people, so it stays; a block that was right is not asked for again. */
function withBlocks(agent: Agent, answer: Answer, blocks: Members): Members {
  const parsed = parseOutput(agent, { text: answer.text.said, isWhole: !isCutOff(answer) });
  const given = parsed.kind === "parsed" ? parsed.value : {};
  return { ...given, ...blocks, message: given["message"] };
}

export function isCutOff({ end }: Pick<Answer, "end">): boolean {
  return end.type === "finished" && end.reason === "length";
}

/**
 * What was cut off can only be ended from what stands there: with more than half of the sections
 * finished that is work of the editor's, with less it would be made up without the context.
 */
function isMostlyThere(agent: Agent, said: string): boolean {
  if (agent.reply === "prose") return false;
  const watcher = newSectionWatcher(agent);
  const done = watcher.push(said).filter(({ type }) => type === "partial").length;
  return 2 * done > agent.sections.length;
}
