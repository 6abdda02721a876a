/** A machine with wrong clocks or too little processor time. */
import { whileBusy } from "../busy-processes.ts";
import { findFalseClock, whyNoFalseClock } from "../false-clock.ts";
import type { Scenario } from "../scenario.ts";
import { expect, startRuns, terminate, untilEnded, untilSeen } from "../steps.ts";

const BUSY_PROCESSES = 4;
const STOP_GRACE_MS = 10_000;

export const MACHINE_FAULTS: readonly Scenario[] = [
  {
    id: "F65",
    title: "the clocks of a worker and an API are an hour ahead or behind",
    guarantees: ["G1", "G3", "G11", "G14"],
    obstacle: whyNoFalseClock,
    arena: { apis: 2 },
    async play({ arena, client, report }) {
      const clock = await findFalseClock();
      for (const offset of ["+1h", "-1h"]) {
        const [worker, api] = [arena.workers[0], arena.apis[0]];
        for (const one of [worker, api]) {
          if (!one) continue;
          await terminate(arena, one, STOP_GRACE_MS);
          await one.start({ environment: clock.environmentAt(offset) });
        }
        const wrong = await clock.offsetOf(`http://127.0.0.1:${api?.port}/livez`);
        report(`the API's own clock was ${Math.round(wrong / 60_000)} minutes off`);
        expect(Math.abs(wrong) > 3_500_000, `its clock is wrong, and not by ${wrong} ms`);
        const runs = [...(await startRuns(client, 4)), ...(await startRuns(client, 4, { api: 1 }))];
        for (const run of runs) await untilSeen(run, 5);
        for (const { runId } of runs) {
          const { status, attempt } = await untilEnded(arena, runId);
          expect(
            status === "completed" && attempt === 1,
            `no worker is lost because of its clock: ${status} in attempt ${attempt}`,
          );
        }
        const holders = new Set(runs.map(({ runId }) => arena.holders.of(runId)));
        expect(holders.has(worker?.name ?? null), "the worker with the wrong clock works too");
      }
    },
  },
  {
    id: "F67",
    title: "four other processes use all the processor time they can get",
    guarantees: ["G1", "G3", "G11"],
    async play({ arena, client }) {
      await arena.fault("four busy processes", () =>
        whileBusy(BUSY_PROCESSES, async () => {
          const runs = await startRuns(client, 8);
          for (const { runId } of runs) {
            const { status, attempt } = await untilEnded(arena, runId);
            expect(
              status === "completed" && attempt === 1,
              `no worker is lost: ${status} in attempt ${attempt}`,
            );
          }
        }),
      );
    },
  },
];
