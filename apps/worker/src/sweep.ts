/**
 * The only takeover. SQL decides whose turn it is, who is lost and what becomes of their runs;
 * here the endings are made known and the due runs are enqueued.
 */
import type { RunLedger } from "@cmo/shared/db";
import type { RunQueue } from "@cmo/shared/queue";
import type { Logger } from "@cmo/shared/runtime";
import type { WorkerIdentity } from "./beat.ts";
import type { EndTeller } from "./tell-ends.ts";

export interface SweepDeps {
  readonly ledger: RunLedger;
  readonly queue: RunQueue;
  readonly ends: EndTeller;
  readonly identity: WorkerIdentity;
  readonly log: Logger;
}

export async function sweep({ ledger, queue, ends, identity, log }: SweepDeps): Promise<void> {
  const queueLost = await queue.wasLost();
  const { swept, ended, enqueue } = await ledger.sweep(identity.id, queueLost);
  if (!swept) return;

  if (ended.length > 0) log.info({ runs: ended.length }, "Ended runs that nobody could finish");
  await Promise.all(ended.map(({ id, attempt }) => ends.tell({ runId: id, attempt })));

  const added =
    enqueue.length === 0 ||
    (await queue.addAll(enqueue.map(({ id, attempt }) => ({ runId: id, attempt }))));
  if (enqueue.length > 0) log.info({ runs: enqueue.length, added }, "Enqueued runs that were due");
  // Only now: a mark set before the runs are back would hide that they are missing.
  if (queueLost && added) await queue.markHere();
}
