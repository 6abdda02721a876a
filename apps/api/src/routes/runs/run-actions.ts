/** Cancels or retries an existing run. */
import { isTerminal, type Run, runSchema } from "@cmo/shared/contract";
import { expectedError } from "@cmo/shared/runtime";
import type { App } from "../../http/app-instance.ts";
import { callerOf } from "../../http/caller.ts";
import { POLL_SECONDS } from "../../policy.ts";
import { type SubmitDeps, submitRun } from "../request/submit-run.ts";
import { noBody, noQuery, problemResponses, sentHeaders } from "../response/openapi.ts";
import { announceCancel } from "./announce-cancel.ts";
import { findRun, runParams } from "./find-run.ts";

export function registerRunActions(app: App, deps: SubmitDeps): void {
  app.post(
    "/v1/runs/:id/cancel",
    {
      schema: {
        tags: ["Runs"],
        operationId: "cancelRun",
        summary: "Cancel a run",
        description:
          "Returns 200 when the run has ended, and 202 while its worker is still stopping. Idempotent.",
        params: runParams,
        querystring: noQuery,
        body: noBody,
        response: { 200: runSchema, 202: runSchema, ...problemResponses },
      },
    },
    async (request, reply) => {
      const { id } = await findRun(request, request.params.id);
      const run = await callerOf(request).runs.cancel(id);
      await announceCancel(deps, run, request);
      reply.header("x-run-id", run.id);
      if (isTerminal(run)) return reply.code(200).send(run);
      return reply.code(202).header("retry-after", POLL_SECONDS).send(run);
    },
  );

  app.post(
    "/v1/runs/:id/retry",
    {
      schema: {
        tags: ["Runs"],
        operationId: "retryRun",
        summary: "Retry a run",
        sentHeaders: sentHeaders("Idempotency-Key"),
        description:
          "Submits a new run with the mode, payload and workspace of a run that has ended.",
        params: runParams,
        querystring: noQuery,
        body: noBody,
        response: { 202: runSchema, ...problemResponses },
      },
    },
    async (request, reply) => {
      const old = await findRun(request, request.params.id);
      if (!isTerminal(old)) throw expectedError("run_not_finished");
      const run = await submitRun(deps, { request, reply }, toRetry(old));
      reply.header("location", `/v1/runs/${run.id}`).header("retry-after", POLL_SECONDS);
      return reply.code(202).send(run);
    },
  );
}

function toRetry(run: Run) {
  return {
    mode: run.mode,
    input: run.input,
    workspaceId: run.workspace_id,
    tenantClaim: undefined,
    save: run.save_artifacts,
    onRateLimit: "wait",
    retryOf: run.id,
  } as const;
}
