/** Readers that do not read, and readers with unusual cursors. */
import { eventually } from "../../support/eventually.ts";
import type { AppProcess } from "../app-process.ts";
import type { Client } from "../client.ts";
import { type EventSeen, type History, seen } from "../history.ts";
import { percentile } from "../kill-report.ts";
import { expectWhenQuiet } from "../needs-quiet.ts";
import { watchMemory } from "../process-memory.ts";
import type { Scenario, Stage } from "../scenario.ts";
import { countServerConnections, whyNoServerConnections } from "../server-connections.ts";
import { expect, startRun, untilEnded, untilSeen, withRedis } from "../steps.ts";

const MIB = 1024 * 1024;
const STALLED = 5;
/** As the arena sets it: a tenth of production's 30 s. */
const WRITE_TIMEOUT_MS = 3_000;
/** The slack is for filling the kernel's buffers, ten megabytes for each reader, before the timeout begins. */
const CUT_WITHIN_MS = WRITE_TIMEOUT_MS + 8_000;
/** How much longer others may wait for an event beside readers that do not read than beside readers that do. */
const OTHERS_WAIT_RATIO = 1.5;
/** A wait that is acceptable at any ratio. */
const UNNOTICED_MS = 500;
/** For each reader twice the longest frame: the text of the row, six times as long as JSON. */
const GROWTH_MAX_BYTES = STALLED * 12 * MIB;

/** The second API serves only these readers, so that all its connections are theirs. */
async function cutNeverReaders({ arena, client, report }: Stage): Promise<void> {
  const [, api] = arena.apis;
  if (!api?.port || api.pid === null) return;
  const slow = await Promise.all([1, 2, 3].map(() => client.start({ fault: "slow@20" })));
  const theirs = slow.map((runId) => client.read(runId, { api: 1 }));
  await eventually(() => theirs.every(({ count }) => count > 5), Boolean, 30_000);
  const { history } = arena.recorder;
  const waits = newWaits(history, new Set(theirs.map(nameOf)));
  await readAFlood(client);
  const besideReadersMs = waits.p99Ms();
  const grownBytes = watchMemory(api.pid);
  const tookMs = await stallUntilCut({ arena, client }, { api, others: theirs.length });
  const grown = grownBytes();
  const p99Ms = waits.p99Ms();
  report(`readers that take nothing were cut ${tookMs} ms after their run had ended`);
  report(`the API's memory grew by ${Math.round(grown / MIB)} MiB for ${STALLED} of them`);
  report(
    `others waited ${p99Ms} ms for their next event (p99), beside readers ${besideReadersMs} ms`,
  );
  expectWhenQuiet(
    tookMs <= CUT_WITHIN_MS,
    `they are cut within ${CUT_WITHIN_MS} ms, not ${tookMs}`,
  );
  expectWhenQuiet(
    grown <= GROWTH_MAX_BYTES,
    `${STALLED} of them cost at most ${GROWTH_MAX_BYTES / MIB} MiB more than readers that read`,
  );
  const mostMs = Math.max(UNNOTICED_MS, OTHERS_WAIT_RATIO * besideReadersMs);
  expectWhenQuiet(p99Ms <= mostMs, `others continue, and do not wait for ${p99Ms} ms`);
}

interface StalledAt {
  readonly api: AppProcess;
  /** How many other readers this API has. */
  readonly others: number;
}

/**
 * Returns how long after the end of their run the readers were cut. They continue in any case: what
 * is not read to its end would be missing from the history.
 */
async function stallUntilCut(
  { arena, client }: Pick<Stage, "arena" | "client">,
  { api, others }: StalledAt,
): Promise<number> {
  const flood = await client.start({ fault: "huge-escaped" });
  const stalled = Array.from({ length: STALLED }, () => client.read(flood, { api: 1 }));
  const resumes = stalled.map((reader) => reader.stopReading());
  try {
    await untilOpen(api, (open) => open >= others + STALLED);
    await untilEnded(arena, flood);
    const startedAt = performance.now();
    await untilOpen(api, (open) => open <= others, CUT_WITHIN_MS * 5);
    return Math.round(performance.now() - startedAt);
  } finally {
    for (const resume of resumes) resume();
    for (const { done } of stalled)
      expect((await done) === "ending", "they reconnect and receive the rest");
  }
}

/** The same with readers that read, so that the comparison shows the cost of not reading. */
async function readAFlood(client: Client): Promise<void> {
  const flood = await client.start({ fault: "huge-escaped" });
  const readers = Array.from({ length: STALLED }, () => client.read(flood, { api: 1 }));
  for (const { done } of readers) await done;
}

async function untilOpen(
  { port }: AppProcess,
  holds: (open: number) => boolean,
  withinMs = 10_000,
): Promise<void> {
  await eventually(() => countServerConnections(port ?? 0), holds, withinMs);
}

function nameOf({ name }: { readonly name: string }): string {
  return name;
}

