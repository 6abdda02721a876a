/** Makes it known that a run was cancelled, or asked to be. */
import { attemptOf, isTerminal, type Run } from "@cmo/shared/contract";
import type { FastifyRequest } from "fastify";
import type { SubmitDeps } from "../request/submit-run.ts";

/** The cancel is committed; these are hints that make it quick, so their failure is none. */
export async function tellOfCancel(
  deps: Pick<SubmitDeps, "hub" | "runLog">,
  run: Pick<Run, "id" | "attempt" | "status">,
  request: FastifyRequest,
): Promise<void> {
  if (!isTerminal(run)) return deps.hub.announceCancel(run.id);
  try {
    await deps.runLog.end(attemptOf(run));
  } catch (error) {
    request.log.warn({ error, runId: run.id }, "The end was not announced; readers find the row");
  }
}
