/** A set of streams that are opened at a rate, measured while they run, and closed together. */
import { setTimeout as delay } from "node:timers/promises";
import { quantile } from "../measure/numbers.ts";
import type { Closed, Measured, Opened, OpenOptions } from "./calls.ts";
import { openStream } from "./open-stream.ts";
import { readStream, type StreamReader } from "./stream-reader.ts";

export interface Streams {
  open(options: OpenOptions): Promise<Opened>;
  measure(ms: number): Promise<Measured>;
  close(withinMs: number): Promise<Closed>;
}

const LOOK_EVERY_MS = 5;
const ERRORS_SHOWN = 5;

interface Started {
  readonly startedAt: number;
  /** Resolves when there is a response, or none will come. */
  opening: Promise<void>;
  reader: StreamReader | null;
  error: string | null;
}

export function createStreams(): Streams {
  let started: Started[] = [];
  let lags: number[] | null = null;
  let withText = 0;
  let closing = new AbortController();
  const onLag = (lagMs: number): void => void lags?.push(lagMs);
  const onFirstText = (): void => {
    withText += 1;
  };

  function reset(): void {
    started = [];
    closing = new AbortController();
    withText = 0;
  }

  function start({ target }: OpenOptions, turn: number): void {
    const startedAt = performance.now();
    const stream: Started = { startedAt, opening: Promise.resolve(), reader: null, error: null };
    stream.opening = openStream(target, turn, closing.signal).then(
      (response) => {
        stream.reader = readStream(response, { onLag, onFirstText });
      },
      (error: unknown) => {
        stream.error = error instanceof Error ? error.message : String(error);
      },
    );
    started.push(stream);
  }

  return {
    async open(options) {
      const { count, perSecond } = options;
      const beganAt = performance.now();
      if (!options.more) reset();
      const all = started.length + count;
      for (let turn = 0; turn < count; turn += 1) {
        const dueInMs = beganAt + (turn * 1000) / perSecond - performance.now();
        if (dueInMs > 0) await delay(dueInMs);
        start(options, turn);
      }
      const deadline = performance.now() + options.textWithinMs;
      while (withText + countFailed(started) < all && performance.now() < deadline)
        await delay(LOOK_EVERY_MS);
      return toOpened(started, beganAt);
    },
    async measure(ms) {
      const startedAt = performance.now();
      const values: number[] = [];
      lags = values;
      await delay(ms);
      lags = null;
      const lagMs = { p50: quantile(values, 0.5), p99: quantile(values, 0.99), max: maxOf(values) };
      return { wallMs: performance.now() - startedAt, chunks: values.length, lagMs };
    },
    async close(withinMs) {
      const all = Promise.all(started.map(untilEnded));
      await Promise.race([all, delay(withinMs, undefined, { ref: false })]);
      closing.abort();
      for (const { reader } of started) reader?.destroy();
      return toClosed(started);
    },
  };
}

function toOpened(started: readonly Started[], beganAt: number): Opened {
  const withText = started.flatMap(({ reader, startedAt }) =>
    typeof reader?.firstTextAt === "number" ? [{ at: reader.firstTextAt, startedAt }] : [],
  );
  return {
    opened: started.length,
    withText: withText.length,
    firstTextMs: withText.map(({ at, startedAt }) => at - startedAt),
    firstTextAtMs: withText.map(({ at }) => at - beganAt),
    errors: errorsOf(started),
  };
}

async function untilEnded(stream: Started): Promise<void> {
  await stream.opening;
  await stream.reader?.ended;
}

function toClosed(started: readonly Started[]): Closed {
  const readers = started.flatMap(({ reader }) => reader ?? []);
  const sum = (value: (reader: StreamReader) => number): number =>
    readers.reduce((total, reader) => total + value(reader), 0);
  return {
    completed: readers.filter(({ isComplete }) => isComplete).length,
    chunks: sum(({ chunks }) => chunks),
    lost: sum(({ lost }) => lost),
    errors: errorsOf(started),
  };
}

const countFailed = (started: readonly Started[]): number =>
  started.filter(({ error }) => error !== null).length;

function errorsOf(started: readonly Started[]): string[] {
  const errors = started.flatMap(({ error, reader }) => error ?? reader?.error ?? []);
  return [...new Set(errors)].slice(0, ERRORS_SHOWN);
}

/** `Math.max(...values)` overflows the stack with a hundred thousand values. */
function maxOf(values: readonly number[]): number {
  return values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
}
