/**
 * The only takeover. SQL decides whose turn it is, who is lost and what becomes of their runs;
 * here the endings are made known and the due runs are enqueued.
 */
import type { RunLedger } from "@cmo/shared/db";
import type { RunQueue } from "@cmo/shared/queue";
import type { Logger } from "@cmo/shared/runtime";
import type { RunLog } from "@cmo/shared/stream";
import type { WorkerIdentity } from "./beat.ts";

export interface SweepDeps {
  readonly ledger: RunLedger;
  readonly queue: RunQueue;
  readonly runLog: RunLog;
  readonly identity: WorkerIdentity;
  readonly log: Logger;
}

export async function sweep({ ledger, queue, runLog, identity, log }: SweepDeps): Promise<void> {
  const queueLost = await queue.wasLost();
  const { swept, ended, enqueue } = await ledger.sweep(identity.id, queueLost);
  if (!swept) return;

  if (ended.length > 0) log.info({ runs: ended.length }, "Ended runs that nobody could finish");
  const announced = ended.map(({ id, attempt }) => runLog.end({ runId: id, attempt }));
  const failed = (await Promise.allSettled(announced)).filter(
    ({ status }) => status === "rejected",
  );
  if (failed.length > 0) log.warn({ runs: failed.length }, "Ends were not logged; rows tell them");

  const added =
    enqueue.length === 0 ||
    (await queue.addAll(enqueue.map(({ id, attempt }) => ({ runId: id, attempt }))));
  if (enqueue.length > 0) log.info({ runs: enqueue.length, added }, "Enqueued runs that were due");
  // Only now: a mark set before the runs are back would hide that they are missing.
  if (queueLost && added) await queue.markHere();
}
