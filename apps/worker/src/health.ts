/** Tells an orchestrator whether this process lives, and whether it may hold runs. */
import { createServer } from "node:http";

export interface HealthOptions {
  readonly port: number;
  readonly isReady: () => boolean;
  readonly held: () => number;
}

export interface HealthServer {
  close(): Promise<void>;
}

export async function serveHealth(options: HealthOptions): Promise<HealthServer> {
  const server = createServer((request, response) => {
    const ready = options.isReady();
    const status = request.url === "/livez" || (request.url === "/readyz" && ready) ? 200 : 503;
    response.writeHead(status, { "content-type": "application/json" });
    response.end(JSON.stringify({ ready, held: options.held() }));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port, resolve);
  });
  return {
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
