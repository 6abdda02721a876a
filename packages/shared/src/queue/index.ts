export { MAX_JOB_DELAY_MS } from "./remove-corpses.ts";
export { createRunConsumer, type RunConsumer, type TakenJob } from "./run-consumer.ts";
export { createRunQueue, type RunJob, type RunQueue } from "./run-queue.ts";
