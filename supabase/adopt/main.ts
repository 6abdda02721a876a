/** `npm run db:adopt`: brings our schema into a project that has tables of its own, and out again. */
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { readSchemas } from "../../dev/src/database/schema-files.ts";
import { type Existing, readExisting } from "./catalogue.ts";
import { AdoptionError, withDatabase } from "./connect.ts";
import { planAdoption } from "./plan-adoption.ts";
import { describeEnd, describePlan } from "./report.ts";
import { lockProject, takeSteps } from "./run-steps.ts";
import type { Adoption } from "./step.ts";
import { readTarget } from "./target.ts";
import { takeBack } from "./way-back.ts";

const HELP = `Brings the kernel's schema into a Supabase project that has tables already, for example those of the
original app. Nothing of the project is dropped or rewritten.

  npm run db:adopt -- check    read what is there and print what would be done
  npm run db:adopt -- apply    do it, one transaction a step; run it again to go on or to upgrade
  npm run db:adopt -- back     remove what it has added, and nothing else

Options:
  --database-url <url>   the project's database, as its owner (default: DATABASE_URL)
  --all                  print every step
  --drop-rows            back: also drop tables of ours that hold rows
  --json                 check: print the plan as JSON
  --help                 print this help
`;

const folder = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

class UsageError extends Error {}

async function main(args: readonly string[]): Promise<void> {
  const { command, url, values } = readCommandLine(args);
  if (command === "help") {
    console.log(HELP);
    return;
  }
  const interrupt = new AbortController();
  process.once("SIGINT", () => interrupt.abort());
  const reporting = { say: console.log, all: values.all, signal: interrupt.signal };
  await withDatabase(url, async (client) => {
    if (command === "check") {
      await client.query("begin transaction read only");
      const existing = await readExisting(client);
      const adoption = plan(existing);
      const isBegun = existing.taken.size > 0;
      const text = describePlan(adoption, values.all, isBegun);
      console.log(values.json ? JSON.stringify(adoption, null, 2) : text);
      return;
    }
    await lockProject(client);
    if (command === "back") return takeBack(client, values["drop-rows"], reporting);
    console.log(describeEnd(await takeSteps(client, plan(await readExisting(client)), reporting)));
  });
}

function plan(existing: Existing): Adoption {
  const target = readTarget(readSchemas(folder("../schemas")));
  return planAdoption(target, readTarget(readSchemas(folder("extras"))), existing);
}

function readCommandLine(args: readonly string[]) {
  const { values, positionals } = parseOptions(args);
  const [command, ...more] = positionals;
  const url = values["database-url"] ?? process.env["DATABASE_URL"];
  if (values.help) return { command: "help", url: "", values } as const;
  if (command !== "check" && command !== "apply" && command !== "back") {
    throw new UsageError(
      `${command === undefined ? "The command is missing" : `There is no command "${command}"`}. Say check, apply or back.`,
    );
  }
  if (more.length > 0) throw new UsageError(`"${more[0]}" is one word too many.`);
  if (!url) throw new UsageError("Name the database: --database-url postgres://… or DATABASE_URL.");
  return { command, url, values } as const;
}

function parseOptions(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        "database-url": { type: "string" },
        all: { type: "boolean", default: false },
        json: { type: "boolean", default: false },
        "drop-rows": { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
      },
    });
  } catch (error) {
    const [sentence = ""] = (error instanceof Error ? error.message : String(error)).split(". ");
    throw new UsageError(`${sentence}. --help lists the options.`);
  }
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  if (!(error instanceof AdoptionError) && !(error instanceof UsageError)) console.error(error);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
