/**
 * `npm run test:sabotage`: breaks the code that protects a guarantee, one place at a time and in a
 * copy of the repository, and expects a named test to fail. First, every named test must pass.
 */
import { parseArgs } from "node:util";
import { runTest } from "./run-test.ts";
import { guaranteesBrokenBy, type NamedTest, type Sabotage } from "./sabotage.ts";
import { sabotages } from "./sabotages.ts";
import { openWorkbench, type Workbench } from "./workbench.ts";

const HELP = `Usage: npm run test:sabotage -- [--only ID[,ID…]] [--list]

Breaks the code that protects a guarantee, one place at a time and in a copy of the repository, and
expects a named test to fail. The code stands below marker comments such as "// guards G5".
  --only   runs only these sabotages (all)
  --list   prints the sabotages with their tests and exits

Exit code 1 when a named test fails without a sabotage, or passes with one.`;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { only: { type: "string" }, list: { type: "boolean" }, help: { type: "boolean" } },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const wanted = values.only?.split(",");
  const unknown = wanted?.find((id) => sabotages.every((sabotage) => sabotage.id !== id));
  if (unknown !== undefined) {
    console.error(`There is no sabotage ${unknown}. --list prints them.`);
    return 2;
  }
  const chosen = sabotages.filter(({ id }) => wanted?.includes(id) ?? true);
  if (values.list) {
    for (const sabotage of chosen) console.log(`${label(sabotage)}\n    ${sabotage.red.name}`);
    return 0;
  }
  const bench = openWorkbench();
  try {
    const green = await expectGreen(bench, chosen);
    const red = green ? await expectRed(bench, chosen) : 0;
    console.log(`${red} of ${chosen.length} sabotages made their named test fail.`);
    return red === chosen.length ? 0 : 1;
  } finally {
    bench.close();
  }
}

async function expectGreen(bench: Workbench, chosen: readonly Sabotage[]): Promise<boolean> {
  const tests = new Map<string, NamedTest>(
    chosen.map(({ red }) => [`${red.file} ${red.name}`, red]),
  );
  let green = true;
  console.log(`Running ${tests.size} named tests on unchanged code; this takes minutes.`);
  for (const test of tests.values()) {
    const ending = await runTest(bench.path, test);
    if (ending === "passed") continue;
    green = false;
    console.log(`${ending.toUpperCase()} on unchanged code: ${test.file}: ${test.name}`);
  }
  if (green) console.log("All passed.\n");
  return green;
}

async function expectRed(bench: Workbench, chosen: readonly Sabotage[]): Promise<number> {
  let red = 0;
  for (const sabotage of chosen) {
    const startedAt = performance.now();
    const ending = await bench.withSabotage(sabotage, () => runTest(bench.path, sabotage.red));
    if (ending === "failed") red += 1;
    const word = ending === "failed" ? "red " : `NOT RED: ${ending.toUpperCase()}`;
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    console.log(`${word}  ${label(sabotage)}  (${seconds} s)`);
  }
  return red;
}

function label(sabotage: Sabotage): string {
  return `${guaranteesBrokenBy(sabotage).join(" ").padEnd(8)}  ${sabotage.id}`;
}

process.exitCode = await main();
