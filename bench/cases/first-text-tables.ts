/** The tables and goals of the first text. */
import { median, pairRatios, toSpread } from "../measure/numbers.ts";
import type { Chart, Goal, Table } from "./case.ts";
import { digits, ms, spread } from "./render.ts";

export interface FirstTextSample {
  readonly round: number;
  readonly at: number;
  readonly system: string;
  readonly p50: number;
  readonly p99: number;
  readonly failed: number;
  readonly databaseMs: number;
  readonly ownMs: number;
}

export interface BurstSample {
  readonly system: string;
  readonly count: number;
  readonly withTextInTime: number;
  readonly withText: number;
  readonly lastTextMs: number;
}

type Samples = readonly FirstTextSample[];

const FAIR = "pass-through-context";
/** Goal 1: the most that ours may take, as a multiple of the fair pass-through. */
const MOST: ReadonlyMap<number, number> = new Map([
  [1, 1.3],
  [20, 1.3],
  [100, 1.5],
]);

function of(samples: Samples, system: string, at: number): Samples {
  return samples.filter((one) => one.system === system && one.at === at);
}

function distinct<Value>(values: readonly Value[]): readonly Value[] {
  return [...new Set(values)];
}

function ratioTo(samples: Samples, other: string, at: number) {
  const values = (system: string) => of(samples, system, at).map(({ p50 }) => p50);
  return pairRatios(values("ours"), values(other));
}

export function tabulateFirstText(
  samples: Samples,
  bursts: readonly BurstSample[],
): readonly Table[] {
  const systems = distinct(samples.map(({ system }) => system));
  const times: Table = {
    title: "First text, in milliseconds: median (min–max) of the rounds",
    columns: [
      "at once",
      "system",
      "p50",
      "p99",
      "ours / it",
      "own CPU ms",
      "database CPU ms",
      "failed",
    ],
    rows: distinct(samples.map(({ at }) => at)).flatMap((at) =>
      systems.map((system) => {
        const some = of(samples, system, at);
        const value = (pick: (sample: FirstTextSample) => number) => toSpread(some.map(pick));
        return [
          String(at),
          system,
          spread(value(({ p50 }) => p50)),
          spread(value(({ p99 }) => p99)),
          system === "ours" ? "" : spread(ratioTo(samples, system, at), 2),
          digits(median(some.map(({ ownMs }) => ownMs)), 1),
          digits(median(some.map(({ databaseMs }) => databaseMs)), 1),
          String(some.reduce((total, { failed }) => total + failed, 0)),
        ];
      }),
    ),
  };
  if (bursts.length === 0) return [times];
  const burst: Table = {
    title: `A burst of ${bursts[0]?.count} starts, 100 a second`,
    columns: ["system", "with text after 2 s", "with text at last", "last text ms"],
    rows: bursts.map((one) => [
      one.system,
      String(one.withTextInTime),
      String(one.withText),
      ms(one.lastTextMs),
    ]),
  };
  return [times, burst];
}

export function judgeFirstText(samples: Samples, bursts: readonly BurstSample[]): readonly Goal[] {
  const sizes = distinct(samples.map(({ at }) => at));
  const againstFair = sizes.flatMap((at): Goal[] => {
    const most = MOST.get(at);
    const ratio = ratioTo(samples, FAIR, at);
    if (most === undefined || !Number.isFinite(ratio.median)) return [];
    const goal = `${at} at once: p50 ≤ ${most} × pass-through with context`;
    return [{ goal, measured: spread(ratio, 2), met: ratio.median <= most }];
  });
  return [...againstFair, ...judgeBesideLanggraph(samples), ...judgeBurst(bursts)];
}

const BESIDE_LANGGRAPH_AT = 20;

function judgeBesideLanggraph(samples: Samples): Goal[] {
  const ratio = ratioTo(samples, "langgraph", BESIDE_LANGGRAPH_AT);
  if (!Number.isFinite(ratio.median)) return [];
  return [
    {
      goal: "20 at once: p50 not above langgraph-api's, which has no database",
      measured: spread(ratio, 2),
      met: ratio.median <= 1,
    },
  ];
}

function judgeBurst(bursts: readonly BurstSample[]): Goal[] {
  const ours = bursts.find(({ system }) => system === "ours");
  if (!ours) return [];
  return [
    {
      goal: `a burst of ${ours.count} starts has text everywhere within 2 s`,
      measured: `${ours.withTextInTime} of ${ours.count}, the last after ${ms(ours.lastTextMs)} ms`,
      met: ours.withTextInTime === ours.count,
    },
  ];
}

export function chartFirstText(samples: Samples): readonly Chart[] {
  const sizes = distinct(samples.map(({ at }) => at));
  return [
    {
      title: "First text p50",
      xLabel: "requests at once",
      yLabel: "ms",
      series: distinct(samples.map(({ system }) => system)).map((name) => ({
        name,
        points: sizes.map((at): [number, number] => [
          at,
          median(of(samples, name, at).map(({ p50 }) => p50)),
        ]),
      })),
    },
  ];
}
