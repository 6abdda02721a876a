/**
 * Ends or requeues the runs of lost workers. SQL decides which worker sweeps, which workers are
 * lost, and what happens to their runs. This code announces the ends and enqueues the due runs.
 */
import type { RunLedger } from "@cmo/shared/db";
import type { RunQueue } from "@cmo/shared/queue";
import type { Logger } from "@cmo/shared/runtime";
import type { EndAnnouncer } from "./announce-ends.ts";
import type { WorkerIdentity } from "./heartbeat.ts";

export interface SweepDeps {
  readonly ledger: RunLedger;
  readonly queue: RunQueue;
  readonly ends: EndAnnouncer;
  readonly identity: WorkerIdentity;
  readonly log: Logger;
}

export async function sweep({ ledger, queue, ends, identity, log }: SweepDeps): Promise<void> {
  const queueLost = await queue.wasLost();
  const { swept, ended, enqueue } = await ledger.sweep(identity.id, queueLost);
  if (!swept) return;

  if (ended.length > 0) log.info({ runs: ended.length }, "The sweep ended runs");
  await Promise.all(ended.map(ends.announce));

  const added = enqueue.length === 0 || (await queue.addAgain(enqueue));
  if (enqueue.length > 0) log.info({ runs: enqueue.length, added }, "The sweep enqueued due runs");
  // The mark is set last: set earlier, it would hide that the queue still lacks these runs.
  if (queueLost && added) await queue.markHere();
}
