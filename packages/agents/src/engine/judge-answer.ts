/**
 * The validation steps before the repair turn: parse, `jsonrepair`, schema, `finish`. Each step
 * that was tried is recorded with its findings.
 */
import type { ValidationStep } from "@cmo/shared/contract";
import type { Agent, PreparedRun, Verdict } from "../agent/define-agent.ts";
import type { Finding } from "../agent/finding.ts";
import { type ModelText, type ParsedOutput, parseOutput } from "./parse-output.ts";

export interface Judgement {
  /** Its findings are those of all steps. */
  readonly verdict: Verdict;
  /** Findings that nothing has put right; of a rejected answer, why it was rejected. */
  readonly open: readonly Finding[];
  readonly validationSteps: readonly ValidationStep[];
}

type Members = Readonly<Record<string, unknown>>;

export interface Judged {
  readonly agent: Pick<Agent, "reply" | "sections">;
  readonly accept: PreparedRun["accept"];
  /** 1 for the answer, 2 for its correction. */
  readonly nth: 1 | 2;
  /** Makes the whole of what was parsed, where the answer is a part. */
  readonly complete?: (value: Members) => Members;
}

export function judgeAnswer(judged: Judged, answer: ModelText): Judgement {
  const parsed = parseOutput(judged.agent, answer);
  const steps = newSteps(judged.nth);
  if (parsed.kind === "unparsable") {
    const { message } = parsed;
    const finding: Finding = { kind: "json", path: "", message, fixed: false };
    steps.add("parse", false);
    if (parsed.triedRepair) steps.add("jsonrepair", false, [finding]);
    return conclude({ kind: "rejected", findings: [finding] }, steps.results);
  }
  addParsing(parsed, steps);
  const verdict = judged.accept(judged.complete?.(parsed.value) ?? parsed.value);
  const findings = [...parsed.findings, ...verdict.findings];
  if (verdict.kind === "rejected") {
    steps.add("schema", false, verdict.findings);
    return conclude({ ...verdict, findings }, steps.results);
  }
  const isOfSchema = ({ kind }: Finding) => kind === "shape";
  const ofSchema = verdict.findings.filter(isOfSchema);
  const ofFinish = verdict.findings.filter((finding) => !isOfSchema(finding));
  steps.add("schema", ofSchema.every(isFixed), ofSchema);
  steps.add("finish", ofFinish.every(isFixed), ofFinish);
  return conclude({ ...verdict, findings }, steps.results);
}

function addParsing(
  { rung, findings }: Extract<ParsedOutput, { kind: "parsed" }>,
  steps: ReturnType<typeof newSteps>,
): void {
  if (rung === "repaired") steps.add("parse", false);
  steps.add(rung === "repaired" ? "jsonrepair" : "parse", findings.every(isFixed), findings);
}

function conclude(verdict: Verdict, validationSteps: readonly ValidationStep[]): Judgement {
  return {
    verdict,
    validationSteps,
    open: verdict.findings.filter((finding) => !isFixed(finding)),
  };
}

function isFixed({ fixed }: Finding): boolean {
  return fixed;
}

function newSteps(answer: 1 | 2) {
  const results: ValidationStep[] = [];
  return {
    results,
    add(step: ValidationStep["step"], passed: boolean, findings: readonly Finding[] = []): void {
      results.push({ answer, step, passed, ...counted(findings) });
    },
  };
}

function counted(findings: readonly Finding[]): Pick<ValidationStep, "fixed" | "open"> {
  const fixed = countKinds(findings.filter(isFixed));
  const open = countKinds(findings.filter((finding) => !isFixed(finding)));
  return { ...(fixed && { fixed }), ...(open && { open }) };
}

function countKinds(findings: readonly Finding[]): Record<string, number> | null {
  const counts: Record<string, number> = {};
  for (const { kind } of findings) counts[kind] = (counts[kind] ?? 0) + 1;
  return findings.length > 0 ? counts : null;
}
