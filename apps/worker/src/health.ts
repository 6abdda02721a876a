/** Serves /livez and /readyz: whether this process is alive, and whether it may hold runs. */
import { createServer } from "node:http";
import type { GatewayLane } from "@cmo/shared/contract";

export interface HealthOptions {
  readonly port: number;
  readonly isReady: () => boolean;
  readonly held: () => number;
  /** The states of the gateway's lanes. They never affect readiness. */
  readonly gateway: () => readonly GatewayLane[];
}

export interface HealthServer {
  /** The port that is listened on. It differs from the option only when that is 0. */
  readonly port: number;
  close(): Promise<void>;
}

export async function serveHealth(options: HealthOptions): Promise<HealthServer> {
  const server = createServer((request, response) => {
    const ready = options.isReady();
    const statuses: Record<string, number> = { "/livez": 200, "/readyz": ready ? 200 : 503 };
    response.writeHead(statuses[request.url ?? ""] ?? 404, { "content-type": "application/json" });
    response.end(JSON.stringify({ ready, held: options.held(), gateway: options.gateway() }));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port, resolve);
  });
  const address = server.address();
  return {
    port: typeof address === "object" && address ? address.port : options.port,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
