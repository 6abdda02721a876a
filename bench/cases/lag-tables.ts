/** The tables and pictures of the lag cases. */
import { median, pairRatios, toSpread } from "../measure/numbers.ts";
import type { System } from "../systems/system.ts";
import type { Chart, Table } from "./case.ts";
import type { StreamSample } from "./measure-streams.ts";
import { digits, ms, spread } from "./render.ts";

export interface LagSample extends StreamSample {
  readonly round: number;
  readonly system: string;
}

export type Samples = readonly LagSample[];

export function samplesOf(samples: Samples, system: string, streams: number): Samples {
  return samples.filter((one) => one.system === system && one.streams === streams);
}

export function sizesOf(samples: Samples): readonly number[] {
  return [...new Set(samples.map(({ streams }) => streams))].toSorted((a, b) => a - b);
}

/** The systems that were measured, in the order of a round. */
function namesOf(samples: Samples, systems: readonly System[]): readonly string[] {
  const measured = new Set(samples.map(({ system }) => system));
  return systems.map(({ name }) => name).filter((name) => measured.has(name));
}

export function tabulateLag(samples: Samples, systems: readonly System[]): readonly Table[] {
  const names = namesOf(samples, systems);
  const rows = (row: (of: Samples, name: string, streams: number) => string[]) =>
    sizesOf(samples).flatMap((streams) =>
      names
        .map((name) => ({ name, of: samplesOf(samples, name, streams) }))
        .filter(({ of }) => of.length > 0)
        .map(({ name, of }) => [String(streams), name, ...row(of, name, streams)]),
    );
  return [
    {
      title: "Lag, in milliseconds from the gateway's write to the reader: median of the rounds",
      columns: ["streams", "system", "p50", "p99", "max", "with text", "sent", "delivered", "lost"],
      rows: rows((of) => [
        ms(median(of.map(({ lagMs }) => lagMs.p50))),
        spreadOf(of, ({ lagMs }) => lagMs.p99),
        ms(Math.max(...of.map(({ lagMs }) => lagMs.max))),
        worstShare(of),
        `${digits(100 * Math.min(...of.map(({ sent }) => sent)), 1)} %`,
        `${digits(100 * Math.min(...of.map(({ delivered }) => delivered)), 1)} %`,
        String(of.reduce((total, { closed }) => total + closed.lost, 0)),
      ]),
    },
    {
      title: "CPU, in microseconds a chunk: median (min–max) of the rounds",
      columns: ["streams", "system", "own", "Redis", "Postgres", "stand-in", "generator"],
      rows: rows((of) =>
        ["own", "redis", "postgres", "supabase", "load"].map((group) =>
          spreadOf(of, ({ microsAChunk }) => microsAChunk[group] ?? Number.NaN),
        ),
      ),
    },
    ratioTable(samples, names),
  ];
}

function worstShare(of: Samples): string {
  const worst = of.toSorted((a, b) => a.opened.withText - b.opened.withText)[0];
  return worst ? `${worst.opened.withText}/${worst.opened.opened}` : "–";
}

function spreadOf(of: Samples, value: (sample: LagSample) => number): string {
  return spread(toSpread(of.map(value)), 0);
}

/** Own CPU of ours over that of each other system in the same round. */
export function ownRatios(samples: Samples, other: string, streams: number) {
  return groupRatios(samples, { group: "own", other, streams });
}

export function groupRatios(
  samples: Samples,
  { group, other, streams }: { group: string; other: string; streams: number },
) {
  const values = (system: string) =>
    samplesOf(samples, system, streams).map(
      ({ microsAChunk }) => microsAChunk[group] ?? Number.NaN,
    );
  return pairRatios(values("ours"), values(other));
}

function ratioTable(samples: Samples, names: readonly string[]): Table {
  const others = names.filter((name) => name !== "ours");
  return {
    title: "Own CPU of ours over each other system's, pair by pair: median (min–max)",
    columns: ["streams", ...others],
    rows: sizesOf(samples).map((streams) => [
      String(streams),
      ...others.map((other) => spread(ownRatios(samples, other, streams), 2)),
    ]),
  };
}

export function chartLag(samples: Samples, systems: readonly System[]): readonly Chart[] {
  const names = namesOf(samples, systems);
  const series = (value: (sample: LagSample) => number) =>
    names.map((name) => ({
      name,
      points: sizesOf(samples).flatMap((streams): [number, number][] => {
        const of = samplesOf(samples, name, streams);
        return of.length > 0 ? [[streams, median(of.map(value))]] : [];
      }),
    }));
  return [
    {
      title: "Own CPU a chunk",
      xLabel: "streams",
      yLabel: "µs",
      series: series(({ microsAChunk }) => microsAChunk["own"] ?? Number.NaN),
    },
    { title: "Lag p99", xLabel: "streams", yLabel: "ms", series: series(({ lagMs }) => lagMs.p99) },
  ];
}
