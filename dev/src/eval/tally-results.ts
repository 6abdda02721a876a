/** Counts the results of an agent's runs. Pure. */
import type { Run, ValidationStep } from "@cmo/shared/contract";

export interface EvalResult {
  readonly run: Run;
  /** Of all attempts, in order. */
  readonly validationSteps: readonly ValidationStep[];
  readonly tokens: number;
  /** Whether the agent's schema accepts the output of a completed run again. */
  readonly isValid: boolean;
}

export interface AgentTally {
  readonly runs: number;
  /** Completed with an answer that needed no repair. */
  readonly atFirst: number;
  readonly afterJsonrepair: number;
  readonly afterRepairTurn: number;
  readonly failed: number;
  readonly completed: number;
  readonly valid: number;
  readonly fixed: Readonly<Record<string, number>>;
  readonly open: Readonly<Record<string, number>>;
  readonly tokens: number;
  readonly seconds: number;
}

export function tallyResults(results: readonly EvalResult[]): AgentTally {
  const completed = results.filter(({ run }) => run.status === "completed");
  const ways = completed.map(({ validationSteps }) => wayOf(validationSteps));
  const count = (way: ReturnType<typeof wayOf>) => ways.filter((one) => one === way).length;
  return {
    runs: results.length,
    atFirst: count("first"),
    afterJsonrepair: count("jsonrepair"),
    afterRepairTurn: count("repair_turn"),
    failed: results.length - completed.length,
    completed: completed.length,
    valid: completed.filter(({ isValid }) => isValid).length,
    fixed: sumKinds(
      results.flatMap(({ validationSteps }) => validationSteps.map(({ fixed = {} }) => fixed)),
    ),
    open: sumKinds(
      results.flatMap(({ validationSteps }) => validationSteps.map(({ open = {} }) => open)),
    ),
    tokens: results.reduce((sum, { tokens }) => sum + tokens, 0),
    seconds: results.reduce((sum, { run }) => sum + (run.duration_ms ?? 0), 0) / 1000,
  };
}

function wayOf(validationSteps: readonly ValidationStep[]): "first" | "jsonrepair" | "repair_turn" {
  if (validationSteps.some(({ step, passed }) => step === "repair_turn" && passed))
    return "repair_turn";
  const isRepaired = validationSteps.some(
    ({ answer, step }) => answer === 1 && step === "jsonrepair",
  );
  return isRepaired ? "jsonrepair" : "first";
}

function sumKinds(counts: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const sum: Record<string, number> = {};
  for (const [kind, n] of counts.flatMap((count) => Object.entries(count))) {
    sum[kind] = (sum[kind] ?? 0) + n;
  }
  return sum;
}
