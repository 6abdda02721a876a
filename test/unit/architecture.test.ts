import { describe, expect, test } from "vitest";
import { MAY_IMPORT } from "./import-table.ts";
import { readSources, type SourceFile } from "./source-files.ts";

const sources = readSources("{apps,packages}/*/src/**/*.ts");

/** The room a file is in: `apps/api`, `packages/agents`, `shared/stream` … */
function roomOf(path: string): string {
  const [top = "", name = "", , folder = ""] = path.split("/");
  return top === "packages" && name === "shared" ? `shared/${folder}` : `${top}/${name}`;
}

/** One vendor, one room. */
const VENDORS: Record<string, RegExp> = {
  bullmq: /^packages\/shared\/src\/queue\//,
  ioredis: /^packages\/shared\/src\/redis\//,
  "@supabase/supabase-js": /^packages\/shared\/src\/db\//,
  uuid: /^packages\/shared\/src\/runtime\/run-id\.ts$/,
  pino: /^packages\/shared\/src\/runtime\/log\.ts$/,
  "eventsource-parser": /^packages\/(agents\/src\/gateway|client\/src)\//,
  undici: /^packages\/agents\/src\/gateway\//,
  fastify: /^apps\/api\/src\//,
  react: /^packages\/client\/src\/react\//,
  "@tanstack/react-query": /^packages\/client\/src\/react\/use-runs\.ts$/,
  jose: /^apps\/api\/src\/http\//,
};

function importedRoom(file: SourceFile, specifier: string): string | null {
  const workspace = /^@cmo\/(\w+)(?:\/(\w+))?/.exec(specifier);
  if (workspace) {
    const [, name = "", entry] = workspace;
    if (name === "shared") return `shared/${entry}`;
    if (name === "agents") return entry ? `packages/agents/${entry}` : "packages/agents";
    return `apps/${name}`;
  }
  if (!specifier.startsWith(".")) return null;
  const target = new URL(specifier, `file:///${file.path}`).pathname.slice(1);
  return roomOf(target);
}

describe("the import table", () => {
  test("it names every room that there is", () => {
    expect(new Set(sources.map(({ path }) => roomOf(path)))).toEqual(
      new Set(Object.keys(MAY_IMPORT)),
    );
  });

  test("no room runs code of a room that it may not know", () => {
    const strays = sources.flatMap((file) => {
      const room = roomOf(file.path);
      return file.imports
        .filter(({ typeOnly }) => !typeOnly)
        .map(({ specifier }) => ({ specifier, target: importedRoom(file, specifier) }))
        .filter(({ target }) => target && target !== room && !MAY_IMPORT[room]?.includes(target))
        .map(({ specifier }) => `${file.path} imports ${specifier}`);
    });
    expect(strays).toEqual([]);
  });

  test("the contract runs in a browser: it imports zod and itself", () => {
    const contract = sources.filter(({ path }) => roomOf(path) === "shared/contract");
    const foreign = contract.flatMap(({ imports }) =>
      imports.map(({ specifier }) => specifier).filter((name) => !/^(zod$|\.\/)/.test(name)),
    );
    expect(foreign).toEqual([]);
  });

  test("each vendor appears in one room", () => {
    const strays = sources.flatMap(({ path, imports }) =>
      imports
        .map(({ specifier }) => specifier)
        .filter((specifier) => {
          const vendor = Object.keys(VENDORS).find(
            (name) => specifier === name || specifier.startsWith(`${name}/`),
          );
          return vendor !== undefined && !VENDORS[vendor]?.test(path);
        })
        .map((specifier) => `${path} imports ${specifier}`),
    );
    expect(strays).toEqual([]);
  });
});

describe("the way to a table of the domain", () => {
  const WORKSPACE_DB = "packages/shared/src/db/workspace-db.ts";
  test("only WorkspaceDb reads a table whose name it is told; others name one of the ledger's", () => {
    const strays = sources
      .filter(({ path }) => path.startsWith("packages/shared/src/db/") && path !== WORKSPACE_DB)
      .flatMap(({ path, text }) =>
        [...text.matchAll(/(?<!Buffer|Array)\.(?:from|schema)\(([^)]*)\)/g)].map(
          ([, name]) => `${path} ${name}`,
        ),
      )
      .filter((use) => !/ "(agent_runs|pipelines|workspaces|workspace_members)"$/.test(use));
    expect(strays).toEqual([]);
  });

  test("an untyped client, which would know every table, is taken by WorkspaceDb alone", () => {
    const untyped = sources.filter(({ text }) => /: SupabaseClient\b(?!<)/.test(text));
    expect(untyped.map(({ path }) => path)).toEqual([WORKSPACE_DB]);
  });

  test("who makes one is the worker, where it gives each run its own", () => {
    const makers = sources.filter(({ text }) => /\bcreateWorkspaceDb\(/.test(text));
    expect(makers.map(({ path }) => path).sort()).toEqual([
      "apps/worker/src/deps.ts",
      WORKSPACE_DB,
    ]);
  });
});

describe("house rules that no linter knows", () => {
  test("the environment is read in the programs' main.ts files", () => {
    const readers = sources.filter(({ text }) => /process\.env\b/.test(text));
    expect(readers.map(({ path }) => path).sort()).toEqual([
      "apps/api/src/main.ts",
      "apps/demo-gateway/src/main.ts",
      "apps/worker/src/main.ts",
    ]);
  });

  test("the checker is never told to look away", () => {
    const forbidden = /@ts-(ignore|expect-error|nocheck)|biome-ignore|\bas any\b|:\s*any\b/;
    expect(sources.filter(({ text }) => forbidden.test(text)).map(({ path }) => path)).toEqual([]);
  });

  test("cancelled has one spelling", () => {
    const other = /\bcancel(ed|ing)\b/i;
    expect(sources.filter(({ text }) => other.test(text)).map(({ path }) => path)).toEqual([]);
  });

  test("no comment promises to tidy up later", () => {
    expect(
      sources.filter(({ text }) => /\b(TODO|FIXME)\b/.test(text)).map((file) => file.path),
    ).toEqual([]);
  });
});
