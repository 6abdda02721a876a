/** Scenarios that ask the demo gateway for faults, each in a run of its own, and expect how it ends. */
import type { GuaranteeId } from "../guarantees.ts";
import type { ObservedCall, ObservedRow } from "./history.ts";
import type { Scenario, Stage } from "./scenario.ts";
import { expect, startRun, untilEnded } from "./steps.ts";

export interface Outcome {
  readonly row: ObservedRow;
  readonly calls: readonly ObservedCall[];
}

export interface Expected {
  /** The markers, each in a run of its own. */
  readonly faults: readonly string[];
  readonly ends: (row: ObservedRow) => boolean;
  readonly how: string;
  /** Another expectation; throws when it is not met. */
  readonly also?: (outcome: Outcome, fault: string) => void;
}

async function ask({ arena, client }: Stage, expected: readonly Expected[]): Promise<void> {
  const asked = expected.flatMap((one) => one.faults.map((fault) => ({ ...one, fault })));
  const runs = await Promise.all(
    asked.map(async (one) => ({ ...one, ...(await startRun(client, { fault: one.fault })) })),
  );
  for (const { fault, runId, ends, how, also } of runs) {
    const row = await untilEnded(arena, runId);
    const ended = `${row.status} ${row.errorCode ?? ""} in attempt ${row.attempt}`;
    expect(ends(row), `a run whose gateway plays ${fault} ${how}, not ${ended}`);
    also?.({ row, calls: await arena.gateway.callsOf(runId) }, fault);
  }
}

interface About {
  readonly id: string;
  readonly title: string;
  readonly guarantees: readonly GuaranteeId[];
}

export function scenario(about: About, ...expected: readonly Expected[]): Scenario {
  return { ...about, play: (stage) => ask(stage, expected) };
}

export const completesIn = (attempt: number) => ({
  ends: (row: ObservedRow) => row.status === "completed" && row.attempt === attempt,
  how: `completes in attempt ${attempt}`,
});
export const failsWith = (code: string) => ({
  ends: (row: ObservedRow) => row.status === "failed" && row.errorCode === code,
  how: `fails with ${code}`,
});
