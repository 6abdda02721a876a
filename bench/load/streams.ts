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
  reader: StreamReader | null;
  error: string | null;
}

export function createStreams(): Streams {
  let started: Started[] = [];
  let lags: number[] | null = null;
  const onLag = (lagMs: number): void => void lags?.push(lagMs);

  async function start(options: OpenOptions, turn: number, onFirstText: () => void): Promise<void> {
    const stream: Started = { startedAt: performance.now(), reader: null, error: null };
    started.push(stream);
    try {
      const response = await openStream(options.target, turn);
      stream.reader = readStream(response, { onLag, onFirstText });
    } catch (error) {
      stream.error = error instanceof Error ? error.message : String(error);
    }
  }

  return {
    async open(options) {
      started = [];
      const { count, perSecond, textWithinMs } = options;
      const beganAt = performance.now();
      let withText = 0;
      const onFirstText = (): void => {
        withText += 1;
      };
      for (let turn = 0; turn < count; turn += 1) {
        const dueInMs = beganAt + (turn * 1000) / perSecond - performance.now();
        if (dueInMs > 0) await delay(dueInMs);
        void start(options, turn, onFirstText);
      }
      const deadline = performance.now() + textWithinMs;
      const failed = (): number => started.filter(({ error }) => error !== null).length;
      while (withText + failed() < count && performance.now() < deadline)
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
      const readers = started.flatMap(({ reader }) => reader ?? []);
      const all = Promise.all(readers.map(({ ended }) => ended));
      await Promise.race([all, delay(withinMs, undefined, { ref: false })]);
      for (const reader of readers) reader.destroy();
      return toClosed(started, readers);
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

function toClosed(started: readonly Started[], readers: readonly StreamReader[]): Closed {
  const sum = (value: (reader: StreamReader) => number): number =>
    readers.reduce((total, reader) => total + value(reader), 0);
  return {
    completed: readers.filter(({ isComplete }) => isComplete).length,
    chunks: sum(({ chunks }) => chunks),
    lost: sum(({ lost }) => lost),
    errors: errorsOf(started),
  };
}

function errorsOf(started: readonly Started[]): string[] {
  const errors = started.flatMap(({ error, reader }) => error ?? reader?.error ?? []);
  return [...new Set(errors)].slice(0, ERRORS_SHOWN);
}

/** `Math.max(...values)` overflows the stack with a hundred thousand values. */
function maxOf(values: readonly number[]): number {
  return values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
}
