/** The log and the hub of a test, on the stack's Redis, closed when the test file is done. */
import { createLog, systemClock } from "@cmo/shared/runtime";
import {
  createRunHub,
  createRunLog,
  type LogEntry,
  type RunHub,
  type RunLog,
} from "@cmo/shared/stream";
import { inject } from "vitest";
import { closeAfter } from "./close-after.ts";
import { eventually } from "./eventually.ts";

export const silentLog = createLog({ level: "silent", app: "test" });

export async function openRunLog(
  limits?: Parameters<typeof createRunLog>[0]["limits"],
): Promise<RunLog> {
  const url = inject("stack").redisUrl;
  const log = createRunLog({ url, log: silentLog, ...(limits ? { limits } : {}) });
  closeAfter(() => log.close());
  await eventually(() => log.isReady(), Boolean);
  return log;
}

export async function openRunHub(healMs?: number): Promise<RunHub> {
  const url = inject("stack").redisUrl;
  const options = { url, log: silentLog, clock: systemClock };
  const hub = createRunHub(healMs === undefined ? options : { ...options, healMs });
  closeAfter(() => hub.close());
  await eventually(() => hub.isReady(), Boolean);
  return hub;
}

export function attemptEntry(attempt: number): LogEntry {
  const data = { attempt, reset: attempt > 1, reason: null };
  return { type: "attempt", data: JSON.stringify(data) };
}

export function deltaEntry(text: string, offset = 0): LogEntry {
  return { type: "delta", data: JSON.stringify({ text, offset }) };
}
