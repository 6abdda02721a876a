/** What a scenario has shown, and whether it is what was promised. */
import type { Scenario } from "./play-budget.ts";

export interface BudgetReport {
  readonly capMicros: number;
  /** What every run would have cost. */
  readonly neededMicros: number;
  readonly accepted: number;
  /** At submission. */
  readonly refused: number;
  readonly completed: number;
  /** Ended with `budget_exceeded`. */
  readonly stopped: number;
  /** Those that kept their text, of those that had any. */
  readonly textsKept: number;
  readonly textsStopped: number;
  readonly otherEnds: readonly string[];
  readonly attempts: number;
  readonly spentMicros: number;
  readonly reservedMicros: number;
  readonly attemptsMicros: number;
  readonly runsMicros: number;
  readonly overshoots: readonly Overshoot[];
  /** What the largest piece has cost. */
  readonly pieceMicros: number;
}

/** By how much the bill of a stopped run exceeds what was reserved for it. */
export interface Overshoot {
  readonly micros: number;
  readonly pieces: number;
}

/** The books say what the attempts say, to the micro. */
function isBalanced({ attemptsMicros, runsMicros, spentMicros, reservedMicros }: BudgetReport) {
  return attemptsMicros === spentMicros && runsMicros === spentMicros && reservedMicros === 0;
}

/** What arrived at once, and was counted when it had. */
const PIECES_MAX = 1;

export function isGood({ share }: Scenario, report: BudgetReport): boolean {
  const { refused, stopped, capMicros, spentMicros, otherEnds, overshoots } = report;
  const isRefusedOnlyWhenUsedUp =
    share >= 1 ? refused + stopped === 0 : spentMicros >= 0.99 * capMicros;
  const isBounded =
    overshoots.every(({ pieces }) => pieces <= PIECES_MAX) &&
    // Attempts whose worker was killed exceed their reserve by a piece as well.
    spentMicros - capMicros <= report.attempts * PIECES_MAX * report.pieceMicros;
  const isKept = report.textsKept === report.textsStopped;
  return (
    isBalanced(report) && isRefusedOnlyWhenUsedUp && isBounded && isKept && otherEnds.length === 0
  );
}

export function formatReport(scenario: Scenario, report: BudgetReport): string {
  const { capMicros, spentMicros, overshoots } = report;
  const most = (of: (one: Overshoot) => number) => Math.max(0, ...overshoots.map(of));
  const percent = ((100 * spentMicros) / capMicros).toFixed(2);
  return `
${scenario.name}: ${isGood(scenario, report) ? "as promised" : "NOT AS PROMISED"}
  budget, and what all runs need       ${capMicros} of ${report.neededMicros} micros
  accepted, refused at submission      ${report.accepted}, ${report.refused}
  completed, stopped                   ${report.completed}, ${report.stopped}
  other ends                           ${report.otherEnds.join(", ") || "none"}
  texts kept of stopped runs           ${report.textsKept} of ${report.textsStopped}
  attempts                             ${report.attempts}
  sum of attempts, runs, books         ${report.attemptsMicros}, ${report.runsMicros}, ${spentMicros} micros
  still reserved                       ${report.reservedMicros} micros
  spent of the budget                  ${percent} %
  beyond its reserve, at most a run    ${most(({ pieces }) => pieces).toFixed(2)} pieces, ${most(({ micros }) => micros)} micros`;
}
