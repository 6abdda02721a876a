/** Submits, reads and cancels pipelines. */
import { randomUUID } from "node:crypto";
import {
  attemptOf,
  type Pipeline,
  pipelineSchema,
  submitPipelineSchema,
} from "@cmo/shared/contract";
import type { FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import type { App } from "../../http/app-instance.ts";
import { callerOf } from "../../http/caller.ts";
import { sendWithEtag } from "../../http/etag.ts";
import { setRateLimit } from "../../http/rate-limit-headers.ts";
import { POLL_SECONDS } from "../../policy.ts";
import type { ReadDeps } from "../../sse/read-run.ts";
import { hasStreamPlace } from "../../sse/take-stream.ts";
import { findScope } from "../request/run-scope.ts";
import { readIdempotencyKey, type SubmitDeps } from "../request/submit-run.ts";
import { problemResponses, sentHeaders } from "../response/openapi.ts";
import { announceCancel } from "../runs/announce-cancel.ts";
import { findPipeline, pipelineParams } from "./find-pipeline.ts";
import { readPipeline } from "./read-pipeline.ts";
import { toStepPayloads } from "./step-payloads.ts";

const findQuerySchema = z.strictObject({
  wait: z.coerce
    .number()
    .min(0)
    .optional()
    .describe("Seconds to wait for the pipeline to end, up to 30."),
});

export function registerPipelines(app: App, deps: SubmitDeps & ReadDeps): void {
  registerSubmitPipeline(app, deps);
  registerFindPipeline(app, deps);
  registerCancelPipeline(app, deps);
}

function registerSubmitPipeline(app: App, deps: SubmitDeps): void {
  app.post(
    "/v1/pipelines",
    {
      schema: {
        tags: ["Pipelines"],
        operationId: "submitPipeline",
        summary: "Submit a pipeline",
        sentHeaders: sentHeaders("Idempotency-Key", "X-Workspace-Id"),
        description:
          "Each step is a run that saves its artifacts and receives those of the previous steps. Returns 202 when the pipeline has been accepted. Send an `Idempotency-Key` to retry safely.",
        body: submitPipelineSchema,
        response: { 202: pipelineSchema, ...problemResponses },
      },
    },
    async (request, reply) => {
      const { steps, payload } = request.body;
      const { pipeline, created, rateLimit } = await callerOf(request).pipelines.create({
        ...findScope(request, [request.body]),
        id: randomUUID(),
        steps,
        inputs: toStepPayloads(steps, payload),
        idempotencyKey: readIdempotencyKey(request),
      });
      const [run] = pipeline.runs;
      if (rateLimit) setRateLimit(reply, rateLimit);
      if (!created) reply.header("idempotency-replayed", "true");
      // The row is the outbox: the sweep repeats an add that is lost.
      else if (run) await deps.queue.add(attemptOf(run));
      request.log.info({ pipelineId: pipeline.id, steps, created }, "Pipeline accepted");
      reply.header("location", `/v1/pipelines/${pipeline.id}`).header("retry-after", POLL_SECONDS);
      return reply.code(202).send(pipeline);
    },
  );
}

function registerFindPipeline(app: App, deps: ReadDeps): void {
  app.get(
    "/v1/pipelines/:id",
    {
      schema: {
        tags: ["Pipelines"],
        operationId: "readPipeline",
        summary: "Read a pipeline",
        sentHeaders: sentHeaders("If-None-Match"),
        description: "With `?wait=20`, responds when the pipeline has ended, or after 20 seconds.",
        params: pipelineParams,
        querystring: findQuerySchema,
        response: {
          200: pipelineSchema,
          304: z.null().describe("The pipeline has not changed since the `If-None-Match` version."),
          ...problemResponses,
        },
      },
    },
    async (request, reply) => {
      const found = await findPipeline(request, request.params.id);
      const waitMs = Math.min((request.query.wait ?? 0) * 1000, deps.policy.MAX_WAIT_MS);
      const pipeline = await waitForPipeline(deps, { pipeline: found, waitMs, request, reply });
      if (pipeline.status === "running") reply.header("retry-after", POLL_SECONDS);
      return sendWithEtag(request, reply, pipeline);
    },
  );
}

interface Wait {
  readonly pipeline: Pipeline;
  readonly waitMs: number;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

async function waitForPipeline(
  deps: ReadDeps,
  { pipeline, waitMs, request, reply }: Wait,
): Promise<Pipeline> {
  if (pipeline.status !== "running" || waitMs <= 0) return pipeline;
  const caller = callerOf(request);
  const hasPlace = await hasStreamPlace(deps, {
    request,
    reply,
    workspaceId: pipeline.workspace_id,
  });
  if (!hasPlace) return pipeline;
  const events = readPipeline(deps, { pipeline, caller, reply, maxMs: waitMs });
  await events(() => true);
  return (await caller.pipelines.find(pipeline.id)) ?? pipeline;
}

function registerCancelPipeline(app: App, deps: SubmitDeps): void {
  app.post(
    "/v1/pipelines/:id/cancel",
    {
      schema: {
        tags: ["Pipelines"],
        operationId: "cancelPipeline",
        summary: "Cancel a pipeline",
        description:
          "Cancels the current step and starts no further step. Returns 200 when the pipeline has ended, and 202 while a worker is still stopping. Idempotent.",
        params: pipelineParams,
        response: { 200: pipelineSchema, 202: pipelineSchema, ...problemResponses },
      },
    },
    async (request, reply) => {
      const { id } = await findPipeline(request, request.params.id);
      const pipeline = await callerOf(request).pipelines.cancel(id);
      const run = pipeline.runs.at(-1);
      if (run) await announceCancel(deps, run, request);
      if (pipeline.status !== "running") return reply.code(200).send(pipeline);
      return reply.code(202).header("retry-after", POLL_SECONDS).send(pipeline);
    },
  );
}
