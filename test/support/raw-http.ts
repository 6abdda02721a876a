/** HTTP written by hand on a socket, for what no client library would send. */
import { connect, type Socket } from "node:net";
import { closeAfter } from "./close-after.ts";

export interface RawConnection {
  readonly socket: Socket;
  heard(): string;
  /** All that the server has said, when it has closed the connection. */
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
    socket.on("error", () => {}).on("close", () => resolve(text));
  });
  return { socket, heard: () => text, closed };
}

/** Status and JSON body of an answer that was read to the connection's end. */
export function parseRaw(answer: string): { status: number; head: string; body: unknown } {
  const [head = "", ...rest] = answer.split("\r\n\r\n");
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1]);
  const text = rest.join("\r\n\r\n");
  return { status, head: head.toLowerCase(), body: text === "" ? null : JSON.parse(text) };
}
