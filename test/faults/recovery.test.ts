import { expect, test } from "vitest";
import type { Observation } from "./history.ts";
import { worstRecovery } from "./recovery.ts";

function event(reader: string, at: number): Observation {
  return { kind: "event", at, reader, runId: "run", id: null, type: "delta", data: {} };
}
const fault = (at: number, until: number): Observation => ({ kind: "fault", at, what: "", until });

test("recovery counts from the end of the fault to the next event of the reader who waited longest", () => {
  const history = [
    event("one", 0),
    event("two", 10),
    fault(20, 120),
    event("two", 150),
    event("one", 400),
  ];
  expect(worstRecovery(history)).toBe(280);
});

test("of several faults in one silence the last one counts", () => {
  expect(worstRecovery([event("one", 0), fault(10, 10), fault(90, 90), event("one", 100)])).toBe(
    10,
  );
});

test("a fault while no reader was waiting has no recovery", () => {
  expect(worstRecovery([event("one", 0), event("one", 5), fault(10, 20)])).toBeNull();
});
