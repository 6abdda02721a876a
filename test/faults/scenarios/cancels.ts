/** Clients that cancel at any moment, and the latency of their cancels. */
import { setTimeout as delay } from "node:timers/promises";
import type { Arena } from "../arena.ts";
import { measureCancels } from "../cancel-latencies.ts";
import type { Client } from "../client.ts";
import { collect } from "../collect.ts";
import { type History, seen } from "../history.ts";
import { percentile } from "../kill-report.ts";
import { expectWhenQuiet } from "../needs-quiet.ts";
import type { Random } from "../random.ts";
import type { Scenario, Stage } from "../scenario.ts";
import { expect, holderOf, kill, startRun, startRuns, untilEnded, untilSeen } from "../steps.ts";

const WAVES = 4;
/** Each has as many runs at once as one tenant may have. */
const TENANTS = 3;
const RUNS_A_TENANT = 10;
const DEAD_HOLDERS = 5;
const GATEWAY_MS = 250;
const READER_MS = 500;
/** A lease, a sweep, and a busy machine. */
const DEAD_HOLDER_MS = 6_000;

/** The completion is on its way to the ledger when the cancel overtakes it. */
async function cancelWhileFinishing(arena: Arena, client: Client): Promise<void> {
  const order = { request: /rpc\/finalize_run/, part: "request" } as const;
  const holds = arena.workers.map(({ supabase }) => supabase.hold(order));
  const { runId } = await startRun(client);
  await Promise.race(holds.map((hold) => hold.caught()));
  const { status } = await client.cancel(runId);
  expect(status === 202, `the cancel is accepted, not answered ${status}`);
  for (const hold of holds) hold.release();
  const row = await untilEnded(arena, runId);
  expect(row.status === "cancelled", `the cancel wins, and the run is not ${row.status}`);
}

async function cancelAtAnyMoment({ arena, client, random }: Stage): Promise<void> {
  for (let round = 0; round < 5; round += 1) {
    const runs = await startRuns(client, 8);
    await Promise.all(
      runs.map(async ({ runId }, index) => {
        // The last two of each round coincide with the end of their runs.
        await delay(index < 6 ? random.int(0, 3_000) : random.int(4_500, 5_600));
        await client.cancel(runId);
      }),
    );
    for (const { runId } of runs) await untilEnded(arena, runId);
  }
  await cancelWhileFinishing(arena, client);
}

/**
 * Returns how many cancels were accepted. On a busy machine a run may end while its cancel is on its
 * way: the reply is then 200 with the run as it has ended, and there is nothing to measure.
 */
async function cancelAll(client: Client, random: Random): Promise<number> {
  const runs = await startRuns(client, RUNS_A_TENANT);
  let accepted = 0;
  for (const run of runs) {
    await untilSeen(run, 3);
    await delay(random.int(0, 100));
    const { status, runStatus } = await client.cancel(run.runId);
    if (status === 202) accepted += 1;
    else expect(status === 200 && runStatus === "completed", `it is accepted, not ${status}`);
  }
  for (const { reader } of runs) await reader.done;
  return accepted;
}

async function measureWhileStreaming({ arena, random, report }: Stage): Promise<void> {
  const clients = await Promise.all(Array.from({ length: TENANTS }, () => arena.createClient()));
  const playWave = async (): Promise<number> => {
    const accepted = await Promise.all(clients.map((client) => cancelAll(client, random)));
    return accepted.reduce((sum, one) => sum + one, 0);
  };
  // The first cancels of a process load its code, so they are reported separately.
  await playWave();
  const warmedUp = arena.recorder.history.length;
  let accepted = 0;
  for (let wave = 0; wave < WAVES; wave += 1) accepted += await playWave();
  const asked = WAVES * TENANTS * RUNS_A_TENANT;
  expectWhenQuiet(accepted >= asked / 2, `runs last until their cancel, and not ${accepted} only`);
  await collect(arena, { withinMs: DEAD_HOLDER_MS, clients });
  const { history } = arena.recorder;
  const early = new Set(seen(history.slice(0, warmedUp), "accepted").map(({ runId }) => runId));
  const first = measureCancels(ofRuns(history, (id) => early.has(id))).readerMs;
  report(
    `readers received the ending of the first ${first.length} cancels of a fresh system: ${spread(first)}`,
  );
  const { gatewayMs, readerMs } = measureCancels(ofRuns(history, (id) => !early.has(id)));
  holdTo("the gateway's connection was closed", gatewayMs, { report, p99Ms: GATEWAY_MS });
  holdTo("readers received the ending", readerMs, { report, p99Ms: READER_MS });
}

function ofRuns(history: History, isWanted: (runId: string) => boolean): History {
  return history.filter((one) => !("runId" in one) || isWanted(one.runId ?? ""));
}

interface Limit extends Pick<Stage, "report"> {
  readonly p99Ms: number;
}

function holdTo(what: string, values: readonly number[], { report, p99Ms }: Limit): void {
  report(`${what} after an accepted cancel: ${spread(values)} (${values.length} times)`);
  const isMet = inMs(values, 0.99) <= p99Ms;
  expectWhenQuiet(isMet, `${what} within ${p99Ms} ms (p99), not: ${spread(values)}`);
}

function spread(values: readonly number[]): string {
  return `p50 ${inMs(values, 0.5)} ms, p99 ${inMs(values, 0.99)} ms`;
}

function inMs(values: readonly number[], share: number): number {
  return Math.round(percentile(values, share) ?? Number.POSITIVE_INFINITY);
}

/** The worker that holds the run is dead, so the sweep must end it. */
async function measureWithDeadHolders({ arena, client, report }: Stage): Promise<void> {
  const tookMs: number[] = [];
  for (let round = 0; round < DEAD_HOLDERS; round += 1) {
    const run = await startRun(client);
    await untilSeen(run, 5);
    const worker = await holderOf(arena, run.runId);
    await kill(arena, worker);
    await client.cancel(run.runId);
    const row = await untilEnded(arena, run.runId);
    expect(row.status === "cancelled", `it is cancelled, and not ${row.status}`);
    tookMs.push((row.completedAt ?? 0) - (row.cancelRequestedAt ?? 0));
    await worker.start();
  }
  const worst = Math.round(Math.max(...tookMs));
  report(
    `a run whose worker was dead was cancelled after at most ${worst} ms (${tookMs.length} times)`,
  );
  expectWhenQuiet(worst <= DEAD_HOLDER_MS, `a dead worker's run ends within 6 s, not ${worst} ms`);
}

export const CANCEL_FAULTS: readonly Scenario[] = [
  {
    id: "F64",
    title: "runs are cancelled at random moments",
    guarantees: ["G3", "G10"],
    play: cancelAtAnyMoment,
  },
  {
    id: "F64",
    title: "runs are cancelled while they stream, and when their worker is dead",
    guarantees: ["G3", "G10"],
    arena: { times: "default", workers: 3 },
    async play(stage) {
      await measureWhileStreaming(stage);
      await measureWithDeadHolders(stage);
    },
  },
];
