/** The same fault at the times of production, for what shorter times could hide. */
import type { Scenario } from "../scenario.ts";

const END_WITHIN_MS = 90_000;

export function atDefaultTimes(scenario: Scenario): Scenario {
  return {
    ...scenario,
    arena: { ...scenario.arena, times: "default" },
    bounds: { endWithinMs: END_WITHIN_MS, ...scenario.bounds },
  };
}
