/**
 * The demo gateway's HTTP server: its routes, start and stop.
 *
 * It stands in for an AI gateway in development and tests, as a process of its own, so that requests
 * cross a real connection.
 */
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { type AnswerSettings, answerChat } from "./answer-chat.ts";
import { explain } from "./explain.ts";
import { newTicker } from "./pace.ts";
import { newRequestRecord } from "./request-record.ts";

export interface DemoGatewayOptions extends Partial<AnswerSettings> {
  readonly host?: string;
  /** 0 chooses a free port. */
  readonly port?: number;
}

export interface DemoGateway {
  /** The base URL, without the `/v1` that clients add. Throws before `listen`. */
  readonly url: string;
  listen(): Promise<string>;
  /** Ends open streams, then stops listening. Idempotent. */
  close(): Promise<void>;
}

const SETTINGS: AnswerSettings = {
  key: "demo-key",
  piecesPerSecond: 80,
  pieceChars: 12,
  noise: { rate: 0, seed: "1" },
};

export function createDemoGateway(options: DemoGatewayOptions = {}): DemoGateway {
  const { host = "127.0.0.1", port = 0, ...given } = options;
  const settings = { ...SETTINGS, ...given };
  const record = newRequestRecord();
  const ticker = newTicker();

  const routes = [
    route("POST", /^\/v1\/chat\/completions$/, ({ request, response }) =>
      answerChat({ request, response, settings, record, ticker }),
    ),
    route("GET", /^\/record\/([^/]+)$/, ({ response, part }) =>
      sendJson(response, 200, record.ofRun(decodeURIComponent(part))),
    ),
    route("DELETE", /^\/record$/, ({ response }) => {
      record.clear();
      response.writeHead(204).end();
    }),
    route("GET", /^\/livez$/, ({ response }) => sendJson(response, 200, { status: "ok" })),
    route("GET", /^\/$/, ({ response }) => {
      response.writeHead(200, { "content-type": "text/plain; charset=utf-8" }).end(explain());
    }),
  ];
  const server = createServer((request, response) => {
    dispatch(routes, request, response).catch((error: unknown) => fail(response, error));
  });

  const urlOf = () => {
    const address = server.address();
    if (address === null || typeof address === "string") {
      throw new Error("The demo gateway has no address yet. Await listen() first.");
    }
    return `http://${host.includes(":") ? `[${host}]` : host}:${address.port}`;
  };
  return {
    get url() {
      return urlOf();
    },
    async listen() {
      server.listen(port, host);
      await once(server, "listening");
      return urlOf();
    },
    async close() {
      if (!server.listening) return;
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

interface Call {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** The captured part of the path. */
  readonly part: string;
}

interface Route {
  readonly method: string;
  readonly path: RegExp;
  readonly handle: (call: Call) => Promise<void> | void;
}

function route(method: string, path: RegExp, handle: Route["handle"]): Route {
  return { method, path, handle };
}

async function dispatch(
  routes: readonly Route[],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const [path = "/"] = (request.url ?? "/").split("?");
  for (const { method, path: pattern, handle } of routes) {
    const match = request.method === method ? pattern.exec(path) : null;
    if (match) return handle({ request, response, part: match[1] ?? "" });
  }
  const message = `The demo gateway has no ${request.method} ${path}. GET / lists the routes.`;
  sendJson(response, 404, { error: { message, type: "invalid_request_error", code: "not_found" } });
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

/** Reports a bug of the gateway if the head is not sent yet, so that it is not mistaken for a fault. */
function fail(response: ServerResponse, error: unknown): void {
  const message = `The demo gateway has a bug: ${error instanceof Error ? error.stack : error}`;
  if (response.headersSent || response.destroyed) response.destroy();
  else sendJson(response, 500, { error: { message, type: "server_error", code: "bug" } });
}
