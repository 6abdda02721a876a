/**
 * The validation steps up to the repair turn: parse, `jsonrepair`, schema, `finish`.
 *
 * A judgement reports every step that was tried and what it found. It also carries what was parsed
 * and which sections were finished, so that no later step reads the answer again.
 */
import { setImmediate as nextTurn } from "node:timers/promises";
import type { ValidationStep } from "@cmo/shared/contract";
import type { Agent, PreparedRun, Verdict } from "../agent/define-agent.ts";
import { type Finding, isCorrectable } from "../agent/finding.ts";
import type { Members } from "./members.ts";
import {
  type ModelText,
  type ParsedOutput,
  parseOutput,
  type RepairTexts,
} from "./parse-output.ts";

export interface Judgement {
  /** Contains the findings of all steps. */
  readonly verdict: Verdict;
  /** Findings to correct, without doubts. For a rejected answer, the reasons for the rejection. */
  readonly open: readonly Finding[];
  readonly validationSteps: readonly ValidationStep[];
  /** What the text contained, before the schema; null if nothing could be parsed. */
  readonly parsed: Members | null;
  /** Top-level members that were complete in the text, in the agent's order. */
  readonly finishedSections: readonly string[];
}

export interface AnswerText extends ModelText {
  readonly finishedSections: readonly string[];
}

export interface Judged {
  readonly agent: Pick<Agent, "reply" | "sections" | "blockMembers">;
  readonly accept: PreparedRun["accept"];
  readonly repair: RepairTexts;
  /** 1 for the answer, 2 for its correction. */
  readonly nth: 1 | 2;
  /** Completes what was parsed if the answer is only a part. */
  readonly complete?: (value: Members) => Members;
}

export async function judgeAnswer(judged: Judged, answer: AnswerText): Promise<Judgement> {
  const output = await parseOutput(judged.agent, answer, judged.repair);
  // Other runs may work between the steps that take longest.
  await nextTurn();
  const steps = newStepList(judged.nth);
  const verdict = await toVerdict(judged, output, steps);
  return {
    verdict,
    open: verdict.findings.filter(isCorrectable),
    validationSteps: steps.results,
    parsed: output.kind === "parsed" ? output.value : null,
    finishedSections: answer.finishedSections,
  };
}

async function toVerdict(
  { accept, complete }: Judged,
  output: ParsedOutput,
  steps: StepList,
): Promise<Verdict> {
  if (output.kind === "unparsable") {
    const finding: Finding = { kind: "json", path: "", message: output.message, fixed: false };
    steps.add("parse", false);
    if (output.triedRepair) steps.add("jsonrepair", false, [finding]);
    return { kind: "rejected", findings: [finding] };
  }
  addParsing(output, steps);
  const verdict = await accept(complete?.(output.value) ?? output.value);
  addAcceptance(verdict, steps);
  return { ...verdict, findings: [...output.findings, ...verdict.findings] };
}

function addParsing(
  { isRepaired, findings }: Extract<ParsedOutput, { kind: "parsed" }>,
  steps: StepList,
): void {
  if (isRepaired) steps.add("parse", false);
  steps.add(isRepaired ? "jsonrepair" : "parse", isPassed(findings), findings);
}

function addAcceptance({ kind, findings }: Verdict, steps: StepList): void {
  if (kind === "rejected") {
    steps.add("schema", false, findings);
    return;
  }
  const isOfSchema = ({ kind }: Finding) => kind === "shape" || kind === "normalized";
  const ofSchema = findings.filter(isOfSchema);
  const ofFinish = findings.filter((finding) => !isOfSchema(finding));
  steps.add("schema", isPassed(ofSchema), ofSchema);
  steps.add("finish", isPassed(ofFinish), ofFinish);
}

function isFixed({ fixed }: Finding): boolean {
  return fixed;
}

/** A doubt fails no step. */
function isPassed(findings: readonly Finding[]): boolean {
  return !findings.some(isCorrectable);
}

type StepList = ReturnType<typeof newStepList>;

function newStepList(answer: 1 | 2) {
  const results: ValidationStep[] = [];
  return {
    results,
    add(step: ValidationStep["step"], passed: boolean, findings: readonly Finding[] = []): void {
      results.push({ answer, step, passed, ...counted(findings) });
    },
  };
}

function counted(findings: readonly Finding[]): Pick<ValidationStep, "fixed" | "open" | "doubt"> {
  const fixed = countKinds(findings.filter(isFixed));
  const open = countKinds(findings.filter(isCorrectable));
  const doubt = countKinds(findings.filter(({ grade }) => grade === "doubt"));
  return { ...(fixed && { fixed }), ...(open && { open }), ...(doubt && { doubt }) };
}

function countKinds(findings: readonly Finding[]): Record<string, number> | null {
  const counts: Record<string, number> = {};
  for (const { kind } of findings) counts[kind] = (counts[kind] ?? 0) + 1;
  return findings.length > 0 ? counts : null;
}