/** How long these readers wait for their next event, measured since the call before. */
function newWaits(history: History, names: ReadonlySet<string>) {
  let from = history.length;
  return {
    p99Ms(): number {
      const waits = waitsOf(seen(history.slice(from), "event"), names);
      from = history.length;
      return Math.round(percentile(waits, 0.99) ?? Number.POSITIVE_INFINITY);
    },
  };
}

/** From each event that one of them received to the next. */
function waitsOf(events: readonly EventSeen[], names: ReadonlySet<string>): readonly number[] {
  const byReader = Map.groupBy(events, ({ reader }) => reader);
  return [...byReader].flatMap(([name, ofReader]) =>
    names.has(name)
      ? ofReader.slice(1).map(({ at }, index) => at - (ofReader[index]?.at ?? at))
      : [],
  );
}

interface Answer {
  readonly status: number;
  /** The types of what was sent. */
  readonly events: readonly string[];
  readonly ids: readonly string[];
}

async function readAt(
  { front }: AppProcess,
  { tenant }: Client,
  { runId, cursor }: { readonly runId: string; readonly cursor: string },
): Promise<Answer> {
  const response = await fetch(`http://127.0.0.1:${front.port}/v1/runs/${runId}/events`, {
    headers: { authorization: `Bearer ${tenant.token}`, "last-event-id": cursor },
  });
  const body = await response.text();
  const valuesOf = (member: "event" | "id") =>
    [...body.matchAll(new RegExp(`^${member}: (.+)$`, "gm"))].map(([, value = ""]) => value);
  return { status: response.status, events: valuesOf("event"), ids: valuesOf("id") };
}

const END_SEQ = 999_999_999;

/** How many events the cursor is ahead of the run. */
const AHEAD = 30;

/** The stream waits for the first event after the cursor, and repeats nothing. */
async function readAhead({ arena, client, report }: Stage, api: AppProcess): Promise<void> {
  const running = await startRun(client, { fault: "slow@20" });
  await untilSeen(running, 5);
  const seenSoFar = running.reader.count;
  const cursor = seenSoFar + AHEAD;
  const reading = readAt(api, client, { runId: running.runId, cursor: `1-${cursor}` });
  expect(running.reader.count < cursor, `the run is not there yet, at ${running.reader.count}`);
  const { status, events, ids } = await reading;
  const { attempt } = await untilEnded(arena, running.runId);
  expect(attempt === 1, `the run takes one attempt, not ${attempt}`);
  report(`a cursor ${AHEAD} events ahead waited for them, then got ${ids.length} events`);
  expect(status === 200, `a cursor ahead is answered 200, not ${status}`);
  expect(events.at(-1) === "completed", `it ends with the ending, not ${events.at(-1)}`);
  const logged = ids.slice(0, -1);
  expect(logged.length > 0, "it receives the events after the cursor");
  const wrong = logged.findIndex((id, index) => id !== `1-${cursor + 1 + index}`);
  expect(wrong < 0, `it continues right after ${cursor}, and not with ${logged[wrong]}`);
}

async function tryCursors(stage: Stage): Promise<void> {
  const { arena, client } = stage;
  const [api] = arena.apis;
  if (!api) return;
  await readAhead(stage, api);
  const { runId } = await startRun(client, { fault: "truncated-once" });
  const { attempt } = await untilEnded(arena, runId);
  expect(attempt === 2, `the run takes two attempts, not ${attempt}`);
  const at = (cursor: string) => readAt(api, client, { runId, cursor });

  for (const cursor of ["garbage", "1", "-1-1", "1-1-1", "1-x", "3-0", "99999999999-0"]) {
    const { status } = await at(cursor);
    expect(status === 400, `the cursor ${cursor} is answered 400, not ${status}`);
  }
  const atEnd = await at(`2-${END_SEQ}`);
  expect(atEnd.status === 204, `the cursor of the end is answered 204, not ${atEnd.status}`);
  const old = await at("1-3");
  expect(
    old.events.includes("attempt") && old.events.at(-1) === "completed",
    `a cursor of an earlier attempt gets the last one whole, not ${old.events}`,
  );
  await withRedis(arena, (redis) => redis.del(`{run:${runId}}:log`, `{run:${runId}}:meta`));
  for (const cursor of ["1-3", "2-3"]) {
    const { status, events } = await at(cursor);
    const isWhole = events.includes("snapshot") && events.at(-1) === "completed";
    expect(
      status === 200 && isWhole,
      `${cursor} of a log that is gone gets the text and the end, not ${status} ${events}`,
    );
  }
}

export const READER_FAULTS: readonly Scenario[] = [
  {
    id: "F59",
    title: "clients open streams and do not read them",
    guarantees: ["G8", "G9", "G24"],
    obstacle: whyNoServerConnections,
    arena: { apis: 2 },
    play: cutNeverReaders,
  },
  {
    id: "F62",
    title: "a cursor is old, ahead, malformed, or of a log that is gone",
    guarantees: ["G8"],
    bounds: { logsClosed: false },
    play: tryCursors,
  },
];
