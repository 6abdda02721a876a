/** The run that an address names. Somebody else's answers as one that does not exist. */
import type { Run } from "@cmo/shared/contract";
import { AppError } from "@cmo/shared/runtime";
import type { FastifyRequest } from "fastify";
import { z } from "zod";
import { callerOf } from "../../http/caller.ts";

/** Not a `z.guid()`: what cannot be a run's id is a run that is not found. */
export const runParams = z.object({ id: z.string().describe("The run's id.") });

export async function findRun(request: FastifyRequest, id: string): Promise<Run> {
  const run = await callerOf(request).runs.find(id);
  if (run) return run;
  throw new AppError("run_not_found", "There is no run with this id.");
}
