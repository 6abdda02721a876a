/** Reads runs: one by its id, optionally waiting for its end, or a page. */
import { isTerminal, listRunsQuerySchema, runPageSchema, runSchema } from "@cmo/shared/contract";
import { z } from "zod";
import type { App } from "../../http/app-instance.ts";
import { callerOf } from "../../http/caller.ts";
import { sendWithEtag } from "../../http/etag.ts";
import { POLL_SECONDS } from "../../policy.ts";
import type { ReadDeps } from "../../sse/read-run.ts";
import { resolveMode } from "../request/resolve-mode.ts";
import { problemResponses, sentHeaders } from "../response/openapi.ts";
import { findRun, runParams } from "./find-run.ts";
import { waitForEnd } from "./wait-for-end.ts";

const findQuerySchema = z.strictObject({
  wait: z.coerce
    .number()
    .min(0)
    .optional()
    .describe("Seconds to wait for the run to end, up to 30."),
});

export function registerRuns(app: App, deps: ReadDeps): void {
  app.get(
    "/v1/runs",
    {
      schema: {
        tags: ["Runs"],
        operationId: "listRuns",
        summary: "List runs",
        description:
          "Returns the runs of every workspace that you may read, newest first. Pass `next` as `before` to read the next page.",
        querystring: listRunsQuerySchema,
        response: { 200: runPageSchema, ...problemResponses },
      },
    },
    async (request) => {
      const { workspace_id: workspaceId, mode, ...query } = request.query;
      const wanted = mode === undefined ? undefined : resolveMode(mode);
      return callerOf(request).runs.list({ ...query, workspaceId, mode: wanted });
    },
  );

  app.get(
    "/v1/runs/:id",
    {
      schema: {
        tags: ["Runs"],
        operationId: "readRun",
        summary: "Read a run",
        sentHeaders: sentHeaders("If-None-Match"),
        description: "With `?wait=20`, responds when the run has ended, or after 20 seconds.",
        params: runParams,
        querystring: findQuerySchema,
        response: {
          200: runSchema,
          304: z.null().describe("The run has not changed since the `If-None-Match` version."),
          ...problemResponses,
        },
      },
    },
    async (request, reply) => {
      const found = await findRun(request, request.params.id);
      const waitMs = Math.min((request.query.wait ?? 0) * 1000, deps.policy.MAX_WAIT_MS);
      const run = await waitForEnd(deps, { run: found, waitMs, request, reply });
      if (!isTerminal(run)) reply.header("retry-after", POLL_SECONDS);
      return sendWithEtag(request, reply, run);
    },
  );
}
