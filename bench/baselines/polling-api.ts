/** The relay without pub/sub: each reader reads its run's text from the database once a second. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { Queue } from "bullmq";
import { Redis } from "ioredis";
import { listen, required, serveParent } from "../programs/serve-parent.ts";
import { type EdgeRequest, insertRun, receive, refuse, STREAM_HEAD } from "./edge-request.ts";
import { POLLING_QUEUE } from "./relay-names.ts";

const POLL_MS = 1000;
const queue = new Queue(POLLING_QUEUE, { connection: new Redis(required("REDIS_URL")) });

async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const received = await receive(request, response);
  if (!received) return;
  const runId = await insertRun(received);
  response.writeHead(200, STREAM_HEAD);
  response.flushHeaders();
  const job = { runId, prompt: received.prompt };
  await queue.add("run", job, { removeOnComplete: true, removeOnFail: true });
  await follow(received, runId, response);
}

async function follow({ supabase }: EdgeRequest, runId: string, response: ServerResponse) {
  let held = 0;
  while (!response.destroyed) {
    await delay(POLL_MS);
    const { data, error } = await supabase
      .from("bench_runs")
      .select("status, text")
      .eq("id", runId)
      .single();
    if (error) throw error;
    const text = String(data["text"] ?? "");
    if (text.length > held) response.write(toChunk(text.slice(held)));
    held = text.length;
    if (data["status"] === "completed") break;
  }
  response.end("data: [DONE]\n\n");
}

function toChunk(content: string): string {
  return `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content } }] })}\n\n`;
}

const server = createServer((request, response) => {
  handle(request, response).catch((error: unknown) => {
    console.error(error);
    if (response.headersSent) response.destroy();
    else refuse(response, 500, "Internal error");
  });
});
serveParent({}, await listen(server));
