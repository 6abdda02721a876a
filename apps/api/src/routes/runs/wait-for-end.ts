/** Waits for a run to end, up to the time that the caller specified. */
import { isTerminal, type Run } from "@cmo/shared/contract";
import type { FastifyReply, FastifyRequest } from "fastify";
import { callerOf } from "../../http/caller.ts";
import { type ReadDeps, readRun } from "../../sse/read-run.ts";
import { hasStreamPlace } from "../../sse/take-stream.ts";

export interface Wait {
  readonly run: Run;
  readonly waitMs: number;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/** Resolves to the current run. Never rejects: an accepted run stays accepted. */
export async function waitForEnd(
  deps: ReadDeps,
  { run, waitMs, request, reply }: Wait,
): Promise<Run> {
  if (isTerminal(run) || waitMs <= 0) return run;
  const caller = callerOf(request);
  try {
    const workspaceId = run.workspace_id;
    if (!(await hasStreamPlace(deps, { request, reply, workspaceId }))) return run;
    const events = readRun(deps, { run, caller, reply, maxMs: waitMs });
    await events(() => true);
    return (await caller.runs.find(run.id)) ?? run;
  } catch (error) {
    request.log.warn({ error, runId: run.id }, "Waiting for a run failed");
    return run;
  }
}
