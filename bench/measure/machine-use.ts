/** How busy all cores together are between two moments: the limit that no program gets past. */
import { cpus } from "node:os";

/** Call the answer for the share, 0 to 1. */
export function watchMachine(): () => number {
  const before = readTimes();
  return () => {
    const after = readTimes();
    return (after.busy - before.busy) / Math.max(1, after.all - before.all);
  };
}

function readTimes(): { busy: number; all: number } {
  return cpus().reduce(
    (total, { times }) => {
      const all = times.user + times.nice + times.sys + times.irq + times.idle;
      return { busy: total.busy + all - times.idle, all: total.all + all };
    },
    { busy: 0, all: 0 },
  );
}
