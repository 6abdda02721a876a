/** `npm run test:clients`: plays every case with every client and writes docs/clients.md. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { z } from "zod";
import { CASES, type CaseName, type Play, type TestedClient } from "./case.ts";
import { CLIENTS } from "./clients/index.ts";
import { type ClientResults, formatPage, type Result } from "./table.ts";
import { openWorlds, type Worlds } from "./world.ts";

const PAGE = new URL("../../docs/clients.md", import.meta.url);
const HELP = `Uses clients that others have written, and ours, as they are published: each submits a run,
streams it, resumes it, cancels it, and is refused.

  npm run test:clients -- [--only NAME] [--no-write]

  --only NAME   the clients whose name contains this; writes nothing
  --no-write    leaves docs/clients.md as it is

Exit code 1 when a case fails. Takes three minutes.
`;
const PLAYS_WITHIN_MS = 90_000;
const MESSAGE_MAX = 200;

async function playCase(worlds: Worlds, play: Play | string): Promise<Result> {
  if (typeof play === "string") return { kind: "not_offered", why: play };
  const timeout = AbortSignal.timeout(PLAYS_WITHIN_MS);
  const late = Promise.withResolvers<never>();
  timeout.addEventListener("abort", () => late.reject(new Error("It was not over in time")));
  try {
    await Promise.race([play(await worlds.create()), late.promise]);
    return { kind: "works" };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { kind: "fails", message: message.split("\n")[0]?.slice(0, MESSAGE_MAX) ?? "" };
  }
}

async function playClient(worlds: Worlds, { name, cases }: TestedClient): Promise<ClientResults> {
  const results = new Map<CaseName, Result>();
  for (const one of CASES) {
    const result = await playCase(worlds, cases[one]);
    results.set(one, result);
    const said = result.kind === "fails" ? `FAILS: ${result.message}` : result.kind;
    console.log(`${name}: ${one} ${said}`);
  }
  const resultOf = (one: CaseName) => results.get(one) ?? { kind: "fails" as const, message: "" };
  return {
    name,
    version: versionOf(name),
    results: {
      submit: resultOf("submit"),
      stream: resultOf("stream"),
      resume: resultOf("resume"),
      cancel: resultOf("cancel"),
      error: resultOf("error"),
    },
  };
}

const manifestSchema = z.object({ version: z.string() });

/** Of the package that the name begins with; of a program as it prints it. */
function versionOf(name: string): string {
  if (name === "curl") {
    return execFileSync("curl", ["--version"], { encoding: "utf8" }).split(" ")[1] ?? "";
  }
  const [packageName = ""] = name.split(/[ ,]/);
  const folders = createRequire(import.meta.url).resolve.paths(packageName) ?? [];
  const file = folders.map((folder) => join(folder, packageName, "package.json")).find(existsSync);
  return file ? manifestSchema.parse(JSON.parse(readFileSync(file, "utf8"))).version : "–";
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      help: { type: "boolean", short: "h" },
      only: { type: "string" },
      "no-write": { type: "boolean" },
    },
  });
  if (values.help) return console.log(HELP);
  const { only = "" } = values;
  const clients = CLIENTS.filter(({ name }) => name.includes(only));
  const worlds = await openWorlds();
  try {
    const all: ClientResults[] = [];
    for (const client of clients) all.push(await playClient(worlds, client));
    const cells = all.flatMap(({ results }) => Object.values(results));
    const count = (kind: Result["kind"]) => cells.filter((one) => one.kind === kind).length;
    console.log(
      `${count("works")} cases work, ${count("not_offered")} are not offered by the client, ${count("fails")} fail.`,
    );
    if (count("fails") > 0) process.exitCode = 1;
    if (only !== "" || values["no-write"]) return;
    writeFileSync(PAGE, formatPage(all, new Date().toISOString().slice(0, 10)));
    console.log("Written: docs/clients.md");
  } finally {
    await worlds.close();
  }
}

await main();
