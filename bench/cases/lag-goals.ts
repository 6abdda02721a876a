/** Goals 2 and 3, judged for the sizes and systems that were measured. */
import { median, type Spread } from "../measure/numbers.ts";
import type { Goal } from "./case.ts";
import { groupRatios, ownRatios, type Samples, samplesOf, sizesOf } from "./lag-tables.ts";
import { ms, spread } from "./render.ts";

const P50_MS = 10;
const P99_ABOVE_PASS_THROUGH_MS = 15;
const P99_AT_1000_MS = 250;
/** Above it, the goal is that nothing is lost. */
const LAG_GOAL_UP_TO = 300;

export function judgeLag(samples: Samples): readonly Goal[] {
  return sizesOf(samples)
    .filter((streams) => samplesOf(samples, "ours", streams).length > 0)
    .flatMap((streams) => [...judgeLagAt(samples, streams), ...judgeCpuAt(samples, streams)]);
}

function judgeLagAt(samples: Samples, streams: number): Goal[] {
  const ours = samplesOf(samples, "ours", streams);
  const p50 = median(ours.map(({ lagMs }) => lagMs.p50));
  const p99 = median(ours.map(({ lagMs }) => lagMs.p99));
  if (streams > LAG_GOAL_UP_TO) return [judgeLarge(ours, streams, p99)];
  const pass = median(samplesOf(samples, "pass-through", streams).map(({ lagMs }) => lagMs.p99));
  const most = pass + P99_ABOVE_PASS_THROUGH_MS;
  return [
    {
      goal: `${streams} streams: lag p50 ≤ ${P50_MS} ms`,
      measured: `${ms(p50)} ms`,
      met: p50 <= P50_MS,
    },
    {
      goal: `${streams} streams: lag p99 ≤ pass-through's + ${P99_ABOVE_PASS_THROUGH_MS} ms`,
      measured: `${ms(p99)} ms, pass-through ${ms(pass)} ms`,
      met: Number.isFinite(most) ? p99 <= most : null,
    },
  ];
}

function judgeLarge(ours: Samples, streams: number, p99: number): Goal {
  const lost = ours.reduce((total, { closed }) => total + closed.lost, 0);
  const withText = Math.min(...ours.map(({ opened }) => opened.withText));
  return {
    goal: `${streams} streams: nothing lost, p99 ≤ ${P99_AT_1000_MS} ms`,
    measured: `${withText} streams with text, ${lost} chunks lost, p99 ${ms(p99)} ms`,
    met: withText === streams && lost === 0 && p99 <= P99_AT_1000_MS,
  };
}

interface Limit {
  readonly other: string;
  readonly most: number;
  readonly group?: string;
  readonly at?: readonly number[];
}

const CPU_LIMITS: readonly Limit[] = [
  { other: "pass-through", most: 2, at: [150, 300] },
  { other: "naive", most: 0.8, at: [150, 300] },
  { other: "naive", most: 1, at: [50] },
  { other: "naive", most: 1, group: "redis" },
  { other: "langgraph", most: 0.5 },
  { other: "mastra", most: 0.5 },
  { other: "ai-sdk", most: 0.5 },
];

function judgeCpuAt(samples: Samples, streams: number): Goal[] {
  return CPU_LIMITS.filter(({ other, at }) => {
    const measured = samplesOf(samples, other, streams).length > 0;
    return measured && (at === undefined || at.includes(streams));
  }).map(({ other, most, group = "own" }) => {
    const ratio: Spread =
      group === "own"
        ? ownRatios(samples, other, streams)
        : groupRatios(samples, { group, other, streams });
    const what = group === "own" ? "own CPU a chunk" : "Redis CPU a chunk";
    return {
      goal: `${streams} streams: ${what} ≤ ${most} × ${other}'s`,
      measured: spread(ratio, 2),
      met: ratio.median <= most,
    };
  });
}
