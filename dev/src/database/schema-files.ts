/**
 * The files of `supabase/schemas`, and the baseline migration that they add up to. They hold the
 * final form of the database and apply to an empty project in the order of their names.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export const BASELINE_FILE = "20261128000000_baseline.sql";

interface SchemaFile {
  readonly file: string;
  readonly sql: string;
}

export function readSchemas(folder: string): SchemaFile[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith(".sql"))
    .sort()
    .map((file) => ({ file, sql: readFileSync(join(folder, file), "utf8") }));
}

/** The same files make the same text, on every machine. */
export function composeBaseline(schemas: readonly SchemaFile[]): string {
  const head = "-- Generated from supabase/schemas by `npm run db:baseline`. Do not edit.\n";
  return [head, ...schemas.map(({ file, sql }) => `-- schemas/${file}\n\n${sql}`)].join("\n");
}
