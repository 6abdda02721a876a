import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import { expect, test } from "vitest";
import { eventually } from "../support/eventually.ts";
import { createHistory } from "./history.ts";
import { createReader } from "./reader.ts";

const RUN = "11111111-1111-4111-8111-111111111111";

async function serve() {
  const waiting: ServerResponse[] = [];
  const server = createServer((_, response) => waiting.push(response));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = address !== null && typeof address === "object" ? address.port : 0;
  return { server, waiting, url: `http://127.0.0.1:${port}` };
}

test("a reader is open while a stream comes through, and not between two connections", async () => {
  const { server, waiting, url } = await serve();
  const recorder = createHistory();
  const given = { name: "reader", runId: RUN, token: "token", urls: [url], silenceMs: 60_000 };
  const reader = createReader({ ...given, recorder });
  try {
    await eventually(
      () => waiting.length,
      (count) => count === 1,
    );
    expect(reader.isOpen).toBe(false);
    reader.disconnect();

    await eventually(
      () => waiting.length,
      (count) => count === 2,
    );
    waiting[1]?.writeHead(200, { "content-type": "text/event-stream" });
    waiting[1]?.write('id: 1-0\nevent: attempt\ndata: {"attempt":1}\n\n');
    await eventually(
      () => reader.count,
      (count) => count === 1,
    );
    expect(reader.isOpen).toBe(true);
    reader.disconnect();
    expect(reader.isOpen).toBe(false);
  } finally {
    reader.leave();
    await reader.done;
    server.closeAllConnections();
    server.close();
  }
});
