/** Accepts a run. After its commit, an outage of Redis cannot turn it into an error. */
import { attemptOf, type Run } from "@cmo/shared/contract";
import type { NewRun } from "@cmo/shared/db";
import { expectedError, newRunId } from "@cmo/shared/runtime";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { ApiDeps } from "../../api-deps.ts";
import { callerOf } from "../../http/caller.ts";
import { setRateLimit } from "../../http/rate-limit-headers.ts";
import { OUTAGE_RETRY_SECONDS } from "../../policy.ts";

export type SubmitDeps = Pick<ApiDeps, "queue" | "runLog" | "hub" | "slots" | "drain">;

export type RunRequest = Omit<NewRun, "id" | "idempotencyKey">;

export async function submitRun(
  deps: Pick<SubmitDeps, "queue">,
  exchange: { readonly request: FastifyRequest; readonly reply: FastifyReply },
  wanted: RunRequest,
): Promise<Run> {
  const { request, reply } = exchange;
  const idempotencyKey = readIdempotencyKey(request);
  // guards G2
  const { run, created, rateLimit } = await callerOf(request).runs.create({
    ...wanted,
    id: newRunId(),
    idempotencyKey,
  });
  reply.header("x-run-id", run.id);
  if (rateLimit) setRateLimit(reply, rateLimit);
  if (!created) reply.header("idempotency-replayed", "true");
  // The row is the outbox: the sweep repeats an add that is lost.
  else await deps.queue.add(attemptOf(run));
  request.log.info({ runId: run.id, agent: run.agent, created }, "Run accepted");
  return run;
}

/** For responses that wait for the run: refuses the request, before a run exists, during an outage. */
export function requireLive({ queue, runLog, hub, drain }: SubmitDeps): void {
  const retryAfterSeconds = OUTAGE_RETRY_SECONDS;
  if (drain.begun) throw expectedError("draining", { retryAfterSeconds });
  if (queue.isReady() && runLog.isReady() && hub.isReady()) return;
  throw expectedError("queue_unavailable", { retryAfterSeconds });
}

export function readIdempotencyKey(request: FastifyRequest): string | undefined {
  const key = request.headers["idempotency-key"];
  if (key === undefined) return undefined;
  if (typeof key === "string" && /^[\x20-\x7e]{1,255}$/.test(key)) return key;
  throw expectedError("invalid_idempotency_key");
}
