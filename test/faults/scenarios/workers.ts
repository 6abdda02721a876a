/** Workers that die, freeze or are asked to stop. */
import { setTimeout as delay } from "node:timers/promises";
import type { AppProcess } from "../app-process.ts";
import type { Arena } from "../arena.ts";
import { seen, type Transition } from "../history.ts";
import { expectWhenQuiet } from "../needs-quiet.ts";
import type { Scenario } from "../scenario.ts";
import {
  again,
  expect,
  holderOf,
  kill,
  startRun,
  startRuns,
  terminate,
  untilEnded,
  untilLogClosed,
  untilSeen,
} from "../steps.ts";
import type { Hold, HoldOrder } from "../tcp-proxy.ts";

const DRAIN_GRACE_MS = 2_500 + 3_000;

interface HeldWorker {
  readonly worker: AppProcess;
  readonly hold: Hold;
}

/** The first worker whose request was held, and the holds of the others. */
async function firstCaught(held: readonly HeldWorker[]) {
  const first = await Promise.race(
    held.map(async (one) => {
      await one.hold.caught();
      return one;
    }),
  );
  return { ...first, others: held.filter((one) => one !== first).map(({ hold }) => hold) };
}

function holdAtWorkers({ workers }: Arena, order: HoldOrder): HeldWorker[] {
  return workers.map((worker) => ({ worker, hold: worker.supabase.hold(order) }));
}

/** A job whose worker died is delivered again after five seconds. */
const LOG_CLOSED_WITHIN_MS = 35_000;
const RESTARTED_WITHIN_MS = 2_000;

/** From a release to the next claim of the same run. */
function longestRestart(transitions: readonly Transition[]): number {
  const waits = transitions.flatMap(({ runId, at, from, to }) => {
    if (from.phase !== "active" || to.phase !== "queued") return [];
    const next = transitions.find((one) => one.runId === runId && one.at > at);
    return [(next?.at ?? Number.POSITIVE_INFINITY) - at];
  });
  return Math.round(Math.max(0, ...waits));
}

export const WORKER_FAULTS: readonly Scenario[] = [
  {
    id: "F01",
    title: "a worker dies between taking a job and claiming its run",
    guarantees: ["G1", "G3", "G11"],
    bounds: { endWithinMs: 35_000 },
    async play({ arena, client }) {
      const held = holdAtWorkers(arena, { request: /rpc\/claim_next/, part: "request" });
      const { runId } = await startRun(client);
      const { worker, hold, others } = await firstCaught(held);
      await kill(arena, worker);
      hold.drop();
      for (const other of others) other.release();
      const row = await untilEnded(arena, runId);
      expect(row.attempt === 1, `a claim that never arrived is no attempt`);
    },
  },
  {
    id: "F02",
    title: "a worker dies in the middle of a word",
    guarantees: ["G1", "G3", "G4", "G5", "G6", "G8", "G9"],
    async play({ arena, client, random }) {
      for (let round = 0; round < 3; round += 1) {
        const run = await startRun(client);
        client.read(run.runId);
        await untilSeen(run, random.int(2, 150));
        const worker = await holderOf(arena, run.runId);
        await kill(arena, worker);
        await worker.start();
        const row = await untilEnded(arena, run.runId);
        expect(row.status === "completed" && row.attempt === 2, "the second attempt completes");
      }
    },
  },
  {
    id: "F03",
    title: "a worker dies after it finalized its run, before it announced the end",
    guarantees: ["G3", "G6", "G7"],
    async play({ arena, client }) {
      const held = holdAtWorkers(arena, { request: /rpc\/finalize_run/, part: "reply" });
      const { runId } = await startRun(client);
      const { worker, hold, others } = await firstCaught(held);
      await untilEnded(arena, runId);
      await kill(arena, worker);
      hold.drop();
      for (const other of others) other.release();
      // Another worker gets the job of the dead one, and announces the end.
      await untilLogClosed(arena, runId, LOG_CLOSED_WITHIN_MS);
      const calls = await arena.gateway.callsOf(runId);
      expect(calls.length === 1, "the gateway is not asked again");
    },
  },
  {
    id: "F04",
    title: "a worker dies after it announced the end, before its job is done",
    guarantees: ["G3", "G11"],
    async play({ arena, client }) {
      const order: HoldOrder = { request: /runs:metrics:completed/, part: "request" };
      const held = arena.workers.map((worker) => ({ worker, hold: worker.redis.hold(order) }));
      const run = await startRun(client);
      await run.reader.done;
      const { worker, hold } = await firstCaught(held);
      await kill(arena, worker);
      hold.drop();
      await worker.start();
      const again = await startRun(client);
      await untilEnded(arena, again.runId);
      expect((await arena.gateway.callsOf(run.runId)).length === 1, "the gateway is asked once");
    },
  },
  {
    id: "F05",
    title: "a worker is stopped for longer than its lease, and continues",
    guarantees: ["G3", "G4", "G5", "G6"],
    async play({ arena, client, leaseMs }) {
      const run = await startRun(client);
      await untilSeen(run, 50);
      const worker = await holderOf(arena, run.runId);
      // The fault ends at once, like a kill: the others need not wait for the worker.
      await arena.fault(`${worker.name} stands still`, () => worker.signal("SIGSTOP"));
      await delay(2.25 * leaseMs);
      // It cannot learn from the ledger that it was lost: only the fences stop it.
      worker.supabase.traffic("stall");
      worker.signal("SIGCONT");
      await delay(2.25 * leaseMs);
      worker.supabase.traffic("pass");
      const row = await untilEnded(arena, run.runId);
      expect(row.status === "completed" && row.attempt === 2, "the other worker completes the run");
    },
  },
  {
    id: "F06",
    title: "a worker's event loop is blocked repeatedly",
    guarantees: ["G3", "G5"],
    bounds: { endWithinMs: 60_000 },
    async play({ arena, client, leaseMs }) {
      const runs = await startRuns(client, 4);
      const [first] = runs;
      if (!first) return;
      await untilSeen(first, 20);
      const worker = await holderOf(arena, first.runId);
      await arena.fault(`${worker.name} stutters`, () =>
        again(12_000, 200, async () => {
          worker.signal("SIGSTOP");
          await delay(0.75 * leaseMs);
          worker.signal("SIGCONT");
        }),
      );
    },
  },
  {
    id: "F11",
    title: "a worker is asked to stop while it works",
    guarantees: ["G1", "G3", "G23"],
    arena: { workers: 3 },
    async play({ arena, client, report }) {
      const runs = await startRuns(client, 12);
      for (const run of runs) await untilSeen(run, 5);
      const [first] = runs;
      if (!first) return;
      await terminate(arena, await holderOf(arena, first.runId), DRAIN_GRACE_MS);
      for (const { reader } of runs) await reader.done;
      const reasons = seen(arena.recorder.history, "event")
        .filter(({ type, data }) => type === "attempt" && Number(data["attempt"]) > 1)
        .map(({ data }) => data["reason"]);
      expect(reasons.includes("drain"), "unfinished runs are released");
      expect(!reasons.includes("worker_lost"), "no run waits for its lease to expire");
      const ids = runs.map(({ runId }) => runId);
      const worst = longestRestart(await arena.database.readTransitions(ids));
      report(`released runs were claimed again after at most ${worst} ms`);
      expectWhenQuiet(worst <= RESTARTED_WITHIN_MS, `they restart within 2 s, not ${worst} ms`);
    },
  },
];
