/** A finished run with so many events in its log, and a live one whose log somebody else writes. */
import { setTimeout as delay } from "node:timers/promises";
import { createLog } from "@cmo/shared/runtime";
import { createRunLog, type LogEntry, type RunLog } from "@cmo/shared/stream";
import type { BenchStack } from "./bench-stack.ts";
import { createRuns, withSql } from "./sql.ts";

const PIECE = " steady words about coffee, and then some more";
const ENTRIES_AN_APPEND = 250;
const ATTEMPT = 1;
const LOOK_EVERY_MS = 10;

export async function createFinishedRun(bench: BenchStack, events: number): Promise<string> {
  const [id = ""] = await createRuns(bench, { count: 1, prompt: "Tell us about coffee." });
  await withRunLog(bench, async (runLog) => {
    const writer = { runId: id, attempt: ATTEMPT };
    const entries = newEntries(events);
    for (let at = 0; at < entries.length; at += ENTRIES_AN_APPEND) {
      const { kind } = await runLog.append(writer, at, entries.slice(at, at + ENTRIES_AN_APPEND));
      if (kind !== "appended") throw new Error(`The append was answered ${kind}.`);
    }
    await runLog.end(writer);
  });
  await completeInSql(bench, id, PIECE.repeat(events));
  return id;
}

/** The product's own log, on the stack's Redis. */
export async function withRunLog<Result>(
  { stack }: BenchStack,
  use: (runLog: RunLog) => Promise<Result>,
): Promise<Result> {
  const log = createLog({ level: "silent", app: "bench" });
  const runLog = createRunLog({ url: stack.redisUrl, log });
  try {
    while (!runLog.isReady()) await delay(LOOK_EVERY_MS);
    return await use(runLog);
  } finally {
    await runLog.close();
  }
}

export function newEntries(deltas: number): readonly LogEntry[] {
  const attempt = { attempt: ATTEMPT, reset: false, reason: null };
  return [
    { type: "attempt", data: JSON.stringify(attempt) },
    ...Array.from({ length: deltas }, (_, index) => ({
      type: "delta",
      data: JSON.stringify({ text: PIECE, offset: index * PIECE.length }),
    })),
  ];
}

/** The row as a worker would have left it; the guards are for workers. */
async function completeInSql(bench: BenchStack, id: string, text: string): Promise<void> {
  await withSql(bench, async (query) => {
    await query("set session_replication_role = replica");
    await query(
      `update public.agent_runs set status = 'completed', phase = 'done', attempt = $2,
         output = '{"message": ""}', output_text = $3, text_length = $4, started_at = now(),
         completed_at = now(), duration_ms = 1, queued_ms = 1, enqueue_after = null
       where id = $1`,
      [id, ATTEMPT, text, text.length],
    );
  });
}
