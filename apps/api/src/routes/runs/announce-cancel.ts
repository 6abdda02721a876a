/** Announces that a run was cancelled, or that its cancellation was requested. */
import { attemptOf, isTerminal, type Run } from "@cmo/shared/contract";
import type { FastifyRequest } from "fastify";
import type { ApiDeps } from "../../api-deps.ts";

/** Best-effort hints; failures are only logged. The cancel has been committed. */
export async function announceCancel(
  deps: Pick<ApiDeps, "hub" | "runLog">,
  run: Pick<Run, "id" | "attempt" | "status">,
  request: FastifyRequest,
): Promise<void> {
  if (!isTerminal(run)) return deps.hub.announceCancel(run.id);
  try {
    await deps.runLog.end(attemptOf(run));
  } catch (error) {
    request.log.warn(
      { error, runId: run.id },
      "End of run not announced; readers find it in the row",
    );
  }
}
