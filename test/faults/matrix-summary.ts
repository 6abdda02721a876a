/** How a run of the fault matrix ended, in sentences, the summary last, and as an exit code. */
import type { MatrixLine } from "./fault-matrix.ts";
import { nameOf } from "./scenario.ts";

export interface Summary {
  readonly sentences: readonly string[];
  readonly exitCode: number;
}

const FAILED = 1;
/** A run that could not judge everything is no success. 2 is a wrong command line. */
const NOT_JUDGED = 3;

export function summarize(lines: readonly MatrixLine[]): Summary {
  const played = lines.filter((line) => line.kind === "played");
  const failed = played.filter((line) => line.passed < line.played);
  const notJudged = lines.filter(({ kind }) => kind === "not_judged");
  const skipped = lines.filter(({ kind }) => kind === "skipped");
  const counts = [
    `${played.length - failed.length} of ${played.length} faults passed`,
    `${skipped.length} were skipped`,
  ];
  if (notJudged.length > 0) counts.push(`the machine was too busy to judge ${notJudged.length}`);
  return {
    sentences: [
      ...failed.map(({ scenario }) => `    failed: ${nameOf(scenario)}`),
      ...notJudged.map(({ scenario }) => `    not judged: ${nameOf(scenario)}`),
      `${counts.join(", ")}.`,
    ],
    exitCode: exitCodeOf(failed.length, notJudged.length),
  };
}

function exitCodeOf(failed: number, notJudged: number): number {
  if (failed > 0) return FAILED;
  return notJudged > 0 ? NOT_JUDGED : 0;
}
