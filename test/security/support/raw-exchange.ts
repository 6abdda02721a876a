/** Bytes to the API's port that no client would send, and what it says to them. */
import { connect } from "node:net";
import { apiUrl } from "./call-api.ts";

export interface RawAnswer {
  /** Null when the connection was closed without a word. */
  readonly status: number | null;
  readonly text: string;
  readonly lastedMs: number;
}

/** `send` may write on as long as the connection lasts. Resolves when the API has closed it. */
export function rawExchange(
  send: (write: (bytes: string) => void, signal: AbortSignal) => void,
): Promise<RawAnswer> {
  const { hostname, port } = new URL(apiUrl());
  const { promise, resolve } = Promise.withResolvers<RawAnswer>();
  const closed = new AbortController();
  const startedAt = performance.now();
  let text = "";
  const socket = connect({ host: hostname, port: Number(port) });
  socket.setEncoding("latin1");
  socket.on("data", (chunk) => {
    text += String(chunk);
  });
  // A reset is an answer too.
  socket.on("error", () => socket.destroy());
  socket.on("close", () => {
    closed.abort();
    const status = /^HTTP\/1\.1 (\d{3})/.exec(text)?.[1];
    const lastedMs = performance.now() - startedAt;
    resolve({ status: status === undefined ? null : Number(status), text, lastedMs });
  });
  socket.on("connect", () => send((bytes) => socket.write(bytes), closed.signal));
  return promise;
}

/** One request, given line by line, on a connection of its own. */
export function rawRequest(lines: readonly string[], body = ""): Promise<RawAnswer> {
  const head = [...lines, "Host: api.example.test", "Connection: close", "", ""].join("\r\n");
  return rawExchange((write) => write(head + body));
}
