/**
 * Every place that an agent needs, as the recipe in the package's README lists them. The contract
 * names the agents; each other place is read as text and must name them, too.
 */
import { existsSync, globSync, readFileSync } from "node:fs";

const root = new URL("../../../", import.meta.url);

export interface NamedAgent {
  readonly mode: string;
  readonly name: string;
}

interface AgentPlace {
  /** From the repository's root, as in the recipe. */
  readonly path: string;
  /** What the place lacks for this agent; empty if it is complete. */
  readonly missing: (agent: NamedAgent) => readonly string[];
}

const FOLDER_FILES = [
  "card.ts",
  "schema.ts",
  "context.ts",
  "prompt.ts",
  "prompt.golden.md",
  "finish.ts",
  "artifacts.ts",
  "index.ts",
];

/** The agent's name in SQL, beside its mode. */
const inModeTable = ({ mode, name }: NamedAgent) => `when '${mode}' then '${name}'`;
const asFolder = ({ name }: NamedAgent) => name.replace(/^cmo-/, "");

export const AGENT_PLACES: readonly AgentPlace[] = [
  {
    path: "packages/shared/src/contract/mode.ts",
    missing: textOf("packages/shared/src/contract/mode.ts", ({ mode, name }) => [
      `${mode}: "${name}"`,
      `"${mode}",`,
    ]),
  },
  {
    path: "packages/agents/src/<agent>/",
    missing: (agent) =>
      FOLDER_FILES.map((file) => `packages/agents/src/${asFolder(agent)}/${file}`).filter(
        (path) => !existsSync(new URL(path, root)),
      ),
  },
  {
    path: "packages/agents/src/catalog.ts",
    missing: textOf("packages/agents/src/catalog.ts", (agent) => [
      `"./${asFolder(agent)}/card.ts"`,
    ]),
  },
  {
    path: "packages/agents/src/registry.ts",
    missing: textOf("packages/agents/src/registry.ts", (agent) => [
      `"./${asFolder(agent)}/index.ts"`,
    ]),
  },
  {
    path: "packages/agents/test/samples/",
    missing: (agent) => {
      const path = `packages/agents/test/samples/${asFolder(agent)}.ts`;
      return existsSync(new URL(path, root)) ? [] : [path];
    },
  },
  {
    path: "supabase/",
    missing: (agent) => {
      const wanted = [inModeTable(agent), ...savedTables(agent).map((table) => `when '${table}'`)];
      const folders = ["supabase/schemas", "supabase/migrations"];
      return folders.flatMap((folder) => {
        const sql = readAll(`${folder}/*.sql`);
        return sql === "" ? [] : lacking(sql, wanted).map((text) => `${folder}: ${text}`);
      });
    },
  },
  {
    path: "apps/demo-gateway/src/answers/",
    missing: textOf("apps/demo-gateway/src/answers/answer-to.ts", ({ name }) => [`["${name}", `]),
  },
  {
    path: "dev/src/demo.ts",
    missing: textOf("dev/src/demo.ts", ({ mode }) => [`${mode}: `]),
  },
  {
    path: "dev/src/eval/payload-of.ts",
    missing: textOf("dev/src/eval/payload-of.ts", ({ mode }) => [`case "${mode}":`]),
  },
  {
    path: "test/unit/rooms.test.ts",
    missing: textOf("test/unit/rooms.test.ts", (agent) => [`"${asFolder(agent)}",`]),
  },
  {
    path: "packages/agents/README.md",
    missing: textOf("packages/agents/README.md", ({ mode, name }) => [
      `\`${mode}\``,
      `\`${name}\``,
    ]),
  },
];

function textOf(path: string, wanted: (agent: NamedAgent) => readonly string[]) {
  return (agent: NamedAgent) =>
    lacking(readFileSync(new URL(path, root), "utf8"), wanted(agent)).map(
      (text) => `${path}: ${text}`,
    );
}

function lacking(text: string, wanted: readonly string[]): readonly string[] {
  return wanted.filter((part) => !text.includes(part));
}

/** The tables that the agent's artifacts name: `finalize_run` needs a branch for each. */
function savedTables(agent: NamedAgent): readonly string[] {
  const text = readAll(`packages/agents/src/${asFolder(agent)}/artifacts.ts`);
  return [...text.matchAll(/table: "(\w+)"/g)].map(([, table = ""]) => table);
}

function readAll(pattern: string): string {
  return globSync(pattern, { cwd: root })
    .map((path) => readFileSync(new URL(path, root), "utf8"))
    .join("\n");
}
