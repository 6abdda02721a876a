/** Puts runs into the product's queue, as its API does after each submit. */
import { setTimeout as delay } from "node:timers/promises";
import { createRunQueue } from "@cmo/shared/queue";
import { createLog, systemClock } from "@cmo/shared/runtime";
import type { BenchStack } from "./bench-stack.ts";

const PREFIX = "bull";
const LOOK_EVERY_MS = 10;

export async function queueRuns({ stack }: BenchStack, ids: readonly string[]): Promise<void> {
  const log = createLog({ level: "silent", app: "bench" });
  const queue = createRunQueue({ url: stack.redisUrl, prefix: PREFIX, log, clock: systemClock });
  try {
    while (!queue.isReady()) await delay(LOOK_EVERY_MS);
    const isAdded = await queue.addAgain(ids.map((runId) => ({ runId, attempt: 0 })));
    if (!isAdded) throw new Error("The jobs were not added.");
  } finally {
    await queue.close();
  }
}
