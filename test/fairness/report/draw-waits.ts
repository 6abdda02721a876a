/** The waits of the quiet tenants as SVG: no script, no font of its own, legible on light and dark ground. */

export interface TenantWaits {
  /** Seconds, of each of its runs. */
  readonly fair: readonly number[];
  readonly fifo: readonly { readonly waited: number; readonly isOver: boolean }[];
}

export interface WaitsChart {
  readonly title: string;
  readonly tenants: readonly TenantWaits[];
}

const WIDTH = 760;
const HEIGHT = 380;
const MARGIN = { left: 56, right: 24, top: 72, bottom: 48 };
const FAIR = "#1f77b4";
const FIFO = "#d62728";
const GREY = "#808080";
const TICKS = 5;

export function drawWaits({ title, tenants }: WaitsChart): string {
  const all = tenants.flatMap(({ fair, fifo }) => [...fair, ...fifo.map(({ waited }) => waited)]);
  const top = niceTop(Math.max(1, ...all));
  const step = (WIDTH - MARGIN.left - MARGIN.right) / Math.max(1, tenants.length);
  const x = (index: number, share: number): number => MARGIN.left + (index + share) * step;
  const y = (wait: number): number =>
    MARGIN.top + (HEIGHT - MARGIN.top - MARGIN.bottom) * (1 - wait / top);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12" fill="${GREY}">`,
    `<title>${title}</title>`,
    text({ x: MARGIN.left, y: 22, size: 15 }, title),
    ...drawLegend(),
    ...drawAxis(top, y),
    // A line for each tenant: the file is read in reviews as well.
    ...tenants.map(({ fair, fifo }, index) =>
      [
        ...fair.map((wait) => dot(x(index, 0.3), y(wait), FAIR)),
        ...fifo.map(({ waited, isOver }) =>
          isOver ? dot(x(index, 0.7), y(waited), FIFO) : arrow(x(index, 0.7), y(waited)),
        ),
      ].join(""),
    ),
    text(
      { x: MARGIN.left, y: HEIGHT - 14 },
      `${tenants.length} quiet tenants, side by side; a mark is a run`,
    ),
    "</svg>",
    "",
  ].join("\n");
}

function drawLegend(): readonly string[] {
  const line = 46;
  return [
    dot(MARGIN.left + 6, line - 4, FAIR),
    text({ x: MARGIN.left + 16, y: line }, "fair: seconds until it started"),
    dot(MARGIN.left + 226, line - 4, FIFO),
    text({ x: MARGIN.left + 236, y: line }, "in the order of arrival"),
    arrow(MARGIN.left + 386, line - 4),
    text({ x: MARGIN.left + 396, y: line }, "the same, and still waiting at the end"),
  ];
}

function drawAxis(top: number, y: (wait: number) => number): readonly string[] {
  return Array.from({ length: TICKS + 1 }, (_, index) => {
    const value = (top * index) / TICKS;
    return [
      `<path d="M${MARGIN.left} ${round(y(value))}H${WIDTH - MARGIN.right}" stroke="${GREY}" stroke-opacity="0.25"/>`,
      text({ x: MARGIN.left - 8, y: y(value) + 4, anchor: "end" }, `${round(value)} s`),
    ].join("\n");
  });
}

function dot(x: number, y: number, colour: string): string {
  return `<circle cx="${round(x)}" cy="${round(y)}" r="2" fill="${colour}" fill-opacity="0.7"/>`;
}

/** Points up: it waits longer than that. */
function arrow(x: number, y: number): string {
  return `<path d="M${round(x - 3)} ${round(y + 3)}L${round(x)} ${round(y - 3)}L${round(x + 3)} ${round(y + 3)}" fill="none" stroke="${FIFO}" stroke-opacity="0.7"/>`;
}

interface Place {
  readonly x: number;
  readonly y: number;
  readonly anchor?: "start" | "end";
  readonly size?: number;
}

function text({ x, y, anchor = "start", size = 12 }: Place, words: string): string {
  return `<text x="${round(x)}" y="${round(y)}" text-anchor="${anchor}" font-size="${size}">${words}</text>`;
}

/** The next of 1, 2 or 5 times a power of ten. */
function niceTop(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return power * ([1, 2, 5, 10].find((step) => step * power >= value) ?? 10);
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
