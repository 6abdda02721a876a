/**
 * Reads the stamps of one stream. It does not parse the format: a stamp is the same ASCII text in
 * every one of them, so all systems cost the generator the same.
 */
import type { Readable } from "node:stream";
import { nowMicros } from "../measure/clock.ts";

export interface StreamReader {
  readonly firstTextAt: number | null;
  readonly chunks: number;
  readonly lost: number;
  readonly error: string | null;
  readonly isComplete: boolean;
  /** Resolves when the stream has ended, however it ended. */
  readonly ended: Promise<void>;
  destroy(): void;
}

export interface ReaderOptions {
  /** A chunk that is new, in milliseconds from its sending to now. */
  readonly onLag: (lagMs: number) => void;
  readonly onFirstText: () => void;
}

const STAMP = /@(\d+)#(\d+);/g;
/** Longer than any stamp: what a piece of the body may end in the middle of. */
const STAMP_MAX = 40;

export function readStream(response: Readable, options: ReaderOptions): StreamReader {
  const ended = Promise.withResolvers<void>();
  const reader = {
    firstTextAt: null as number | null,
    chunks: 0,
    lost: 0,
    error: null as string | null,
    isComplete: false,
    ended: ended.promise,
    destroy: () => void response.destroy(),
  };
  let rest = "";
  let next = 0;
  response.setEncoding("latin1");
  response.on("data", (text: string) => {
    const now = nowMicros();
    const all = rest + text;
    let end = 0;
    for (const stamp of all.matchAll(STAMP)) {
      end = stamp.index + stamp[0].length;
      const index = Number(stamp[2]);
      // A format that repeats the whole text at the end repeats its stamps.
      if (index < next) continue;
      reader.lost += index - next;
      next = index + 1;
      reader.chunks += 1;
      if (reader.firstTextAt === null) {
        reader.firstTextAt = performance.now();
        options.onFirstText();
      }
      options.onLag((now - Number(stamp[1])) / 1000);
    }
    rest = all.slice(Math.max(end, all.length - STAMP_MAX));
  });
  response.on("end", () => {
    reader.isComplete = true;
  });
  response.on("error", (error) => {
    reader.error = error.message;
  });
  response.on("close", () => ended.resolve());
  return reader;
}
