/** The naive relay's worker: one PUBLISH a chunk, and the row at the end. */
import { Worker } from "bullmq";
import { EventSourceParserStream } from "eventsource-parser/stream";
import { Redis } from "ioredis";
import { required, serveParent } from "../programs/serve-parent.ts";
import { askGateway, textOfData } from "./ask-gateway.ts";
import { completeRun } from "./edge-request.ts";
import { BASELINE_CONCURRENCY, type BaselineJob, channelOf, NAIVE_QUEUE } from "./relay-names.ts";
import { createServiceClient } from "./service-client.ts";

const url = required("REDIS_URL");
const publisher = new Redis(url);
const supabase = createServiceClient();

async function relay({ runId, prompt }: BaselineJob): Promise<void> {
  const startedAt = performance.now();
  const channel = channelOf(runId);
  const answer = await askGateway(prompt);
  const events = answer
    .pipeThrough(new TextDecoderStream())
    .pipeThrough(new EventSourceParserStream());
  let text = "";
  for await (const { data } of events) {
    text += textOfData(data);
    await publisher.publish(channel, data);
  }
  await completeRun(supabase, runId, { text, startedAt });
}

const worker = new Worker<BaselineJob>(NAIVE_QUEUE, (job) => relay(job.data), {
  connection: new Redis(url, { maxRetriesPerRequest: null }),
  concurrency: BASELINE_CONCURRENCY,
});
worker.on("error", (error) => console.error(error));
worker.on("failed", (_job, error) => console.error(error));
await worker.waitUntilReady();
serveParent({});
