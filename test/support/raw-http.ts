/** HTTP written by hand on a socket, for what no client library would send. */
import { connect, type Socket } from "node:net";
import { closeAfter } from "./close-after.ts";

export interface RawConnection {
  readonly socket: Socket;
  heard(): string;
  /** All that the server has sent, when it has closed the connection. */
  readonly closed: Promise<string>;
}

export function connectRaw(url: string): RawConnection {
  const socket = connect(Number(new URL(url).port), "127.0.0.1");
  closeAfter(() => socket.destroy());
  let text = "";
  socket.setEncoding("utf8").on("data", (piece) => {
    text += piece;
  });
  const closed = new Promise<string>((resolve) => {
    // A server that closes while it is being written to resets the connection.
    socket.on("error", () => socket.destroy()).on("close", () => resolve(text));
  });
  return { socket, heard: () => text, closed };
}

/** Status and JSON body of an answer that was read to the connection's end. */
export function parseRaw(answer: string): { status: number; head: string; body: unknown } {
  const [head = "", ...rest] = answer.split("\r\n\r\n");
  const text = rest.join("\r\n\r\n");
  const body: unknown = text === "" ? null : JSON.parse(text);
  return { status: statusOf(answer) ?? Number.NaN, head: head.toLowerCase(), body };
}

export interface RawAnswer {
  /** Null when the connection was closed without a word. */
  readonly status: number | null;
  readonly text: string;
  readonly lastedMs: number;
}

/** `send` may write on as long as the connection lasts. Resolves when the server has closed it. */
export async function rawExchange(
  url: string,
  send: (write: (bytes: string) => void, signal: AbortSignal) => void,
): Promise<RawAnswer> {
  const startedAt = performance.now();
  const { socket, closed } = connectRaw(url);
  const ended = new AbortController();
  socket.on("connect", () => send((bytes) => socket.write(bytes), ended.signal));
  const text = await closed;
  ended.abort();
  return { status: statusOf(text), text, lastedMs: performance.now() - startedAt };
}

/** One request, given line by line, on a connection of its own. */
export function rawRequest(url: string, lines: readonly string[], body = ""): Promise<RawAnswer> {
  const head = [...lines, "Host: api.example.test", "Connection: close", "", ""].join("\r\n");
  return rawExchange(url, (write) => write(head + body));
}

function statusOf(answer: string): number | null {
  const status = /^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1];
  return status === undefined ? null : Number(status);
}
