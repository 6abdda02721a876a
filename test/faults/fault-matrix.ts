/**
 * The published table of faults. It is written by the harness: what was played now replaces its
 * line, the other lines stay as they were measured.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { UNTESTED } from "./catalogue.ts";
import { INVARIANTS } from "./check-history.ts";
import { nameOf, type Scenario } from "./scenario.ts";

type Known = Pick<Scenario, "id" | "title" | "invariants" | "arena">;

export type MatrixLine = PlayedLine | SkippedLine;

interface PlayedLine {
  readonly kind: "played";
  readonly scenario: Known;
  readonly played: number;
  readonly passed: number;
  readonly worstRecoveryMs: number | null;
  /** Sentences of what was measured besides. */
  readonly figures: readonly string[];
  /** `YYYY-MM-DD`. */
  readonly on: string;
}

interface SkippedLine {
  readonly kind: "skipped";
  readonly scenario: Known;
  readonly why: string;
}

const PAGE = fileURLToPath(new URL("../../docs/fault-matrix.md", import.meta.url));

export function writeFaultMatrix(lines: readonly MatrixLine[], known: readonly Known[]): string {
  const old = existsSync(PAGE) ? readFileSync(PAGE, "utf8") : "";
  writeFileSync(PAGE, formatPage({ lines, known, old }));
  return PAGE;
}

interface Page {
  readonly lines: readonly MatrixLine[];
  readonly known: readonly Known[];
  /** The page as it was. */
  readonly old: string;
}

export function formatPage({ lines, known, old }: Page): string {
  const invariants = Object.entries(INVARIANTS);
  return `# Fault matrix

Written by \`npm run test:faults\`, not by hand. Each fault is played against the real processes, a
real Postgres and a real Redis, with real clients that reconnect; the demo gateway stands in for the
AI gateway, and the local Supabase for the hosted one. Liveness is halved (a lease is 2 s), longer
times are a tenth; lines "at default times" are at those of production. After each, everything that
was observed is held to all invariants below; the table names those that the fault is most likely to
break. "Worst recovery" is the longest that a reader who was following a run waited for its next
event once the fault was over.

| fault | what happens | invariants | played | passed | worst recovery | when |
|---|---|---|---|---|---|---|
${formatRows({ lines, known, old }).join("\n")}

## Measured besides

${formatFigures({ lines, known, old }).join("\n")}

## Invariants

${invariants.map(([name, sentence]) => `- **${name}**: ${sentence}`).join("\n")}
`;
}

function formatRows({ lines, known, old }: Page): string[] {
  const rows = new Map<string, string>();
  for (const scenario of known) {
    const name = nameOf(scenario);
    const line = lines.find((one) => nameOf(one.scenario) === name);
    rows.set(name, formatRow(scenario, line, findLine(old, `| ${name} |`)));
  }
  for (const [id, { title, why }] of Object.entries(UNTESTED)) {
    if (!rows.has(id)) rows.set(id, `| ${id} | ${title} | | | | | not tested here: ${why} |`);
  }
  return [...rows].toSorted(([one], [other]) => one.localeCompare(other)).map(([, row]) => row);
}

function formatRow(scenario: Known, line: MatrixLine | undefined, old: string | null): string {
  if (line?.kind === "played") return formatPlayed(line);
  // Where it can be played, it was: that says more than that it cannot be played here.
  if (old !== null && wasPlayed(old)) return old;
  const why = line ? `skipped: ${line.why}` : "not played yet";
  return toRow([nameOf(scenario), scenario.title, scenario.invariants.join(" "), 0, "", "", why]);
}

function formatPlayed({ scenario, played, passed, worstRecoveryMs, on }: PlayedLine): string {
  const { title, invariants } = scenario;
  const recovery = worstRecoveryMs === null ? "–" : `${(worstRecoveryMs / 1_000).toFixed(1)} s`;
  return toRow([nameOf(scenario), title, invariants.join(" "), played, passed, recovery, on]);
}

function toRow(cells: readonly (string | number)[]): string {
  return `| ${cells.join(" | ")} |`;
}

function wasPlayed(row: string): boolean {
  return /\d{4}-\d\d-\d\d \|$/.test(row);
}

function formatFigures({ lines, known, old }: Page): string[] {
  return known.flatMap((scenario) => {
    const name = nameOf(scenario);
    const line = lines.find((one) => nameOf(one.scenario) === name);
    const head = `- **${name}**`;
    if (line?.kind !== "played") return findLine(old, head) ?? [];
    if (line.figures.length === 0) return [];
    return `${head} (${line.on}): ${line.figures.join("; ")}`;
  });
}

/** A line that was written earlier, as it stands. */
function findLine(page: string, beginning: string): string | null {
  return page.split("\n").find((line) => line.startsWith(beginning)) ?? null;
}
