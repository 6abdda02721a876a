/** An API that cuts its streams wherever a plan says, as networks and restarts do. */
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface LoggedEvent {
  readonly id: string;
  readonly type: string;
  readonly data: object;
}

export interface Script {
  /** The log as it is for the connection of each number; the last one stays. */
  readonly logs: readonly (readonly LoggedEvent[])[];
  /** After how many bytes each connection is cut; those after the last are not. */
  readonly cuts: readonly number[];
  readonly row: object;
}

export interface UnreliableServer {
  readonly url: string;
  readonly cursors: readonly (string | null)[];
  close(): Promise<void>;
}

export async function serveUnreliably({ logs, cuts, row }: Script): Promise<UnreliableServer> {
  const cursors: (string | null)[] = [];

  function stream(request: IncomingMessage, response: ServerResponse): void {
    const turn = cursors.length;
    const cursor = request.headers["last-event-id"];
    cursors.push(typeof cursor === "string" ? cursor : null);
    const log = logs[Math.min(turn, logs.length - 1)] ?? [];
    const frames = after(log, cursors[turn] ?? null).map(
      ({ id, type, data }) => `id: ${id}\nevent: ${type}\ndata: ${JSON.stringify(data)}\n\n`,
    );
    const bytes = Buffer.from(`event: run\ndata: ${JSON.stringify(row)}\n\n${frames.join("")}`);
    const cut = cuts[turn];
    response.writeHead(200, { "content-type": "text/event-stream" });
    if (cut === undefined) response.end(bytes);
    else response.write(bytes.subarray(0, cut), () => response.destroy());
  }

  const server = createServer((request, response) => {
    if (request.url?.endsWith("/events")) return stream(request, response);
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(row));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    cursors,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

/** What follows a cursor; all of it when the cursor is of an attempt that the log has no more. */
function after(log: readonly LoggedEvent[], cursor: string | null): readonly LoggedEvent[] {
  const at = log.findIndex(({ id }) => id === cursor);
  return at < 0 ? log : log.slice(at + 1);
}
