/** What the documents say about the repository is true. */
import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { MAY_IMPORT } from "./import-table.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), "utf8");

const documents = [
  "README.md",
  "ARCHITECTURE.md",
  "CONTRIBUTING.md",
  "CHANGELOG.md",
  ...globSync("{docs/**,packages/*,apps/api/src/routes,supabase/*}/*.md", { cwd: root }),
].sort();

const TOP = globSync("*", { cwd: root }).filter((name) => name !== "node_modules");
const IN_REPOSITORY = new RegExp(`^(?:${TOP.join("|").replaceAll(".", "\\.")}|\\.ci)/`);
/** Made by commands, not committed. */
const MADE = /^(?:\.local|node_modules)\//;

/** The paths that stand in code, from the root; placeholders such as `<agent>` name no file. */
function pathsIn(text: string): readonly string[] {
  return [...text.matchAll(/`([^`\s]+)`/g)]
    .map(([, code = ""]) => code)
    .filter((code) => IN_REPOSITORY.test(code) && !MADE.test(code) && !/[<…]/.test(code));
}

function linksIn(path: string, text: string): readonly string[] {
  return [...text.matchAll(/\]\(([^)#\s]+)[^)]*\)/g)]
    .map(([, target = ""]) => target)
    .filter((target) => !/^[a-z]+:/.test(target))
    .map((target) => normalize(join(dirname(path), target)));
}

function exists(path: string): boolean {
  return existsSync(join(root, path)) || globSync(path, { cwd: root }).length > 0;
}

describe.each(documents)("%s", (path) => {
  const text = read(path);

  test("every path that it names exists", () => {
    expect([...pathsIn(text), ...linksIn(path, text)].filter((one) => !exists(one))).toEqual([]);
  });

  test("every npm script that it names exists", () => {
    const { scripts } = z
      .object({ scripts: z.record(z.string(), z.string()) })
      .parse(JSON.parse(read("package.json")));
    const named = [...text.matchAll(/\bnpm (?:run (?:-s )?)?([a-z][\w:-]*)/g)].map(
      ([all, name = ""]) => (all.includes(" run ") ? name : ""),
    );
    expect(named.filter((name) => name !== "" && !Object.hasOwn(scripts, name))).toEqual([]);
  });
});

test("the documents name enough paths for these tests to mean something", () => {
  expect(documents.length).toBeGreaterThan(15);
  expect(pathsIn(read("CONTRIBUTING.md")).length).toBeGreaterThan(12);
});

test("CONTRIBUTING lists what .ci/run runs, in its order", () => {
  const [, section = ""] = /^## What CI runs$(.*?)^## /ms.exec(read("CONTRIBUTING.md")) ?? [];
  const listed = [...section.matchAll(/^\d+\. `(.+)`$/gm)].map(([, command]) => command);
  const commands = read(".ci/run")
    .split("\n")
    .filter((line) => line !== "" && !/^(#|set |cd |export )/.test(line));
  expect(listed).toEqual(commands);
});

test("CONTRIBUTING lists what CI runs every night", () => {
  const nightly = exists(".ci/nightly") ? read(".ci/nightly") : "";
  const commands = [...nightly.matchAll(/^run (.+)$/gm)].map(([, command]) => `npm run ${command}`);
  const [, section = ""] = /^## What CI runs$(.*?)^## /ms.exec(read("CONTRIBUTING.md")) ?? [];
  expect([...section.matchAll(/^- `(.+)`$/gm)].map(([, command]) => command)).toEqual(commands);
});

test("CONTRIBUTING explains every npm script that a person calls", () => {
  const scripts = z
    .object({ scripts: z.record(z.string(), z.string()) })
    .parse(JSON.parse(read("package.json"))).scripts;
  const parts = ["lint", "typecheck", "unused"];
  const page = read("CONTRIBUTING.md");
  const missing = Object.keys(scripts).filter(
    (name) => !parts.includes(name) && !new RegExp(`\`npm (?:run )?${name}[\` ]`).test(page),
  );
  expect(missing).toEqual([]);
});

/** An entry of a package, as the file behind it. */
function toFile(room: string): string {
  return room.replace(/^(packages\/\w+)\/(\w+)$/, "$1/src/$2.ts");
}

test("the table of rooms in ARCHITECTURE is the table that the import test checks", () => {
  const [, section = ""] = /^## Rooms$(.*?)^## /ms.exec(read("ARCHITECTURE.md")) ?? [];
  const rows = [...section.matchAll(/^\| `([^`]+)` \| [^|]+ \| ([^|]+) \|$/gm)].map(
    ([, room = "", may = ""]) => [room, [...may.matchAll(/`([^`]+)`/g)].map(([, one]) => one)],
  );
  const expected = Object.entries(MAY_IMPORT).map(([room, may]) => [room, may.map(toFile)]);
  expect(Object.fromEntries(rows)).toEqual(Object.fromEntries(expected));
});
