/** The bench's command line: one case, all of them, or the report of what was published. */
import { parseArgs } from "node:util";
import { type Case, newOptionValues } from "./cases/case.ts";
import { CASES } from "./cases/index.ts";
import { describeMachine, readLoad } from "./report/machine.ts";
import { printFindings } from "./report/print.ts";
import { readCommit, writeResult } from "./report/results.ts";
import { writeReport } from "./report/write-report.ts";

const COMMON = {
  "publish-as": {
    default: "",
    help: "before or after: also store the result for docs/performance.md",
  },
};

function help(): string {
  const cases = CASES.map(({ name, summary }) => `  ${name.padEnd(14)} ${summary}`);
  return [
    "Measures this system beside others on the local stack.",
    "",
    "  npm run bench                          all cases, one after the other",
    "  npm run bench -- CASE [--option value] one case; CASE --help lists its options",
    "  npm run bench -- report                writes docs/performance.md from published results",
    "",
    ...cases,
    "",
    "Results are written to bench/results/local. --publish-as before|after also stores them for",
    "the report. Loads are on the loopback address only.",
  ].join("\n");
}

function helpOf(one: Case): string {
  const options = Object.entries({ ...one.options, ...COMMON }).map(
    ([name, option]) => `  --${name.padEnd(15)} ${option.help} [${option.default}]`,
  );
  return [`${one.name}: ${one.summary}`, "", ...options].join("\n");
}

async function runCase(one: Case, args: readonly string[]): Promise<void> {
  const specs = { ...one.options, ...COMMON };
  const { values } = parseArgs({
    args: [...args],
    options: Object.fromEntries(
      Object.entries(specs).map(([name, option]) => [
        name,
        { type: "string" as const, default: option.default },
      ]),
    ),
  });
  const options = newOptionValues(toStrings(values));
  const started = { at: new Date(), ms: performance.now(), load: readLoad() };
  console.log(`\n== ${one.name}: ${one.summary}`);
  const findings = await one.run({ options, say: (line) => console.log(`  ${line}`) });
  printFindings(findings);
  const result = {
    case: one.name,
    command: ["npm run bench --", one.name, ...args].join(" "),
    startedAt: started.at.toISOString(),
    seconds: Math.round((performance.now() - started.ms) / 1000),
    commit: readCommit(),
    machine: describeMachine(),
    load: { before: started.load, after: readLoad() },
    ...findings,
  };
  const folders = ["local", ...options.list("publish-as")];
  for (const folder of folders) console.log(`Written to ${writeResult(result, { folder })}`);
}

function toStrings(values: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]));
}

async function main(args: readonly string[]): Promise<void> {
  const [first, ...rest] = args;
  if (first === "report") return writeReport();
  const one = CASES.find(({ name }) => name === first);
  if (one) {
    if (rest.includes("--help")) return console.log(helpOf(one));
    return runCase(one, rest);
  }
  if (first === "--help") return console.log(help());
  if (first !== undefined && !first.startsWith("--")) {
    throw new Error(`There is no case ${first}.\n\n${help()}`);
  }
  const startedAt = performance.now();
  for (const each of CASES) await runCase(each, args);
  console.log(`\nAll cases took ${Math.round((performance.now() - startedAt) / 1000)} s.`);
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
