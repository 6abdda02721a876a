/**
 * Expectations that hold only on a machine without other load: durations of milliseconds, and peaks
 * of memory that depend on when garbage is collected. Missed on a busy machine, they prove nothing,
 * so their scenario is then not judged.
 */
import type { OtherLoad } from "./other-load.ts";

export class NeedsQuietError extends Error {
  constructor(sentence: string) {
    super(`Expected that ${sentence}.`);
    this.name = "NeedsQuietError";
  }
}

export function expectWhenQuiet(holds: boolean, sentence: string): void {
  if (!holds) throw new NeedsQuietError(sentence);
}

/** A test run beside the fault tests uses about half of a small machine; an idle one a hundredth. */
const BUSY_SHARE = 0.2;

/** Why a missed expectation cannot be judged; null if it can. */
export function whyNotJudged(missed: unknown, load: OtherLoad): string | null {
  if (!(missed instanceof NeedsQuietError) || load === null || load < BUSY_SHARE) return null;
  return `the machine was busy: other programs used ${Math.round(load * 100)} % of its processors`;
}
