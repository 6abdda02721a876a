/** A server that answers a POSTed prompt with a stream of strings, as each peer makes it. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { listen, serveParent } from "../programs/serve-parent.ts";

type Answer = (prompt: string) => Promise<AsyncIterable<string>>;

export async function servePrompts(answer: Answer): Promise<void> {
  const server = createServer((request, response) => {
    handle(answer, request, response).catch((error: unknown) => {
      console.error(error);
      if (response.headersSent) response.destroy();
      else response.writeHead(500).end();
    });
  });
  serveParent({}, await listen(server));
}

async function handle(answer: Answer, request: IncomingMessage, response: ServerResponse) {
  let body = "";
  for await (const part of request.setEncoding("utf8")) body += String(part);
  const { prompt }: { prompt: string } = JSON.parse(body);
  const parts = await answer(prompt);
  response.writeHead(200, { "content-type": "text/event-stream" });
  response.flushHeaders();
  for await (const part of parts) response.write(part);
  response.end();
}
