/** A gateway that thinks for as long as the request asks it to, and then answers in two sentences. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";

export interface SimulatedGateway {
  /** Without `/chat/completions`. */
  readonly url: string;
  close(): Promise<void>;
}

const MARKER = /\[\[ms:(\d+)\]\]/;
const TEXT = "Thank you, that helps. What is the name of your brand?";
const USAGE = { prompt_tokens: 900, completion_tokens: 12, total_tokens: 912 };

/** What a run of this length sends. The ledger's row keeps who sent it. */
export function toInput(ms: number, client: string): Readonly<Record<string, unknown>> {
  // With data of its own, the interview reads none from the workspace.
  return { prompt: `Hello. [[ms:${ms}]]`, existingData: { brand: { client } } };
}

export async function startSimulatedGateway(): Promise<SimulatedGateway> {
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  // A server that listens on TCP has such an address.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/v1`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  try {
    const ms = Number(MARKER.exec(await readBody(request))?.[1] ?? 0);
    await delay(ms, undefined, { signal: gone.signal });
  } catch {
    // The worker was killed, or closed the call.
    return;
  }
  response.writeHead(200, { "content-type": "text/event-stream" });
  response.write(toFrame({ choices: [{ index: 0, delta: { content: TEXT } }] }));
  response.write(
    toFrame({ choices: [{ index: 0, delta: {}, finish_reason: "stop" }], usage: USAGE }),
  );
  response.end("data: [DONE]\n\n");
}

async function readBody(request: IncomingMessage): Promise<string> {
  let body = "";
  for await (const chunk of request.setEncoding("utf8")) body += chunk;
  return body;
}

function toFrame(chunk: object): string {
  const whole = { id: "simulated", object: "chat.completion.chunk", model: "simulated", ...chunk };
  return `data: ${JSON.stringify(whole)}\n\n`;
}
