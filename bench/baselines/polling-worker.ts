/** The polling relay's worker: the text so far is written to the row once a second. */
import { Worker } from "bullmq";
import { EventSourceParserStream } from "eventsource-parser/stream";
import { Redis } from "ioredis";
import { required, serveParent } from "../programs/serve-parent.ts";
import { askGateway, textOfData } from "./ask-gateway.ts";
import { completeRun } from "./edge-request.ts";
import { BASELINE_CONCURRENCY, type BaselineJob, POLLING_QUEUE } from "./relay-names.ts";
import { createServiceClient } from "./service-client.ts";

const WRITE_MS = 1000;
const supabase = createServiceClient();

async function write(runId: string, text: string): Promise<void> {
  const { error } = await supabase.from("bench_runs").update({ text }).eq("id", runId);
  if (error) throw error;
}

async function relay({ runId, prompt }: BaselineJob): Promise<void> {
  const startedAt = performance.now();
  const answer = await askGateway(prompt);
  const events = answer
    .pipeThrough(new TextDecoderStream())
    .pipeThrough(new EventSourceParserStream());
  let text = "";
  let writtenAt = 0;
  for await (const { data } of events) {
    text += textOfData(data);
    if (performance.now() - writtenAt < WRITE_MS) continue;
    writtenAt = performance.now();
    await write(runId, text);
  }
  await write(runId, text);
  await completeRun(supabase, runId, { text, startedAt });
}

const worker = new Worker<BaselineJob>(POLLING_QUEUE, (job) => relay(job.data), {
  connection: new Redis(required("REDIS_URL"), { maxRetriesPerRequest: null }),
  concurrency: BASELINE_CONCURRENCY,
});
worker.on("error", (error) => console.error(error));
worker.on("failed", (_job, error) => console.error(error));
await worker.waitUntilReady();
serveParent({});
