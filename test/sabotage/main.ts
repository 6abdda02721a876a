/**
 * `npm run test:sabotage`: breaks the protecting lines one after the other, each in a copy of the
 * repository, and expects the named test to turn red. First it sees every named test green.
 */
import { parseArgs } from "node:util";
import { runTest } from "./run-test.ts";
import type { NamedTest, Sabotage } from "./sabotage.ts";
import { sabotages } from "./sabotages.ts";
import { openWorkbench, type Workbench } from "./workbench.ts";

const HELP = `Usage: npm run test:sabotage -- [--only ID[,ID…]] [--list]

Breaks each protecting line in a copy of the repository and expects its named test to fail.
  --only   only these breakages
  --list   say what would be broken, and break nothing`;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { only: { type: "string" }, list: { type: "boolean" }, help: { type: "boolean" } },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const wanted = values.only?.split(",");
  const chosen = sabotages.filter(({ id }) => wanted?.includes(id) ?? true);
  if (values.list) {
    for (const sabotage of chosen)
      console.log(`${invariantsOf(sabotage)}  ${sabotage.id}\n    ${sabotage.red.name}`);
    return 0;
  }
  const bench = openWorkbench();
  try {
    const green = await seeGreen(bench, chosen);
    const red = green ? await seeRed(bench, chosen) : 0;
    console.log(`${red} of ${chosen.length} breakages turned their named test red.`);
    return red === chosen.length ? 0 : 1;
  } finally {
    bench.close();
  }
}

async function seeGreen(bench: Workbench, chosen: readonly Sabotage[]): Promise<boolean> {
  const tests = new Map<string, NamedTest>(
    chosen.map(({ red }) => [`${red.file} ${red.name}`, red]),
  );
  let green = true;
  console.log(
    `Seeing ${tests.size} named tests green before anything is broken; this takes minutes.`,
  );
  for (const test of tests.values()) {
    const ending = await runTest(bench.path, test);
    if (ending === "passed") continue;
    green = false;
    console.log(`${ending.toUpperCase()} without any breakage: ${test.file}: ${test.name}`);
  }
  if (green) console.log("They are.\n");
  return green;
}

async function seeRed(bench: Workbench, chosen: readonly Sabotage[]): Promise<number> {
  let red = 0;
  for (const sabotage of chosen) {
    const startedAt = performance.now();
    const ending = await bench.withSabotage(sabotage, () => runTest(bench.path, sabotage.red));
    if (ending === "failed") red += 1;
    const word =
      ending === "failed" ? "red " : `STILL ${ending === "passed" ? "GREEN" : "MISSING"}`;
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    console.log(`${word}  ${invariantsOf(sabotage)}  ${sabotage.id}  (${seconds} s)`);
  }
  return red;
}

/** ARCHITECTURE.md's number, then the fault tests' one. */
function invariantsOf({ architecture, harness }: Sabotage): string {
  return `${(architecture ?? "-").padEnd(3)}/ ${(harness ?? "-").padEnd(3)}`;
}

process.exitCode = await main();
