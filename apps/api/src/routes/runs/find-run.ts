/** Finds the run of a path. A run of another tenant is reported as not found. */
import type { Run } from "@cmo/shared/contract";
import { expectedError } from "@cmo/shared/runtime";
import type { FastifyRequest } from "fastify";
import { z } from "zod";
import { callerOf } from "../../http/caller.ts";

/** Not a `z.guid()`, because a malformed id is reported as not found too. */
export const runParams = z.object({ id: z.string().describe("The id of the run.") });

export async function findRun(request: FastifyRequest, id: string): Promise<Run> {
  const run = await callerOf(request).runs.find(id);
  if (run) return run;
  throw expectedError("run_not_found");
}
