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
const NOISY = { submits: 500, together: 5, everyMs: 200 };
/**
 * The slots are taken one after the other before the flood, over the time of a run. If all were taken at once,
 * all runs would end at once, and what is measured would be how fast this machine ends twenty runs.
 */
const TAKE_A_SLOT_MS = 280;
const QUIET = { submits: 16, everyMs: 1_200 };

const timesSchema = z.object({
  id: z.uuid(),
  tenant_id: z.uuid(),
  accepted_ms: z.number(),
  claimed_ms: z.number().nullable(),
  ended_ms: z.number().nullable(),
});
const TIMES = `select r.id, r.tenant_id,
  (extract(epoch from r.created_at) * 1000)::float8 as accepted_ms,
  (extract(epoch from r.created_at) * 1000 + r.queued_ms)::float8 as claimed_ms,
  (extract(epoch from r.completed_at) * 1000)::float8 as ended_ms
  from public.agent_runs r`;

interface Times {
  readonly id: string;
  readonly tenantId: string;
  readonly acceptedAt: number;
  readonly claimedAt: number;
  readonly endedAt: number;
}

async function readTimes(arena: Arena): Promise<readonly Times[]> {
  const rows = z.array(timesSchema).parse(await arena.database.query(TIMES, []));
  return rows.map((row) => ({
    id: row.id,
    tenantId: row.tenant_id,
    acceptedAt: row.accepted_ms,
    claimedAt: row.claimed_ms ?? Number.POSITIVE_INFINITY,
    endedAt: row.ended_ms ?? Number.POSITIVE_INFINITY,
  }));
}

/** What a run waited for in milliseconds, and how many others came before it that were accepted later. */
interface Wait {
  readonly totalMs: number;
  /** From when a slot was free for it: one more than its own tenant's earlier runs wait for. */
  readonly withFreeSlotMs: number;
  readonly overtakenBy: number;
}

function toWait(run: Times, all: readonly Times[]): Wait {
  const { acceptedAt, claimedAt } = run;
  const before = all.filter(
    (other) => other.tenantId === run.tenantId && other.acceptedAt < acceptedAt,
  );
  const activeAt = (at: number) =>
    all.filter((other) => other.claimedAt <= at && at < other.endedAt).length;
  const aheadAt = (at: number) => before.filter((other) => other.claimedAt > at).length;
  const isFree = (at: number) => activeAt(at) + aheadAt(at) < SLOTS;
  const changes = all.flatMap((other) => [other.claimedAt, other.endedAt]);
  const moments = changes.filter((at) => at > acceptedAt && at < claimedAt);
  const freeAt = [acceptedAt, ...moments.toSorted((one, other) => one - other)].find(isFree);
  return {
    totalMs: claimedAt - acceptedAt,
    withFreeSlotMs: claimedAt - (freeAt ?? claimedAt),
    overtakenBy: all.filter((other) => other.acceptedAt > acceptedAt && other.claimedAt < claimedAt)
      .length,
  };
}

async function measure(arena: Arena, runIds: readonly string[]): Promise<readonly Wait[]> {
  await Promise.all(runIds.map((runId) => untilEnded(arena, runId, 60_000)));
  const all = await readTimes(arena);
  return all.filter(({ id }) => runIds.includes(id)).map((run) => toWait(run, all));
}

function p95(waits: readonly Wait[], of: keyof Wait): number {
  const sorted = waits.map((wait) => wait[of]).toSorted((one, other) => one - other);
  return Math.round(sorted[Math.ceil(0.95 * sorted.length) - 1] ?? Number.NaN);
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
  for (let slot = 0; slot < SLOTS; slot += 1) {
    replies.push(client.submit());
    await delay(TAKE_A_SLOT_MS);
  }
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
  await delay(SLOTS * TAKE_A_SLOT_MS + 3_000);
  const beside = await measure(arena, await submitQuietly(quiet));
  const replies = await flood;

  const accepted = replies.flatMap(({ runId }) => runId ?? []);
  const refused = replies.filter(({ runId }) => runId === null);
  await Promise.all(accepted.map((runId) => untilEnded(arena, runId, 60_000)));
  const most = 2 * p95(idle, "totalMs");
  const waited = p95(beside, "withFreeSlotMs");
  const overtakenBy = p95(beside, "overtakenBy");
  report(
    `of ${replies.length} submits ${accepted.length} were accepted and ${refused.length} refused; the quiet tenant waited ${p95(idle, "totalMs")} ms alone and ${p95(beside, "totalMs")} ms beside them, ${waited} ms of it while a slot was free, of ${most} ms allowed (p95)`,
  );
  expect(refused.length > 0, "a tenant with a full queue is refused");
  for (const { status, code, retryAfter } of refused) {
    const isTold = status === 429 && code === "queue_full" && (retryAfter ?? 0) > 0;
    expect(isTold, `it is told when to come again, not ${status} ${code} ${retryAfter}`);
  }
  expect(waited <= most, `others wait ${most} ms at most while a slot is free, not ${waited}`);
  expect(overtakenBy === 0, `no later run comes first, not ${overtakenBy}`);
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
      piecesPerSecond: 100,
    },
    play: floodBeside,
  },
];
