/** A database that restarts, is unavailable, or answers with errors. */
import { setTimeout as delay } from "node:timers/promises";
import type { Arena } from "../arena.ts";
import type { Scenario } from "../scenario.ts";
import { expect, killServer, startRuns, UNAVAILABLE, untilEnded, untilSeen } from "../steps.ts";

/** Longer than a lease of two seconds, so that every lease has expired. */
const OUTAGE_MS = 6_000;

/** How many more calls of an overloaded database are no storm of retries. */
const CALLS_RATIO = 3;

/** The calls of the workers in the time of an outage. Those that are refused are counted too. */
async function callsWithin({ workers }: Arena, isRefused: () => boolean): Promise<number> {
  let calls = 0;
  const applies = () => {
    calls += 1;
    return isRefused();
  };
  const order = { request: /\/rest\/v1\//, reply: UNAVAILABLE, applies };
  const stops = workers.map(({ supabase }) => supabase.answer(order));
  await delay(OUTAGE_MS);
  for (const stop of stops) stop();
  return calls;
}

export const DATABASE_FAULTS: readonly Scenario[] = [
  {
    id: "F30",
    title: "Postgres is restarted without a shutdown, at random moments",
    guarantees: ["G1", "G2", "G3", "G4", "G7"],
    async play({ arena, client, random }) {
      for (let round = 0; round < 3; round += 1) {
        const runs = await startRuns(client, 4);
        for (const run of runs) await untilSeen(run, random.int(1, 400));
        await killServer(arena, "postgres", "SIGQUIT");
        for (const { runId } of runs) await untilEnded(arena, runId);
      }
    },
  },
  {
    id: "F31",
    title: "Postgres is unavailable for three leases",
    guarantees: ["G1", "G3"],
    bounds: { endWithinMs: 60_000 },
    async play({ arena, client }) {
      const runs = await startRuns(client, 4);
      for (const run of runs) await untilSeen(run, 20);
      await arena.fault("postgres is away", async () => {
        await arena.stack.stopProcess("postgres");
        const askedAt = performance.now();
        const { status } = await client.submit();
        const tookMs = Math.round(performance.now() - askedAt);
        expect(status === 503, `a submit is answered 503, not ${status}`);
        expect(tookMs < 10_000, `a submit is answered within 10 s, not after ${tookMs} ms`);
        await delay(OUTAGE_MS);
        await arena.stack.startProcess("postgres");
      });
      for (const { runId } of runs) {
        const row = await untilEnded(arena, runId);
        expect(row.attempt === 1, "no run is taken from a living worker");
      }
    },
  },
  {
    id: "F32",
    title: "a third of the database's responses are 503, and the others are slow",
    guarantees: ["G1", "G11"],
    async play({ arena, client, random, report }) {
      await startRuns(client, 4);
      const usual = await callsWithin(arena, () => false);
      const runs = await startRuns(client, 4);
      for (const run of runs) await untilSeen(run, 20);
      const overloaded = await arena.fault("the database's API is overloaded", async () => {
        for (const { supabase } of arena.workers) supabase.delay(300);
        const calls = await callsWithin(arena, () => random.next() < 0.3);
        for (const { supabase } of arena.workers) supabase.delay(0);
        return calls;
      });
      report(`the database was called ${overloaded} times during the fault, ${usual} times before`);
      const most = CALLS_RATIO * usual;
      expect(overloaded <= most, `retries are spread: at most ${most} calls, not ${overloaded}`);
    },
  },
];
