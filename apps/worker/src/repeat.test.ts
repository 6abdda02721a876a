import { createLog, systemClock } from "@cmo/shared/runtime";
import { expect, test } from "vitest";
import { repeat } from "./repeat.ts";

const log = createLog({ level: "silent", app: "test" });

test("runs never overlap, failures do not end the loop, and an abort does", async () => {
  const stop = new AbortController();
  let running = 0;
  let most = 0;
  let runs = 0;
  const task = {
    name: "task",
    everyMs: 1,
    run: async () => {
      running += 1;
      most = Math.max(most, running);
      runs += 1;
      await systemClock.sleep(3);
      running -= 1;
      if (runs === 2) throw new Error("once");
      if (runs === 5) stop.abort();
    },
  };
  await repeat(task, { clock: systemClock, log, signal: stop.signal });
  expect({ runs, most }).toEqual({ runs: 5, most: 1 });
});
