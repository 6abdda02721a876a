/** The test files of the repository that hold fast-check properties, by path from the root. */
import { globSync, readFileSync } from "node:fs";

const root = new URL("../../", import.meta.url);
const PATTERN = "{apps,packages,dev,supabase,test}/**/*.test.ts";
const IMPORT = /^import .* from "fast-check";$/m;

export interface PropertyFile {
  readonly path: string;
  readonly text: string;
}

export function readPropertyFiles(): readonly PropertyFile[] {
  return globSync(PATTERN, { cwd: root, exclude: (path) => path.includes("node_modules") })
    .map((path) => ({ path, text: readFileSync(new URL(path, root), "utf8") }))
    .filter(({ text }) => IMPORT.test(text))
    .toSorted((a, b) => a.path.localeCompare(b.path));
}
