/**
 * Sends one POST to the gateway. No redirect is followed, and no header of the response can crash
 * the process.
 *
 * Node's own fetch decodes every encoding that a server names. If the server names too many, fetch
 * throws an error that cannot be caught, and one response would end every run of the worker.
 */
import { pipeline, type Readable } from "node:stream";
import { createBrotliDecompress, createGunzip, createInflate } from "node:zlib";
import { toBoundedText } from "@cmo/shared/contract";
import { Agent } from "undici";
import { UnreadableStream } from "./classify-failure.ts";

export interface OpenAnswer {
  readonly status: number;
  header(name: string): string | null;
  /** Decoded. */
  readonly body: Readable;
}

interface Post {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly signal: AbortSignal;
}

export interface AnswerOpener {
  /** Throws what the connection or the signal throws, and `UnreadableStream`. */
  open(post: Post): Promise<OpenAnswer>;
  close(): Promise<void>;
}

/** A gateway that cannot be reached within this time is unavailable. */
const CONNECT_MS = 5_000;

/** Not requested, but a proxy may compress anyway. */
const DECODERS = new Map([
  ["gzip", createGunzip],
  ["x-gzip", createGunzip],
  ["deflate", createInflate],
  ["br", createBrotliDecompress],
]);

export function createAnswerOpener(): AnswerOpener {
  // The caller's signal limits the silence of an answer.
  const agent = new Agent({ connect: { timeout: CONNECT_MS }, headersTimeout: 0, bodyTimeout: 0 });
  return {
    async open({ url, headers, body, signal }) {
      const { origin, pathname, search } = new URL(url);
      const path = pathname + search;
      const answer = await agent.request({ origin, path, method: "POST", headers, body, signal });
      const header = (name: string) => [answer.headers[name] ?? null].flat().join(", ") || null;
      return {
        status: answer.statusCode,
        header,
        body: decode(answer.body, header("content-encoding")?.trim().toLowerCase() ?? "identity"),
      };
    },
    close: () => agent.destroy(),
  };
}

function decode(body: Readable, encoding: string): Readable {
  if (encoding === "identity") return body;
  const createDecoder = DECODERS.get(encoding);
  if (createDecoder) {
    // An error of the source destroys the decoder, and its reader receives the error.
    return pipeline(body, createDecoder(), () => {});
  }
  body.on("error", () => {}).destroy();
  throw new UnreadableStream(`The gateway encoded its answer as ${toBoundedText(encoding, 40)}.`);
}
