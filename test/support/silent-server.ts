/** A server that takes every connection and never says a word. */
import { once } from "node:events";
import { createServer } from "node:net";
import { closeAfter } from "./close-after.ts";

export async function startSilentServer(): Promise<string> {
  const server = createServer(() => {}).listen(0, "127.0.0.1");
  closeAfter(() => server.close());
  await once(server, "listening");
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("It listens on no port.");
  return `http://127.0.0.1:${address.port}`;
}
