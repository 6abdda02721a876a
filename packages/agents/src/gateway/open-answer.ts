/**
 * One POST to the gateway, as the wire has it: no redirect is followed, and of what an answer says
 * about itself nothing is believed that could cost the process.
 *
 * Node's own fetch decodes whatever a server names; when it names too many encodings, fetch throws
 * where nobody can catch it, and one answer would end every run of the worker.
 */
import { pipeline, type Readable } from "node:stream";
import { createBrotliDecompress, createGunzip, createInflate } from "node:zlib";
import { Agent } from "undici";
import { UnreadableStream } from "./classify-failure.ts";

export interface OpenAnswer {
  readonly status: number;
  header(name: string): string | null;
  /** Decoded. Leaving it closes the connection. */
  readonly body: AsyncIterable<Uint8Array>;
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

/** A gateway that cannot be reached in this time is away. */
const CONNECT_MS = 5_000;

/** Nobody asked for these: a proxy may compress all the same. */
const DECODERS = new Map([
  ["gzip", createGunzip],
  ["x-gzip", createGunzip],
  ["deflate", createInflate],
  ["br", createBrotliDecompress],
]);

export function createAnswerOpener(): AnswerOpener {
  // How long an answer may be silent is for the caller's signal to say.
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
    // What breaks the one breaks the other, and whoever reads hears of it.
    return pipeline(body, createDecoder(), () => {});
  }
  body.on("error", () => {}).destroy();
  throw new UnreadableStream(`The gateway encoded its answer as ${encoding.slice(0, 40)}.`);
}
