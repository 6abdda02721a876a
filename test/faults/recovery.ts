/**
 * How long readers waited after a fault: from its end to the next event of a run that they were
 * following. A kill ends when it has happened.
 */
import { type History, seen } from "./history.ts";

/** The worst of all readers and faults; null when no fault occurred while a reader was waiting. */
export function worstRecovery(history: History): number | null {
  const ends = seen(history, "fault").map(({ until }) => until);
  const readers = Map.groupBy(seen(history, "event"), ({ reader }) => reader);
  const waits = [...readers.values()].flatMap((events) =>
    events.slice(1).flatMap(({ at }, index) => {
      const before = events[index]?.at ?? at;
      const struck = ends.filter((end) => end >= before && end <= at);
      return struck.length === 0 ? [] : [at - Math.max(...struck)];
    }),
  );
  return waits.length === 0 ? null : Math.max(...waits);
}
