/**
 * Limits how many responses stay open: each takes a place before it begins, and frees it when it is
 * closed. A request that would create a run takes its place first, so that it is refused before the
 * run exists.
 */
import { ERROR_CODES } from "@cmo/shared/contract";
import type { MeantWorkspace, StreamLimits } from "@cmo/shared/db";
import { AppError, expectedError, isAppError } from "@cmo/shared/runtime";
import type { StreamHolder } from "@cmo/shared/stream";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { ApiDeps } from "../api-deps.ts";
import { callerOf } from "../http/caller.ts";
import { STREAMS_RETRY_SECONDS } from "../policy.ts";

export interface WantedStream extends MeantWorkspace {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

type SlotDeps = Pick<ApiDeps, "slots">;

/** Throws when no place is free. */
export async function takeStream(deps: SlotDeps, wanted: WantedStream): Promise<void> {
  const full = await findFull(deps, wanted);
  if (full) throw toRefusal(full, wanted.reply);
}

/** For a response that waits for a while: without a place it is sent at once, and its caller polls. */
export async function hasStreamPlace(deps: SlotDeps, wanted: WantedStream): Promise<boolean> {
  return (await findFull(deps, wanted)) === null;
}

interface Full {
  readonly scope: "process" | "tenant" | "user";
  readonly holder: StreamHolder | null;
}

/** Null when a place was taken. */
async function findFull(
  { slots }: SlotDeps,
  { request, reply, ...meant }: WantedStream,
): Promise<Full | null> {
  const holder = await findHolder(request, meant);
  const slot = await slots.take(holder);
  if (slot.kind === "full") return { scope: slot.scope, holder };
  // Emitted once, whether the response was completed or the client disconnected.
  // guards G24, G28: closed stream
  reply.raw.once("close", slot.release);
  if (reply.raw.closed) slot.release();
  return null;
}

/** Null when the limits cannot be read, or when the request will be refused for another reason. */
async function findHolder(
  request: FastifyRequest,
  meant: MeantWorkspace,
): Promise<StreamHolder | null> {
  const { userId, findStreamLimits } = callerOf(request);
  try {
    return toHolder(userId, await findStreamLimits(meant));
  } catch (error) {
    const isRefusal = isAppError(error) && ERROR_CODES[error.code].status < 500;
    if (!isRefusal) request.log.warn({ error }, "The limits of open streams were not read");
    return null;
  }
}

function toHolder(userId: string, limits: StreamLimits): StreamHolder {
  const { tenantId, maxStreams, maxUserStreams } = limits;
  return { userId, tenantId, maxTenantStreams: maxStreams, maxUserStreams };
}

function toRefusal({ scope, holder }: Full, reply: FastifyReply): AppError {
  const retryAfterSeconds = STREAMS_RETRY_SECONDS;
  if (scope === "process" || holder === null) {
    return expectedError("streams_exhausted", { retryAfterSeconds });
  }
  const limit = scope === "user" ? holder.maxUserStreams : holder.maxTenantStreams;
  const who =
    scope === "user" ? "You have as many streams" : "The users of this tenant have as many streams";
  reply.header("ratelimit", `"${scope}-streams";r=0;t=${retryAfterSeconds}`);
  reply.header("ratelimit-policy", `"${scope}-streams";q=${limit};qu="concurrent-requests"`);
  return new AppError(
    "too_many_streams",
    `${who} open as allowed: ${limit}. Close one of them and retry.`,
    { members: { scope, window: "streams", limit, remaining: 0 }, retryAfterSeconds },
  );
}
