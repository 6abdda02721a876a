/** A gateway for tests: a real server on loopback that answers by a script and keeps a record. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { GatewayAnswer, TextTaker } from "../src/gateway/gateway.ts";
import { createHttpGateway, type HttpGatewayOptions } from "../src/gateway/http-gateway.ts";
import type { GatewayEvent } from "./gateway-event.ts";

interface ReceivedCall {
  readonly url: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: unknown;
  /** Resolves when the connection is closed, for any reason. */
  readonly closed: Promise<void>;
}

export type Script = (response: ServerResponse, call: ReceivedCall) => void | Promise<void>;

export interface TestGateway {
  readonly url: string;
  readonly calls: readonly ReceivedCall[];
  close(): Promise<void>;
}

export async function createTestGateway(script: Script): Promise<TestGateway> {
  const calls: ReceivedCall[] = [];
  const server = createServer((request, response) => {
    const closed = new Promise<void>((resolve) => response.on("close", resolve));
    let text = "";
    request.setEncoding("utf8").on("data", (piece: string) => {
      text += piece;
    });
    request.on("end", () => {
      const body: unknown = JSON.parse(text);
      const call = { url: request.url ?? "", headers: request.headers, body, closed };
      calls.push(call);
      void script(response, call);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The server has no port.");
  return {
    url: `http://127.0.0.1:${address.port}/v1`,
    calls,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export const sse = { "content-type": "text/event-stream" };
export const json = { "content-type": "application/json" };

/** Answers every call in the same way. */
export const answer =
  (body: string, headers: Record<string, string> = sse, status = 200): Script =>
  (response) => {
    response.writeHead(status, headers).end(body);
  };

/** A chunk in its wire format. */
export function chunk(content: string, members: object = {}): string {
  const choices = [{ index: 0, delta: { content }, finish_reason: null }];
  return `data: ${JSON.stringify({ id: "1", model: "used/model", choices, ...members })}\n\n`;
}

export function finish(reason: string | null, members: object = {}): string {
  return chunk("", { choices: [{ index: 0, delta: {}, finish_reason: reason }], ...members });
}

export const done = "data: [DONE]\n\n";

export interface AskOptions extends Partial<HttpGatewayOptions> {
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: GatewayEvent) => void;
}

/** One answer, whose text the taker gets. */
export async function askWith(
  url: string,
  onText: TextTaker,
  { signal = new AbortController().signal, ...options }: AskOptions = {},
): Promise<GatewayAnswer> {
  const gateway = createHttpGateway({ baseUrl: url, apiKey: "k-1", models: ["g/m-1"], ...options });
  const messages = [{ role: "user", content: "Hi é" }] as const;
  try {
    return await gateway.ask({ messages, requestId: "run-1-1", signal }, onText);
  } finally {
    await gateway.close();
  }
}

/** Every event of one answer. */
export async function askOnce(url: string, options: AskOptions = {}): Promise<GatewayEvent[]> {
  const { onEvent, ...rest } = options;
  const events: GatewayEvent[] = [];
  const record = (event: GatewayEvent) => {
    events.push(event);
    onEvent?.(event);
    return true;
  };
  const { usage, end } = await askWith(url, (text) => record({ type: "text", text }), rest);
  if (usage) record({ type: "usage", usage });
  record(end);
  return events;
}

/** What one answer of a gateway that follows the script came to. */
export async function askScript(script: Script, options: AskOptions = {}) {
  const gateway = await createTestGateway(script);
  try {
    const events = await askOnce(gateway.url, options);
    return { events, text: textOf(events), end: events.at(-1), calls: gateway.calls };
  } finally {
    await gateway.close();
  }
}

export function textOf(events: readonly GatewayEvent[]): string {
  return events.map((event) => (event.type === "text" ? event.text : "")).join("");
}
