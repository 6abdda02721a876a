/** A database without free connections, or with a full disk. */
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { Client as Connection } from "pg";
import { eventually } from "../../support/eventually.ts";
import type { Arena } from "../arena.ts";
import type { Scenario, Stage } from "../scenario.ts";
import { putOnSmallDisk, whyNoSmallDisk } from "../small-disk.ts";
import { expect, startRuns, untilEnded, untilSeen } from "../steps.ts";

const RECOVERED_WITHIN_MS = 10_000;
const ANSWERED_WITHIN_MS = 10_000;
const OUTAGE_MS = 5_000;
const NO_CONNECTION_LEFT = "53300";

/** Takes every free connection of Postgres. The returned function releases them. */
async function takeAllConnections({ stack }: Arena): Promise<() => Promise<void>> {
  const taken: Connection[] = [];
  const pids: number[] = [];
  let isOver = false;
  const takeMore = async (): Promise<void> => {
    while (!isOver) {
      const connection = new Connection({ connectionString: stack.databaseUrl ?? "" });
      connection.on("error", () => {
        // Postgres may end it; it only occupied a connection.
      });
      try {
        await connection.connect();
      } catch (error) {
        if (!isFull(error)) throw error;
        return;
      }
      const { rows } = await connection.query<{ pid: number }>("select pg_backend_pid() as pid");
      taken.push(connection);
      pids.push(...rows.map(({ pid }) => pid));
    }
  };
  const pushOut = () =>
    taken[0]?.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where backend_type = 'client backend' and pid <> all ($1)",
      [pids],
    );
  const keepTaking = async (): Promise<void> => {
    while (!isOver) {
      await pushOut();
      await takeMore();
      await delay(20);
    }
  };
  await takeMore();
  const taking = keepTaking();
  return async () => {
    isOver = true;
    await taking;
    await Promise.all(taken.map((connection) => connection.end()));
  };
}

function isFull(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === NO_CONNECTION_LEFT;
}

/** Submits until one is refused: with 503, soon, and with a Retry-After. */
async function untilRefused({ client }: Stage, goal: string): Promise<void> {
  const deadline = performance.now() + OUTAGE_MS * 2;
  for (;;) {
    const askedAt = performance.now();
    const { status, retryAfter } = await client.submit({ goal });
    const tookMs = Math.round(performance.now() - askedAt);
    expect(tookMs < ANSWERED_WITHIN_MS, `it is answered within 10 s, not after ${tookMs} ms`);
    if (status === 202 && performance.now() < deadline) continue;
    expect(status === 503, `a submit is answered 503, not ${status}`);
    expect((retryAfter ?? 0) > 0, "the response has a Retry-After");
    return;
  }
}

async function untilAccepted({ client, report }: Stage): Promise<void> {
  const freedAt = performance.now();
  await eventually(
    () => client.submit(),
    ({ runId }) => runId !== null,
    RECOVERED_WITHIN_MS,
  );
  report(`submits were accepted again ${Math.round(performance.now() - freedAt)} ms afterwards`);
}

/** Long enough to need a page of its own, since a table that cannot grow may have room in a page. */
const LONG_GOAL = Array.from({ length: 120 }, (_, index) => `goal ${index * 7919}`).join(", ");

export const DATABASE_LIMIT_FAULTS: readonly Scenario[] = [
  {
    id: "F34",
    /**
     * Postgres itself refuses, with its own error, which the stand-in passes on as PostgREST
     * does. This does not cover the pool of PostgREST: how long it lets a request wait, and
     * its PGRST003 after the wait, which is a 504 and treated as the same outage.
     */
    title: "the database has no connections left",
    guarantees: ["G1", "G2", "G3"],
    bounds: { endWithinMs: 60_000 },
    async play(stage) {
      const { arena, client } = stage;
      const runs = await startRuns(client, 4);
      for (const run of runs) await untilSeen(run, 20);
      await arena.fault("all connections of Postgres are taken", async () => {
        const letGo = await takeAllConnections(arena);
        try {
          await untilRefused(stage, "");
          await delay(OUTAGE_MS);
        } finally {
          await letGo();
        }
      });
      await untilAccepted(stage);
      for (const { runId } of runs) {
        const { status, attempt } = await untilEnded(arena, runId);
        expect(
          status === "completed" && attempt === 1,
          `runs continue, not ${status} in ${attempt}`,
        );
      }
    },
  },
  {
    id: "F36",
    title: "the database's disk is full",
    guarantees: ["G1", "G2", "G3"],
    obstacle: whyNoSmallDisk,
    bounds: { endWithinMs: 90_000 },
    async play(stage) {
      const { arena, client } = stage;
      await arena.stack.stopProcess("postgres");
      const disk = putOnSmallDisk(join(arena.stack.dataDir, "postgres"), ROOM_MIB);
      arena.onClose(async () => {
        await arena.stack.stopProcess("postgres");
        disk.close();
      });
      await arena.stack.startProcess("postgres");
      await untilAccepted(stage);
      const runs = await startRuns(client, 4);
      for (const run of runs) await untilSeen(run, 20);
      await arena.fault("the disk of Postgres is full", async () => {
        disk.fill();
        try {
          await untilRefused(stage, LONG_GOAL);
          await delay(OUTAGE_MS);
        } finally {
          disk.free();
        }
      });
      await untilAccepted(stage);
      for (const { runId } of runs) {
        const { status } = await untilEnded(arena, runId);
        expect(status === "completed", `runs complete, not ${status}`);
      }
    },
  },
];

/** Three segments of the write-ahead log: without room for them, Postgres does not start. */
const ROOM_MIB = 64;
