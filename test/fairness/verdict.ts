/** A criterion, what was measured, and whether the bound was met. */

export interface Verdict {
  readonly criterion: string;
  readonly measured: string;
  readonly bound: string;
  /** Null for a figure that is shown beside the verdicts and judged by none. */
  readonly met: boolean | null;
}

export interface Section {
  readonly title: string;
  /** What was played, in a sentence or two. */
  readonly setting: string;
  readonly verdicts: readonly Verdict[];
}

interface Measured {
  readonly criterion: string;
  readonly value: number;
  readonly bound: number;
  readonly show?: (value: number) => string;
}

const plain = (value: number): string => String(Math.round(value * 10_000) / 10_000);

/** Met when the value is not above the bound. NaN is above everything. */
export function atMost({ criterion, value, bound, show = plain }: Measured): Verdict {
  return { criterion, measured: show(value), bound: `≤ ${show(bound)}`, met: value <= bound };
}

/** Met when the value is not below the bound. */
export function atLeast({ criterion, value, bound, show = plain }: Measured): Verdict {
  return { criterion, measured: show(value), bound: `≥ ${show(bound)}`, met: value >= bound };
}

export function figure(criterion: string, measured: string): Verdict {
  return { criterion, measured, bound: "–", met: null };
}

export const times = (value: number): string => `${value.toFixed(3)} ×`;
export const milliseconds = (value: number): string => `${value.toFixed(2)} ms`;
export const seconds = (value: number): string => `${value.toFixed(1)} s`;
export const percent = (value: number): string => `${(value * 100).toFixed(2)} %`;

const WORDS = new Map<boolean | null, string>([
  [true, "yes"],
  [false, "NO"],
  [null, "–"],
]);

export function toMarkdown({ title, setting, verdicts }: Section): string {
  const rows = verdicts.map(
    ({ criterion, measured, bound, met }) =>
      `| ${criterion} | ${measured} | ${bound} | ${WORDS.get(met)} |`,
  );
  return [
    `### ${title}`,
    "",
    setting,
    "",
    "| criterion | measured | bound | met |",
    "|---|---|---|---|",
    ...rows,
    "",
  ].join("\n");
}

export function missed(sections: readonly Section[]): readonly string[] {
  return sections.flatMap(({ title, verdicts }) =>
    verdicts.filter(({ met }) => met === false).map(({ criterion }) => `${title}: ${criterion}`),
  );
}
