/**
 * Closes connections without requests on shutdown. Browsers open connections in advance, probes
 * open them to test the port. Node.js counts them as active, and would never finish closing.
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
