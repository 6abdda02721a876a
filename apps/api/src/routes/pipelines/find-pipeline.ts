/** The pipeline that an address names. Somebody else's answers as one that does not exist. */
import type { Pipeline } from "@cmo/shared/contract";
import { AppError } from "@cmo/shared/runtime";
import type { FastifyRequest } from "fastify";
import { z } from "zod";
import { callerOf } from "../../http/caller.ts";

/** Not a `z.guid()`: what cannot be a pipeline's id is a pipeline that is not found. */
export const pipelineParams = z.object({ id: z.string().describe("The pipeline's id.") });

export async function findPipeline(request: FastifyRequest, id: string): Promise<Pipeline> {
  const pipeline = await callerOf(request).pipelines.find(id);
  if (pipeline) return pipeline;
  throw new AppError("pipeline_not_found", "There is no pipeline with this id.");
}
