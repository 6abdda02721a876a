/** `npm run test:properties`: searches the fast-check properties with fresh seeds. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { parseArgs } from "node:util";
import { readPropertyFiles } from "./property-files.ts";

const HELP = `Runs every file with fast-check properties in rounds, each with a fresh seed.

  npm run test:properties -- [options]

  --rounds N      how many rounds (10)
  --minutes N     start no new round after so many minutes; replaces --rounds
  --runs N        cases per property that sets no number of its own (1000)
  --seed N        one round with this seed: replays an earlier round
  --project NAME  unit (default) or integration, which starts a stack of its own

Exit code 1 when a round fails. It prints the seed and the command that replays the round.
`;

const ROUNDS = 10;
const RUNS = 1_000;
const SEED_MAX = 2 ** 31;
/** A property with many cases takes longer than the limit of an ordinary test. */
const TEST_TIMEOUT_MS = 600_000;
const ROOT = new URL("../../", import.meta.url);

interface Search {
  readonly seeds: Iterable<number>;
  readonly runs: number;
  readonly project: "unit" | "integration";
}

function readOptions(): Search | null {
  const { values } = parseArgs({
    options: {
      rounds: { type: "string" },
      minutes: { type: "string" },
      runs: { type: "string" },
      seed: { type: "string" },
      project: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return null;
  const { project = "unit" } = values;
  if (project !== "unit" && project !== "integration") throw new Error(`No project ${project}.`);
  const seeds =
    values.seed === undefined
      ? freshSeeds(toLimit(values))
      : [toNumber("--seed", values.seed, -SEED_MAX)];
  return { seeds, runs: toNumber("--runs", values.runs ?? `${RUNS}`, 1), project };
}

interface Limit {
  readonly rounds: number;
  readonly endsAt: number;
}

function toLimit({ rounds, minutes }: { rounds?: string; minutes?: string }): Limit {
  if (minutes === undefined) {
    return { rounds: toNumber("--rounds", rounds ?? `${ROUNDS}`, 1), endsAt: Infinity };
  }
  return { rounds: Infinity, endsAt: Date.now() + toNumber("--minutes", minutes, 0) * 60_000 };
}

function toNumber(name: string, text: string, min: number): number {
  const value = Number(text);
  if (text !== "" && value >= min) return value;
  throw new Error(`${name} must be a number of at least ${min}.`);
}

function* freshSeeds({ rounds, endsAt }: Limit): Generator<number> {
  for (let round = 0; round < rounds && (round === 0 || Date.now() < endsAt); round += 1) {
    yield Math.floor(Math.random() * SEED_MAX);
  }
}

/** True when every property of the project holds with this seed. */
async function playRound(seed: number, { runs, project }: Search): Promise<boolean> {
  const files = readPropertyFiles().filter(
    ({ path }) => (project === "integration") === isIntegration(path),
  );
  const child = spawn(
    process.execPath,
    [
      "node_modules/vitest/vitest.mjs",
      ...["run", "--project", project, "--reporter=dot", `--testTimeout=${TEST_TIMEOUT_MS}`],
      ...files.map(({ path }) => path),
    ],
    {
      cwd: ROOT,
      env: { ...process.env, PROPERTY_SEED: `${seed}`, PROPERTY_RUNS: `${runs}` },
      stdio: ["ignore", "inherit", "inherit"],
    },
  );
  const [code] = await once(child, "exit");
  return code === 0;
}

function isIntegration(path: string): boolean {
  return path.startsWith("supabase/") || path.endsWith(".int.test.ts");
}

async function main(): Promise<number> {
  const search = readOptions();
  if (search === null) {
    console.log(HELP);
    return 0;
  }
  let round = 0;
  for (const seed of search.seeds) {
    round += 1;
    console.log(`Round ${round}: seed ${seed}, ${search.runs} runs, ${search.project}`);
    if (await playRound(seed, search)) continue;
    const options = `--seed ${seed} --runs ${search.runs} --project ${search.project}`;
    console.error(`A property failed with seed ${seed}. To replay the round:`);
    console.error(`  npm run test:properties -- ${options}`);
    return 1;
  }
  console.log(`${round} rounds held.`);
  return 0;
}

process.exitCode = await main();
