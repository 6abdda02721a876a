/**
 * Closes a history: waits, for a limited time, until every run has ended and every reader is done,
 * then records what the database, the log and the gateway hold of them.
 *
 * A run counts from when it is stored, and not from when its acceptance arrived: a fault is most
 * likely to harm the runs whose responses it swallows.
 */
import { Redis } from "ioredis";
import { eventually } from "../support/eventually.ts";
import type { Arena } from "./arena.ts";
import type { Client } from "./client.ts";
import { seen } from "./history.ts";
import { countSubscriptions } from "./subscriptions.ts";

export interface CollectOptions {
  readonly withinMs: number;
  readonly clients: readonly Client[];
}

/** The end of a log is written after the row. What comes later is not recorded. */
const LOG_WITHIN_MS = 3_000;
/** A process unsubscribes from a run a moment after its last reader left. */
const LET_GO_WITHIN_MS = 5_000;

export async function collect(arena: Arena, { withinMs, clients }: CollectOptions): Promise<void> {
  const { recorder, database } = arena;
  // Once for each run: a log that a scenario has recorded already is not recorded again.
  const recorded = new Set(seen(recorder.history, "log").map(({ runId }) => runId));
  const accepted = new Set(seen(recorder.history, "accepted").map(({ runId }) => runId));
  const runIds = [...accepted].filter((runId) => !recorded.has(runId));
  await waitFor(async () => {
    const stored = await database.readStored();
    return stored.every(({ status }) => status !== "running");
  }, withinMs);
  await noteRows(arena, runIds);
  await waitFor(() => clients.every((client) => client.isTold()), withinMs);
  await noteLogs(arena, runIds);
  await noteSubscriptions(arena);
  for (const runId of runIds) {
    for (const call of await arena.gateway.callsOf(runId)) {
      recorder.note({ kind: "call", runId, ...call });
    }
  }
  for (const one of await database.readTransitions(runIds)) recorder.keep(one);
  for (const one of await database.readAttempts(runIds)) {
    recorder.note({ kind: "attempt_stored", ...one });
  }
  for (const one of await database.readStored()) recorder.note({ kind: "stored", ...one });
  arena.secrets.searchEvents();
  // The second look at the same rows shows whether something changed them late.
  await noteRows(arena, runIds);
}

/** What does not come in time is missing from the history, and the checker reports it. */
async function waitFor(holds: () => boolean | Promise<boolean>, withinMs: number): Promise<void> {
  await eventually(holds, Boolean, withinMs).catch(() => undefined);
}

async function noteRows({ recorder, database }: Arena, runIds: readonly string[]): Promise<void> {
  const rows = await database.readRows(runIds);
  for (const runId of runIds) {
    recorder.note({ kind: "row", runId, row: rows.get(runId) ?? null });
  }
}

async function noteLogs({ redisUrl, recorder }: Arena, runIds: readonly string[]): Promise<void> {
  const redis = new Redis(redisUrl);
  const idsOf = async (runId: string): Promise<string[]> =>
    (await redis.xrange(`{run:${runId}}:log`, "-", "+")).map(([id]) => id);
  try {
    await waitFor(async () => {
      const logs = await Promise.all(runIds.map(idsOf));
      return logs.every((ids) => ids.at(-1)?.endsWith("-999999999"));
    }, LOG_WITHIN_MS);
    for (const runId of runIds) recorder.note({ kind: "log", runId, ids: await idsOf(runId) });
  } finally {
    redis.disconnect();
  }
}

async function noteSubscriptions(arena: Arena): Promise<void> {
  const { recorder, subscriptionsBefore: before } = arena;
  let after = before;
  await waitFor(async () => {
    after = await countSubscriptions(arena);
    return after <= before;
  }, LET_GO_WITHIN_MS);
  recorder.note({ kind: "resource", name: "subscriptions", before, after });
}
