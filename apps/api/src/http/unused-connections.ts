/**
 * Connections on which nothing was ever asked: browsers open them in advance, probes only to see
 * that they can. Node's server counts them as busy, and would hold its close up for ever.
 */
import type { Socket } from "node:net";
import type { App } from "./app-instance.ts";

export function closeUnusedConnections(app: App): void {
  const unused = new Set<Socket>();
  let closing = false;

  app.server.on("connection", (socket: Socket) => {
    if (closing) socket.destroy();
    else unused.add(socket);
    socket.once("close", () => unused.delete(socket));
  });
  app.server.on("request", ({ socket }) => unused.delete(socket));
  app.addHook("preClose", async () => {
    closing = true;
    for (const socket of unused) socket.destroy();
  });
}
