/**
 * The published table of faults. It is written by the harness: what was played now replaces its
 * line, the other lines stay as they were measured.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { UNTESTED } from "./catalogue.ts";
import { INVARIANTS } from "./check-history.ts";
import type { Scenario } from "./scenario.ts";

export interface MatrixLine {
  readonly scenario: Pick<Scenario, "id" | "title" | "invariants">;
  readonly played: number;
  readonly passed: number;
  readonly worstRecoveryMs: number | null;
  /** `YYYY-MM-DD`. */
  readonly on: string;
}

const PAGE = fileURLToPath(new URL("../../docs/fault-matrix.md", import.meta.url));

export function writeFaultMatrix(lines: readonly MatrixLine[], known: readonly Scenario[]): string {
  const old = existsSync(PAGE) ? readFileSync(PAGE, "utf8") : "";
  writeFileSync(PAGE, formatPage({ lines, known, old }));
  return PAGE;
}

interface Page {
  readonly lines: readonly MatrixLine[];
  readonly known: readonly Scenario[];
  /** The page as it was. */
  readonly old: string;
}

export function formatPage({ lines, known, old }: Page): string {
  const rows = new Map(
    known.map((scenario) => [scenario.id, findRow(old, scenario.id) ?? formatUnplayed(scenario)]),
  );
  for (const line of lines) rows.set(line.scenario.id, formatLine(line));
  for (const [id, { title, why }] of Object.entries(UNTESTED)) {
    if (!rows.has(id)) rows.set(id, `| ${id} | ${title} | | | | | not tested yet: ${why} |`);
  }
  const sorted = [...rows].toSorted(([one], [other]) => one.localeCompare(other));
  const invariants = Object.entries(INVARIANTS);
  return `# Fault matrix

Written by \`npm run test:faults\`, not by hand. Each fault is played against the real processes, a
real Postgres and a real Redis, with real clients that reconnect; the demo gateway stands in for the
AI gateway, and the local Supabase for the hosted one. Liveness is halved (a lease is 2 s), longer
times are a tenth. After each, everything that was observed is held to all invariants below; the table
names those that the fault is most likely to break. "Worst recovery" is the longest that a reader who was
following a run waited for its next event once the fault was over.

| fault | what happens | invariants | played | passed | worst recovery | when |
|---|---|---|---|---|---|---|
${sorted.map(([, row]) => row).join("\n")}

## Invariants

${invariants.map(([name, sentence]) => `- **${name}**: ${sentence}`).join("\n")}
`;
}

function formatLine({ scenario, played, passed, worstRecoveryMs, on }: MatrixLine): string {
  const { id, title, invariants } = scenario;
  const recovery = worstRecoveryMs === null ? "–" : `${(worstRecoveryMs / 1_000).toFixed(1)} s`;
  const cells = [id, title, invariants.join(" "), played, passed, recovery, on];
  return `| ${cells.join(" | ")} |`;
}

function formatUnplayed({ id, title, invariants }: Scenario): string {
  return `| ${id} | ${title} | ${invariants.join(" ")} | 0 | | | not played yet |`;
}

/** A line that was measured earlier, as it stands. */
function findRow(page: string, id: string): string | null {
  return page.split("\n").find((line) => line.startsWith(`| ${id} |`)) ?? null;
}
