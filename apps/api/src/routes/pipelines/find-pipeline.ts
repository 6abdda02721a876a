/** Finds the pipeline of a path. A pipeline of another tenant is reported as not found. */
import type { Pipeline } from "@cmo/shared/contract";
import { expectedError } from "@cmo/shared/runtime";
import type { FastifyRequest } from "fastify";
import { z } from "zod";
import { callerOf } from "../../http/caller.ts";

/** Not a `z.guid()`, because a malformed id is reported as not found too. */
export const pipelineParams = z.object({ id: z.string().describe("The id of the pipeline.") });

export async function findPipeline(request: FastifyRequest, id: string): Promise<Pipeline> {
  const pipeline = await callerOf(request).pipelines.find(id);
  if (pipeline) return pipeline;
  throw expectedError("pipeline_not_found");
}
