/**
 * One turn of one system: streams are opened, measured while they flow, joined by more of them until
 * the largest size was measured, and closed.
 */
import { setTimeout as delay } from "node:timers/promises";
import type { Closed, Measured, Opened } from "../load/calls.ts";
import { watchCpu } from "../measure/cpu-watch.ts";
import type { BenchStack } from "../systems/bench-stack.ts";
import type { RunningSystem } from "../systems/system.ts";

export interface StreamLoad {
  /** Rising: the streams of a smaller size stay open for the next. */
  readonly sizes: readonly number[];
  readonly perSecond: number;
  readonly seconds: number;
  readonly warmUpSeconds: number;
  /** For a system that is given time to take them all up. */
  readonly startsASecond?: number;
  readonly textWithinMs?: number;
}

export interface StreamSample extends Measured {
  readonly streams: number;
  readonly opened: Omit<Opened, "firstTextMs" | "firstTextAtMs">;
  /** Of the whole turn. */
  readonly closed: Closed;
  /** Microseconds of CPU a chunk, by group. */
  readonly microsAChunk: Readonly<Record<string, number>>;
  /** Chunks that arrived of those that were sent meanwhile. */
  readonly delivered: number;
  /** Chunks that the gateway sent of those that were due: less, and the machine is full. */
  readonly sent: number;
}

const STARTS_A_SECOND = 200;
/** After the last start: a full machine works a thousand starts off slowly, and some systems never do. */
const TEXT_WITHIN_MS = 20_000;
const CLOSE_WITHIN_MS = 40_000;
/** What is finalized after the last byte must not fall into the next measurement. */
const SETTLE_MS = 500;
/** Longer than any measurement: the bench ends the streams by itself. */
const CHUNKS = 10_000;

export async function measureStreams(
  bench: BenchStack,
  system: RunningSystem,
  load: StreamLoad,
): Promise<StreamSample[]> {
  system.thaw();
  try {
    await bench.gateway.ask("beginStreams", null);
    const samples: Omit<StreamSample, "closed">[] = [];
    for (const streams of load.sizes) {
      const open = samples.at(-1)?.streams ?? 0;
      samples.push(await measureSize({ bench, system, load }, { streams, more: streams - open }));
    }
    await bench.gateway.ask("endStreams", null);
    const closed = await bench.load.ask("close", { withinMs: CLOSE_WITHIN_MS });
    await delay(SETTLE_MS);
    return samples.map((sample) => ({ ...sample, closed }));
  } finally {
    system.freeze();
  }
}

interface Turn {
  readonly bench: BenchStack;
  readonly system: RunningSystem;
  readonly load: StreamLoad;
}

async function measureSize(
  { bench, system, load }: Turn,
  { streams, more }: { readonly streams: number; readonly more: number },
): Promise<Omit<StreamSample, "closed">> {
  const {
    firstTextMs: _,
    firstTextAtMs: __,
    ...opened
  } = await bench.load.ask("open", {
    target: system.target({ perSecond: load.perSecond, chunks: CHUNKS }),
    count: more,
    more: more < streams,
    perSecond: load.startsASecond ?? STARTS_A_SECOND,
    textWithinMs: load.textWithinMs ?? TEXT_WITHIN_MS,
  });
  await delay(load.warmUpSeconds * 1000);
  const readCpu = watchCpu({ own: system.pids(), ...bench.shared() });
  const sentBefore = await bench.gateway.ask("sent", null);
  const measured = await bench.load.ask("measure", { ms: load.seconds * 1000 });
  const sent = (await bench.gateway.ask("sent", null)).chunks - sentBefore.chunks;
  const { byGroup } = readCpu();
  const micros = Object.entries(byGroup).map(([name, cpuMs]): [string, number] => [
    name,
    (cpuMs * 1000) / measured.chunks,
  ]);
  return {
    ...measured,
    streams,
    opened,
    microsAChunk: Object.fromEntries(micros),
    delivered: measured.chunks / sent,
    sent: sent / (opened.withText * load.perSecond * (measured.wallMs / 1000)),
  };
}
