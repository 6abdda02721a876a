/** Writes what was measured into docs/flow-control.md, and the plot beside it. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { missed, type Section, toMarkdown } from "../verdict.ts";
import { drawWaits, type WaitsChart } from "./draw-waits.ts";

const PAGE = new URL("../../../docs/flow-control.md", import.meta.url);
const PLOT = new URL("../../../docs/flow-control/waits.svg", import.meta.url);

const BEGIN = "<!-- Written by `npm run test:fairness`. -->\n";
const END = "<!-- The end of what is written. -->";

export interface Part {
  readonly title: string;
  readonly sections: readonly Section[];
}

export function toPage(
  parts: readonly Part[],
  { seed, took }: { seed: number; took: string },
): string {
  const sections = parts.flatMap((part) => part.sections);
  const all = sections.flatMap(({ verdicts }) => verdicts).filter(({ met }) => met !== null);
  const misses = missed(sections);
  const [cpu] = cpus();
  return [
    `Measured on ${new Date().toISOString().slice(0, 10)} with seed ${seed} in ${took}, on ${cpus().length} × ${cpu?.model ?? "an unknown processor"}, Node ${process.version}. ${all.length - misses.length} of ${all.length} criteria were met.`,
    "",
    ...misses.map((miss) => `- Missed: ${miss}`),
    ...(misses.length > 0 ? [""] : []),
    "![Waits of quiet tenants, fair and in the order of arrival](flow-control/waits.svg)",
    "",
    ...parts.flatMap(({ title, sections: of }) => [`## ${title}`, "", ...of.map(toMarkdown)]),
  ].join("\n");
}

export function withWritten(page: string, written: string): string {
  const begin = page.indexOf(BEGIN);
  const end = page.indexOf(END);
  if (begin < 0 || end < begin)
    throw new Error("docs/flow-control.md has no place for the tables.");
  return `${page.slice(0, begin + BEGIN.length)}\n${written}\n${page.slice(end)}`;
}

export function writePage(written: string, chart: WaitsChart): void {
  mkdirSync(new URL(".", PLOT), { recursive: true });
  writeFileSync(PLOT, drawWaits(chart));
  writeFileSync(PAGE, withWritten(readFileSync(PAGE, "utf8"), written));
}
