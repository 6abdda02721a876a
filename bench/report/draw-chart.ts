/** A line chart as SVG: no script, no font of its own, legible on light and dark ground. */
import type { Chart } from "../cases/case.ts";

const WIDTH = 720;
const HEIGHT = 360;
const MARGIN = { left: 64, right: 190, top: 40, bottom: 48 };
const COLOURS = [
  "#1f77b4",
  "#d62728",
  "#2ca02c",
  "#9467bd",
  "#ff7f0e",
  "#8c564b",
  "#17becf",
  "#7f7f7f",
];
const GREY = "#808080";
const TICKS = 4;

type Point = readonly [x: number, y: number];

export function drawChart(chart: Chart): string {
  const points = chart.series.flatMap(({ points: of }) => of).filter(isFinitePoint);
  const xs = [...new Set(points.map(([x]) => x))].toSorted((a, b) => a - b);
  const top = niceTop(Math.max(...points.map(([, y]) => y), 1));
  const place = newPlace(xs, top);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12" fill="${GREY}">`,
    `<title>${escapeXml(`${chart.title} (${chart.yLabel})`)}</title>`,
    label({ x: MARGIN.left, y: 22, size: 15 }, `${chart.title} (${chart.yLabel})`),
    ...drawAxes({ xs, top, place, xLabel: chart.xLabel }),
    ...chart.series.flatMap((series, index) => drawSeries(series, { index, place })),
    "</svg>",
    "",
  ].join("\n");
}

type Place = (point: Point) => { readonly x: number; readonly y: number };

/** Sizes double and triple: they stand side by side, each as far from the next. */
function newPlace(xs: readonly number[], top: number): Place {
  const width = WIDTH - MARGIN.left - MARGIN.right;
  const height = HEIGHT - MARGIN.top - MARGIN.bottom;
  const steps = Math.max(1, xs.length - 1);
  return ([x, y]) => ({
    x: MARGIN.left + (width * xs.indexOf(x)) / steps,
    y: MARGIN.top + height * (1 - y / top),
  });
}

interface Axes {
  readonly xs: readonly number[];
  readonly top: number;
  readonly place: Place;
  readonly xLabel: string;
}

function drawAxes({ xs, top, place, xLabel }: Axes): readonly string[] {
  const right = WIDTH - MARGIN.right;
  const lines = Array.from({ length: TICKS + 1 }, (_, index) => {
    const value = (top * index) / TICKS;
    const { y } = place([xs[0] ?? 0, value]);
    return [
      `<path d="M${MARGIN.left} ${y}H${right}" stroke="${GREY}" stroke-opacity="0.25"/>`,
      label({ x: MARGIN.left - 8, y: y + 4, anchor: "end" }, String(Math.round(value * 10) / 10)),
    ].join("\n");
  });
  const bottom = HEIGHT - MARGIN.bottom;
  const names = xs.map((x) =>
    label({ x: place([x, 0]).x, y: bottom + 18, anchor: "middle" }, String(x)),
  );
  return [...lines, ...names, label({ x: MARGIN.left, y: HEIGHT - 10 }, xLabel)];
}

function drawSeries(
  { name, points }: Chart["series"][number],
  { index, place }: { readonly index: number; readonly place: Place },
): readonly string[] {
  const colour = COLOURS[index % COLOURS.length] ?? GREY;
  const at = points.filter(isFinitePoint).map((point) => place(point));
  const path = at.map(({ x, y }, turn) => `${turn === 0 ? "M" : "L"}${round(x)} ${round(y)}`);
  const legend = { x: WIDTH - MARGIN.right + 20, y: MARGIN.top + 12 + index * 18 };
  return [
    `<path d="${path.join("")}" fill="none" stroke="${colour}" stroke-width="2"/>`,
    ...at.map(({ x, y }) => `<circle cx="${round(x)}" cy="${round(y)}" r="3" fill="${colour}"/>`),
    `<circle cx="${legend.x}" cy="${legend.y - 4}" r="4" fill="${colour}"/>`,
    label({ x: legend.x + 10, y: legend.y }, name),
  ];
}

interface Label {
  readonly x: number;
  readonly y: number;
  readonly anchor?: "start" | "middle" | "end";
  readonly size?: number;
}

function label({ x, y, anchor = "start", size = 12 }: Label, text: string): string {
  return `<text x="${round(x)}" y="${round(y)}" text-anchor="${anchor}" font-size="${size}">${escapeXml(text)}</text>`;
}

/** The next of 1, 2 or 5 times a power of ten. */
export function niceTop(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return power * ([1, 2, 5, 10].find((step) => step * power >= value) ?? 10);
}

function isFinitePoint([x, y]: Point): boolean {
  return Number.isFinite(x) && Number.isFinite(y);
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
