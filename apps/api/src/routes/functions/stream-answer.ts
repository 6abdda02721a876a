/**
 * Streams a run in the format of the replaced functions. The status is deferred until the first
 * text or a failure, for clients that check only the status.
 */
import type { AgentCard } from "@cmo/agents/catalog";
import type { ReaderEvent, Run } from "@cmo/shared/contract";
import type { FastifyReply, FastifyRequest } from "fastify";
import { callerOf } from "../../http/caller.ts";
import { deferStatus } from "../../sse/defer-status.ts";
import { encodeEvents } from "../../sse/encode-events.ts";
import { newOpenaiEncoder } from "../../sse/formats/openai.ts";
import { isEnding, type ReadDeps, readRun } from "../../sse/read-run.ts";
import { toSseTiming, writeSse } from "../../sse/write-sse.ts";
import { toRunError } from "../response/run-error.ts";

export interface Answer {
  readonly run: Run;
  readonly card: AgentCard;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  /** Whether a last chunk says what the run has used. */
  readonly includeUsage?: boolean;
}

export async function streamAnswer(
  deps: ReadDeps,
  { run, card, request, reply, includeUsage = false }: Answer,
): Promise<FastifyReply> {
  const { policy, clock } = deps;
  const caller = callerOf(request);
  const source = readRun(deps, { run, caller, reply, maxMs: policy.STREAM_MAX_MS });
  const deferral = { decides: decidesStatus, maxMs: policy.DEFER_STATUS_MS, clock };
  const { decision, events, close } = await deferStatus(source, deferral);
  try {
    if (decision && isEnding(decision) && decision.type !== "completed") {
      throw toRunError(decision, run.id);
    }
    reply.header("x-cmo-duration", Math.round(reply.elapsedTime));
    const encoder = newOpenaiEncoder(run, card, { includeUsage });
    await writeSse(reply, encodeEvents(events, encoder), toSseTiming(policy));
    return reply;
  } finally {
    close();
  }
}

function decidesStatus(event: ReaderEvent): boolean {
  if (event.type === "delta" || event.type === "snapshot") return event.data.text !== "";
  return event.type === "reconnect" || isEnding(event);
}
