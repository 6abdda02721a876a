/**
 * The physical limit of a stream in Node: the same line, made once, written to every reader at a
 * pace. The path says how often: `/20` is twenty times a second.
 */
import { createServer, type ServerResponse } from "node:http";
import { toChunkText } from "../gateway/script.ts";
import { nowMicros } from "../measure/clock.ts";
import { listen, serveParent } from "../programs/serve-parent.ts";

const groups = new Map<number, Set<ServerResponse>>();

function start(perSecond: number): Set<ServerResponse> {
  const readers = new Set<ServerResponse>();
  let index = 0;
  setInterval(() => {
    const text = toChunkText(nowMicros(), index);
    index += 1;
    const frame = `id: 1-${index}\nevent: delta\ndata: {"text":"${text}","offset":${index * 40}}\n\n`;
    for (const reader of readers) reader.write(frame);
  }, 1000 / perSecond);
  return readers;
}

const server = createServer((request, response) => {
  const perSecond = Number(request.url?.slice(1));
  const readers = groups.get(perSecond) ?? start(perSecond);
  groups.set(perSecond, readers);
  readers.add(response);
  response.once("close", () => readers.delete(response));
  response.writeHead(200, { "content-type": "text/event-stream" });
  response.flushHeaders();
});
serveParent({}, await listen(server));
