/**
 * requirements.md's Edge Function done literally, in one process: sign-in, access, row, gateway,
 * and the gateway's bytes passed on as they come. What breaks in between is lost.
 *
 * With READ_CONTEXT it also reads what our agent reads before it calls the gateway.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { listen, serveParent } from "../programs/serve-parent.ts";
import { askGateway, textOfData } from "./ask-gateway.ts";
import {
  completeRun,
  insertRun,
  readContext,
  receive,
  refuse,
  STREAM_HEAD,
} from "./edge-request.ts";

const readsContext = process.env["READ_CONTEXT"] === "1";

async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const startedAt = performance.now();
  const received = await receive(request, response);
  if (!received) return;
  const runId = await insertRun(received);
  const context = readsContext ? await readContext(received) : "";
  const answer = await askGateway(`${received.prompt}\n${context}`);
  response.writeHead(200, STREAM_HEAD);
  const parts: Uint8Array[] = [];
  for await (const part of answer) {
    parts.push(part);
    response.write(part);
  }
  response.end();
  const text = textOfStream(Buffer.concat(parts).toString());
  await completeRun(received.supabase, runId, { text, startedAt });
}

function textOfStream(stream: string): string {
  return stream
    .split("\n")
    .map((line) => (line.startsWith("data: ") ? textOfData(line.slice(6)) : ""))
    .join("");
}

const server = createServer((request, response) => {
  handle(request, response).catch((error: unknown) => {
    console.error(error);
    if (response.headersSent) response.destroy();
    else refuse(response, 500, "Internal error");
  });
});
serveParent({}, await listen(server));
