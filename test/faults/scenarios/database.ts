/** A database that restarts, is unavailable, or answers with errors. */
import { setTimeout as delay } from "node:timers/promises";
import type { Scenario } from "../scenario.ts";
import { expect, killServer, startRuns, UNAVAILABLE, untilEnded, untilSeen } from "../steps.ts";

/** Longer than a lease of two seconds, so that every lease has expired. */
const OUTAGE_MS = 6_000;

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
    async play({ arena, client, random }) {
      const runs = await startRuns(client, 4);
      for (const run of runs) await untilSeen(run, 20);
      await arena.fault("the database's API is overloaded", async () => {
        const stops = arena.workers.map(({ supabase }) => {
          supabase.delay(300);
          const applies = () => random.next() < 0.3;
          return supabase.answer({ request: /\/rest\/v1\//, reply: UNAVAILABLE, applies });
        });
        await delay(OUTAGE_MS);
        for (const stop of stops) stop();
        for (const { supabase } of arena.workers) supabase.delay(0);
      });
    },
  },
];
