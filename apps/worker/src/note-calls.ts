/**
 * Notes in the ledger what the calls of this process's runs have used so far, because nobody can report
 * for a process that dies.
 *
 * Usage grows with each chunk of text. It is noted when a call begins, and again when it has grown by a
 * quarter, so that a long answer is written about fifteen times.
 */
import type { AttemptCall } from "@cmo/shared/contract";
import type { NotedCalls, RunLedger } from "@cmo/shared/db";
import type { WorkerIdentity } from "./heartbeat.ts";
import type { LiveRun, LiveRuns } from "./live-runs.ts";

export interface NoteCallsDeps {
  readonly ledger: Pick<RunLedger, "noteCalls">;
  readonly live: Pick<LiveRuns, "held">;
  readonly identity: WorkerIdentity;
  readonly settings: { readonly heartbeatMs: number };
}

/** A loss then leaves out a fifth of the last call's text at most, and what came in a second. */
const GROWTH = 1.25;

/** Returns the function that notes what has changed since it was called last. */
export function createCallNotes({ ledger, live, identity, settings }: NoteCallsDeps) {
  const noted = new WeakMap<LiveRun, readonly AttemptCall[]>();
  return async (): Promise<void> => {
    const changed = live.held().flatMap((run): NotedRun[] => {
      const calls = run.calls();
      return isWorthNoting(noted.get(run) ?? [], calls) ? [{ run, calls }] : [];
    });
    if (changed.length === 0) return;
    const signal = AbortSignal.timeout(2 * settings.heartbeatMs);
    await ledger.noteCalls(identity.id, changed.map(toNote), signal);
    for (const { run, calls } of changed) noted.set(run, calls);
  };
}

interface NotedRun {
  readonly run: LiveRun;
  readonly calls: readonly AttemptCall[];
}

function toNote({ run: { runId, attempt }, calls }: NotedRun): NotedCalls {
  return { runId, attempt, calls };
}

/** Pure. */
function isWorthNoting(before: readonly AttemptCall[], now: readonly AttemptCall[]): boolean {
  return now.some((call, index) => {
    const old = before[index];
    if (call.usage === null) return old !== undefined && old.usage !== null;
    if (!old?.usage || call.estimated !== old.estimated) return true;
    return tokensOf(call) > GROWTH * tokensOf(old);
  });
}

/** Output costs several times as much as input, and a long prompt must not hide it. */
function tokensOf({ usage }: AttemptCall): number {
  return Math.max(1, usage?.completion_tokens ?? 0);
}
