/** Which process claimed which run, according to the logs of the workers. */
import { z } from "zod";

export interface RunHolders {
  hear(process: string, line: string): void;
  /** The process that claimed the run last; null before the first claim. */
  of(runId: string): string | null;
  /** The highest claimed attempt; 0 before the first claim. */
  attemptOf(runId: string): number;
}

const claimSchema = z.object({
  msg: z.literal("Run claimed"),
  runId: z.string(),
  attempt: z.int(),
});

export function newRunHolders(): RunHolders {
  const claims = new Map<string, { process: string; attempt: number }>();
  return {
    hear(process, line) {
      if (!line.includes("Run claimed")) return;
      const claim = claimSchema.safeParse(JSON.parse(line)).data;
      if (claim) claims.set(claim.runId, { process, attempt: claim.attempt });
    },
    of: (runId) => claims.get(runId)?.process ?? null,
    attemptOf: (runId) => claims.get(runId)?.attempt ?? 0,
  };
}
