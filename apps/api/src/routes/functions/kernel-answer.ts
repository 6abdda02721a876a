/**
 * The JSON response of the kernel, sent when the run has ended. After DEFER_STATUS_MS the status is
 * sent first, and spaces keep the connection alive: JSON allows leading white space.
 */
import { type ReaderEvent, type Run, runContinuesDetail, shownErrorOf } from "@cmo/shared/contract";
import type { FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { callerOf } from "../../http/caller.ts";
import { hijack } from "../../http/hijack.ts";
import { deferStatus } from "../../sse/defer-status.ts";
import { type EndingEvent, isEnding, type ReadDeps, readRun } from "../../sse/read-run.ts";
import type { Source } from "../../sse/source.ts";
import { toRunError } from "../response/run-error.ts";

/** With status 200, `success: false` is a run that failed after the status had been sent. */
export const kernelAnswerSchema = z
  .object({
    success: z.boolean(),
    run_id: z.string(),
    mode: z.string().optional(),
    duration_ms: z.int().optional(),
    data: z.record(z.string(), z.unknown()).nullish(),
    result: z.record(z.string(), z.unknown()).nullish().describe("The same as `data`."),
    error: z.string().optional(),
    detail: z.string().optional(),
    code: z.string().optional(),
    ignored: z
      .array(z.string())
      .optional()
      .describe("Members of the payload that the agent does not know."),
  })
  .loose()
  .meta({ id: "KernelAnswer" });

export interface KernelAnswer {
  readonly run: Run;
  /** As the caller named it. */
  readonly mode: string;
  readonly ignored: readonly string[];
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

export async function answerKernel(deps: ReadDeps, answer: KernelAnswer): Promise<FastifyReply> {
  const { policy, clock } = deps;
  const { run, request, reply } = answer;
  const caller = callerOf(request);
  const source = readRun(deps, { run, caller, reply, maxMs: policy.STREAM_MAX_MS });
  const deferral = { decides: endsWait, maxMs: policy.DEFER_STATUS_MS, clock };
  const { decision, events, close } = await deferStatus(source, deferral);
  try {
    if (!decision) return await answerLate(events, answer, policy.SSE_KEEP_ALIVE_MS);
    if (!isEnding(decision)) {
      reply.code(202).header("location", `/v1/runs/${run.id}`);
      return reply.send(stillRunning(run));
    }
    if (decision.type !== "completed") throw toRunError(decision, run.id);
    reply.header("x-cmo-duration", decision.data.duration_ms);
    return reply.send(toEnvelope(decision, answer));
  } finally {
    close();
  }
}

function endsWait(event: ReaderEvent): boolean {
  return event.type === "reconnect" || isEnding(event);
}

async function answerLate(
  events: Source<ReaderEvent>,
  answer: KernelAnswer,
  keepAliveMs: number,
): Promise<FastifyReply> {
  const { run, reply } = answer;
  const response = hijack(reply, { "content-type": "application/json; charset=utf-8" });
  response.write(" ");
  const keepAlive = setInterval(() => response.write(" "), keepAliveMs);
  let body: object = stillRunning(run);
  try {
    await events((event) => {
      if (isEnding(event)) body = toEnvelope(event, answer);
      return true;
    });
  } catch (error) {
    reply.log.error({ error, runId: run.id }, "Waiting for a run failed");
  } finally {
    clearInterval(keepAlive);
    response.end(JSON.stringify(body));
  }
  return reply;
}

function toEnvelope(ending: EndingEvent, { run, mode, ignored }: KernelAnswer): object {
  const known = ignoredMembers(ignored);
  if (ending.type === "completed") {
    const { output, duration_ms } = ending.data;
    return {
      success: true,
      mode,
      duration_ms,
      run_id: run.id,
      data: output,
      result: output,
      ...known,
    };
  }
  const { code, message } = toRunError(ending, run.id);
  const error = shownErrorOf(code, message);
  return { success: false, mode, error, detail: message, code, run_id: run.id, ...known };
}

/** No member when nothing was ignored. */
export function ignoredMembers(ignored: readonly string[]): { ignored?: readonly string[] } {
  return ignored.length > 0 ? { ignored } : {};
}

/** For a connection that ends before the run. */
function stillRunning(run: Run): object {
  return {
    success: false,
    error: runContinuesDetail(run.id),
    code: "draining",
    run_id: run.id,
  };
}
