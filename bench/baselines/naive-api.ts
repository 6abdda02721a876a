/**
 * The relay that tutorials show: a job for the run, and whatever the worker publishes is written
 * to the reader. A message that nobody is subscribed to is gone.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { Queue } from "bullmq";
import { Redis } from "ioredis";
import { listen, required, serveParent } from "../programs/serve-parent.ts";
import { insertRun, receive, refuse, STREAM_HEAD } from "./edge-request.ts";
import { channelOf, NAIVE_QUEUE } from "./relay-names.ts";

const url = required("REDIS_URL");
const queue = new Queue(NAIVE_QUEUE, { connection: new Redis(url) });
const subscriber = new Redis(url);
const readers = new Map<string, ServerResponse>();

subscriber.on("message", (channel, data) => {
  const response = readers.get(channel);
  if (!response) return;
  response.write(`data: ${data}\n\n`);
  if (data === "[DONE]") {
    response.end();
    leave(channel);
  }
});

function leave(channel: string): void {
  if (!readers.delete(channel)) return;
  void subscriber.unsubscribe(channel);
}

async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const received = await receive(request, response);
  if (!received) return;
  const runId = await insertRun(received);
  const channel = channelOf(runId);
  readers.set(channel, response);
  response.once("close", () => leave(channel));
  await subscriber.subscribe(channel);
  response.writeHead(200, STREAM_HEAD);
  response.flushHeaders();
  const job = { runId, prompt: received.prompt };
  await queue.add("run", job, { removeOnComplete: true, removeOnFail: true });
}

const server = createServer((request, response) => {
  handle(request, response).catch((error: unknown) => {
    console.error(error);
    if (response.headersSent) response.destroy();
    else refuse(response, 500, "Internal error");
  });
});
serveParent({}, await listen(server));
