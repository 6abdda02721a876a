/** Accepts a run. Once it is committed, nothing that Redis does can turn it into an error. */
import { randomUUID } from "node:crypto";
import type { Run } from "@cmo/shared/contract";
import type { NewRun } from "@cmo/shared/db";
import type { RunQueue } from "@cmo/shared/queue";
import { AppError } from "@cmo/shared/runtime";
import type { RunHub, RunLog } from "@cmo/shared/stream";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Drain } from "../../drain.ts";
import { callerOf } from "../../http/caller.ts";
import { OUTAGE_RETRY_SECONDS } from "../../policy.ts";

export interface SubmitDeps {
  readonly queue: RunQueue;
  readonly runLog: RunLog;
  readonly hub: RunHub;
  readonly drain: Drain;
}

export type RunRequest = Omit<NewRun, "id" | "idempotencyKey">;

export async function submitRun(
  deps: Pick<SubmitDeps, "queue">,
  exchange: { readonly request: FastifyRequest; readonly reply: FastifyReply },
  wanted: RunRequest,
): Promise<Run> {
  const { request, reply } = exchange;
  const idempotencyKey = readIdempotencyKey(request);
  // guards G2
  const { run, created } = await callerOf(request).runs.create({
    ...wanted,
    id: randomUUID(),
    idempotencyKey,
  });
  reply.header("x-run-id", run.id);
  if (!created) reply.header("idempotency-replayed", "true");
  // The row is the outbox: an add that is lost is made again by the sweep.
  else await deps.queue.add({ runId: run.id, attempt: run.attempt });
  request.log.info({ runId: run.id, agent: run.agent, created }, "Run accepted");
  return run;
}

/** For answers that wait for the run: refuses before there is one, while waiting cannot work. */
export function requireLive({ queue, runLog, hub, drain }: SubmitDeps): void {
  if (drain.begun) {
    throw new AppError("draining", "This server is stopping. Try again at once.", {
      retryAfterSeconds: OUTAGE_RETRY_SECONDS,
    });
  }
  if (queue.isReady() && runLog.isReady() && hub.isReady()) return;
  throw new AppError(
    "queue_unavailable",
    "Streams are away for the moment. Try again, or submit with `Prefer: respond-async`.",
    { retryAfterSeconds: OUTAGE_RETRY_SECONDS },
  );
}

export function readIdempotencyKey(request: FastifyRequest): string | undefined {
  const key = request.headers["idempotency-key"];
  if (key === undefined) return undefined;
  if (typeof key === "string" && /^[\x20-\x7e]{1,255}$/.test(key)) return key;
  throw new AppError(
    "invalid_idempotency_key",
    "Idempotency-Key has to be 1 to 255 printable ASCII characters.",
  );
}
