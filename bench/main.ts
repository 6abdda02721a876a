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
    "  npm run bench -- short                 three short cases, for continuous integration",
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

/** Three short cases for continuous integration, read as ratios: nothing fails on a time. */
const SHORT: Readonly<Record<string, readonly string[]>> = {
  "first-text": [
    "--at=1,5",
    "--rounds=3",
    "--singles=3",
    "--burst=0",
    "--systems=pass-through-context,naive,ours",
  ],
  lag: ["--streams=20", "--large-streams=", "--rounds=3", "--seconds=2"],
  submit: ["--rounds=3", "--seconds=1", "--concurrency=8"],
};

async function runShort(): Promise<void> {
  for (const [name, args] of Object.entries(SHORT)) await runCase(findCase(name), args);
}

/** A case that breaks does not keep the others from running. */
async function runAll(args: readonly string[]): Promise<void> {
  const startedAt = performance.now();
  for (const one of CASES) {
    try {
      await runCase(one, args);
    } catch (error) {
      console.error(
        `${one.name} failed: ${error instanceof Error ? error.message : String(error)}`,
      );
      process.exitCode = 1;
    }
  }
  console.log(`\nAll cases took ${Math.round((performance.now() - startedAt) / 1000)} s.`);
}

function findCase(name: string): Case {
  const one = CASES.find((each) => each.name === name);
  if (!one) throw new Error(`There is no case ${name}.\n\n${help()}`);
  return one;
}

async function main([first, ...rest]: readonly string[]): Promise<void> {
  if (first === "--help") console.log(help());
  else if (first === "report") writeReport();
  else if (first === "short") await runShort();
  else if (first === undefined) await runAll(rest);
  else if (first.startsWith("--")) await runAll([first, ...rest]);
  else if (rest.includes("--help")) console.log(helpOf(findCase(first)));
  else await runCase(findCase(first), rest);
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
