/** Stands before the gateway, passes requests on, and can refuse them all, as a provider's limit does. */
import { once } from "node:events";
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";

interface Refused {
  readonly atMs: number;
}

export interface Limiter {
  readonly url: string;
  /** Where requests are passed on to. */
  aim(url: string): void;
  /** Refuses every request with 429 from now on, with this header if one is given. */
  close429(retryAfter: string | null): void;
  open(): void;
  /** The requests that were refused, in order. */
  readonly refused: readonly Refused[];
  stop(): Promise<void>;
}

const BODY = JSON.stringify({
  error: {
    message: "Rate limit reached",
    type: "rate_limit_exceeded",
    code: "rate_limit_exceeded",
  },
});

export async function startLimiter(): Promise<Limiter> {
  const refused: Refused[] = [];
  let target = "";
  let retryAfter: string | null = null;
  let isOpen = true;
  const server = createServer((incoming, response) => {
    if (isOpen) return pass(new URL(incoming.url ?? "/", target), incoming, response);
    refused.push({ atMs: Date.now() });
    incoming.resume();
    const asks = retryAfter === null ? {} : { "retry-after": retryAfter };
    response.writeHead(429, { "content-type": "application/json", ...asks }).end(BODY);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The limiter has no port.");
  return {
    url: `http://127.0.0.1:${address.port}/v1`,
    aim(url) {
      target = url;
    },
    close429(asks) {
      retryAfter = asks;
      isOpen = false;
    },
    open() {
      isOpen = true;
    },
    refused,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

function pass(url: URL, incoming: IncomingMessage, response: ServerResponse): void {
  const onward = request(url, { method: incoming.method, headers: incoming.headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  onward.on("error", () => response.destroy());
  response.on("close", () => onward.destroy());
  incoming.pipe(onward);
}
