/** The steps that scenarios consist of. */
import { setTimeout as delay } from "node:timers/promises";
import { END_SEQ } from "@cmo/shared/contract";
import { Redis } from "ioredis";
import { eventually } from "../support/eventually.ts";
import type { AppProcess } from "./app-process.ts";
import type { Arena } from "./arena.ts";
import type { Client, SubmitOptions } from "./client.ts";
import type { ObservedRow } from "./history.ts";
import { now } from "./history.ts";
import type { Reader } from "./reader.ts";

export interface FollowedRun {
  readonly runId: string;
  readonly reader: Reader;
}

export async function startRun(client: Client, options?: SubmitOptions): Promise<FollowedRun> {
  const runId = await client.start(options);
  client.readWithChat(runId);
  return { runId, reader: client.read(runId) };
}

export function startRuns(
  client: Client,
  count: number,
  options?: SubmitOptions,
): Promise<FollowedRun[]> {
  return Promise.all(Array.from({ length: count }, () => startRun(client, options)));
}

/** Waits until the reader has seen this many events, or the end of a shorter stream. */
export async function untilSeen({ reader }: FollowedRun, events: number): Promise<void> {
  let isDone = false;
  void reader.done.then(() => {
    isDone = true;
  });
  await eventually(() => isDone || reader.count >= events, Boolean, 30_000);
}

export async function untilEnded(
  { database }: Arena,
  runId: string,
  withinMs = 40_000,
): Promise<ObservedRow> {
  const row = await eventually(
    async () => (await database.readRows([runId])).get(runId),
    (found) => found !== undefined && found.status !== "running",
    withinMs,
  );
  if (!row) throw new Error(`There is no run ${runId}.`);
  return row;
}

/** Waits until the log of a run that has ended holds the marker of its end. */
export async function untilLogClosed(
  arena: Pick<Arena, "redisUrl">,
  runId: string,
  withinMs: number,
): Promise<void> {
  await withRedis(arena, (redis) =>
    eventually(
      async () => (await redis.xrevrange(`{run:${runId}}:log`, "+", "-", "COUNT", 1))[0]?.[0] ?? "",
      (last) => last.endsWith(`-${END_SEQ}`),
      withinMs,
    ),
  );
}

/** The worker that claimed the run last. */
export async function holderOf(arena: Arena, runId: string): Promise<AppProcess> {
  const name = await eventually(() => arena.holders.of(runId), Boolean);
  return processCalled(arena, name ?? "");
}

function processCalled({ apis, workers }: Arena, name: string): AppProcess {
  const found = [...apis, ...workers].find((one) => one.name === name);
  if (!found) throw new Error(`The arena has no process ${name}.`);
  return found;
}

export async function kill(arena: Arena, process: AppProcess): Promise<void> {
  await arena.fault(`${process.name} is killed`, () => process.signal("SIGKILL"));
  await process.ended();
}

/** Asks a process to stop, and records the duration and the exit code. */
export async function terminate(arena: Arena, process: AppProcess, graceMs: number): Promise<void> {
  const askedAt = now();
  const ended = process.ended();
  await arena.fault(`${process.name} is asked to stop`, () => process.signal("SIGTERM"));
  const exitCode = await ended;
  arena.recorder.note({ kind: "stopped", process: process.name, askedAt, graceMs, exitCode });
}

/** Kills a server of the stack; the stack starts it again. */
export async function killServer(
  arena: Arena,
  name: "redis" | "postgres",
  signal: "SIGKILL" | "SIGQUIT",
): Promise<void> {
  await arena.fault(`${name} is killed`, async () => {
    const before = pidOf(arena, name);
    process.kill(before, signal);
    await eventually(
      () => findPid(arena, name),
      (pid) => pid !== null && pid !== before,
      20_000,
    );
  });
}

/** Silences a server for a while without closing anything. */
export async function freezeServer(arena: Arena, name: "redis", ms: number): Promise<void> {
  const pid = pidOf(arena, name);
  await arena.fault(`${name} hangs for ${ms} ms`, async () => {
    process.kill(pid, "SIGSTOP");
    try {
      await delay(ms);
    } finally {
      process.kill(pid, "SIGCONT");
    }
  });
}

function findPid({ stack }: Arena, name: string): number | null {
  return stack.processes().find((one) => one.name === name)?.pid ?? null;
}

function pidOf(arena: Arena, name: string): number {
  const pid = findPid(arena, name);
  if (pid === null) throw new Error(`${name} is not running.`);
  return pid;
}

/** Without the proxies, for what an operator or an accident does to Redis. */
export async function withRedis<Result>(
  { redisUrl }: Pick<Arena, "redisUrl">,
  use: (redis: Redis) => Promise<Result>,
): Promise<Result> {
  const redis = new Redis(redisUrl);
  redis.on("error", () => {
    // A scenario that stops Redis loses its own connection too.
  });
  try {
    return await use(redis);
  } finally {
    redis.disconnect();
  }
}

/** The response of an overloaded PostgREST, as bytes. */
export const UNAVAILABLE =
  "HTTP/1.1 503 Service Unavailable\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: 2\r\n\r\n{}";

/** Repeats something disturbing for a while. */
export async function again(ms: number, everyMs: number, disturb: () => Promise<void>) {
  const until = performance.now() + ms;
  while (performance.now() < until) {
    await disturb();
    await delay(everyMs);
  }
}

/** Asks every API process whether it is ready; the harness knows whether it is. */
/** The readiness of each API, when it is as expected or after a time limit. */
export async function noteReadiness(
  { apis, recorder }: Arena,
  expected: boolean,
  withinMs: number,
): Promise<void> {
  const deadline = performance.now() + withinMs;
  for (const { name, front } of apis) {
    const ask = async (): Promise<boolean> => {
      const response = await fetch(`http://127.0.0.1:${front.port}/readyz`);
      await response.body?.cancel();
      return response.ok;
    };
    let answered = await ask();
    while (answered !== expected && performance.now() < deadline) {
      await delay(100);
      answered = await ask();
    }
    recorder.note({ kind: "readiness", process: name, expected, answered });
  }
}

export function expect(holds: boolean, sentence: string): void {
  if (!holds) throw new Error(`Expected that ${sentence}.`);
}
