/** One tenant that submits far more than the others. */
import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import type { Arena } from "../arena.ts";
import type { Client } from "../client.ts";
import type { Scenario, Stage } from "../scenario.ts";
import { expect, untilEnded } from "../steps.ts";

const SLOTS_PER_WORKER = 10;
const WORKERS = 2;
const SLOTS = SLOTS_PER_WORKER * WORKERS;
const MAX_QUEUED = 50;
/** More than the workers can take, over the time in which the quiet tenant submits. */
const NOISY = { submits: 500, together: 5, everyMs: 80 };
const QUIET = { submits: 12, everyMs: 600 };
/**
 * While all slots are busy, the next one is free after the time of a run divided by the slots, on
 * average; one of twenty waits takes three times as long.
 */
const BUSY_SLOTS = 3 / SLOTS;

const waitSchema = z.object({ queued_ms: z.number(), duration_ms: z.number() });

interface Waits {
  readonly p95Ms: number;
  readonly medianDurationMs: number;
}

async function measure(arena: Arena, runIds: readonly string[]): Promise<Waits> {
  await Promise.all(runIds.map((runId) => untilEnded(arena, runId, 60_000)));
  const sql = "select queued_ms, duration_ms from public.agent_runs where id = any ($1)";
  const rows = z.array(waitSchema).parse(await arena.database.query(sql, [runIds]));
  return {
    p95Ms: quantile(
      rows.map((row) => row.queued_ms),
      0.95,
    ),
    medianDurationMs: quantile(
      rows.map((row) => row.duration_ms),
      0.5,
    ),
  };
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.ceil(share * sorted.length) - 1] ?? Number.NaN;
}

async function submitQuietly(client: Client): Promise<string[]> {
  const runIds: string[] = [];
  for (let i = 0; i < QUIET.submits; i += 1) {
    runIds.push(await client.start());
    await delay(QUIET.everyMs);
  }
  return runIds;
}

type Reply = Awaited<ReturnType<Client["submit"]>>;

async function submitNoisily(client: Client): Promise<Reply[]> {
  const replies: Promise<Reply>[] = [];
  while (replies.length < NOISY.submits) {
    for (let i = 0; i < NOISY.together; i += 1) replies.push(client.submit());
    await delay(NOISY.everyMs);
  }
  return Promise.all(replies);
}

async function floodBeside({ arena, client: noisy, report }: Stage): Promise<void> {
  const quiet = await arena.createClient();
  const idle = await measure(arena, await submitQuietly(quiet));

  const flood = submitNoisily(noisy);
  // The quiet tenant comes when the queue is full.
  await delay(1_000);
  const beside = await measure(arena, await submitQuietly(quiet));
  const replies = await flood;

  const accepted = replies.flatMap(({ runId }) => runId ?? []);
  const refused = replies.filter(({ runId }) => runId === null);
  const { medianDurationMs } = await measure(arena, accepted);
  const most = 2 * idle.p95Ms + BUSY_SLOTS * medianDurationMs;
  report(
    `of ${replies.length} submits ${accepted.length} were accepted and ${refused.length} refused; the quiet tenant waited ${idle.p95Ms} ms alone and ${beside.p95Ms} ms beside them (p95), of ${Math.round(most)} ms allowed`,
  );
  expect(refused.length > 0, "a tenant with a full queue is refused");
  for (const { status, code, retryAfter } of refused) {
    const isTold = status === 429 && code === "queue_full" && (retryAfter ?? 0) > 0;
    expect(isTold, `it is told when to come again, not ${status} ${code} ${retryAfter}`);
  }
  expect(beside.p95Ms <= most, `others wait ${Math.round(most)} ms at most, not ${beside.p95Ms}`);
}

export const TENANT_FAULTS: readonly Scenario[] = [
  {
    id: "F71",
    title: "one tenant submits far more runs than the others",
    guarantees: ["G1", "G28"],
    arena: {
      workers: WORKERS,
      environment: { WORKER_CONCURRENCY: String(SLOTS_PER_WORKER) },
      tenantLimits: { max_queued: String(MAX_QUEUED) },
      piecesPerSecond: 400,
    },
    play: floodBeside,
  },
];
