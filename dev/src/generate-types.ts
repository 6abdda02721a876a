/** Generates TypeScript types of what PostgREST exposes of a database. */
import { generateTypescript, sortGeneratorMetadata } from "@supabase/postgrest-typegen/generation";
import { introspect } from "@supabase/postgrest-typegen/introspection";
import pg from "pg";

const HEADER = "// Generated from supabase/migrations by `npm run types:db`. Do not edit.\n";

/** The generated shorthands begin here. They are cut off, because code imports only `Database`. */
const SHORTHANDS = "\ntype DatabaseWithoutInternals";

/** Reads the schema `public` of a migrated database and returns the content of `types.gen.ts`. */
export async function generateDatabaseTypes(databaseUrl: string): Promise<string> {
  const pool = new pg.Pool({ connectionString: databaseUrl });
  try {
    const metadata = await introspect(pool, { includedSchemas: ["public"] });
    const types = await generateTypescript(sortGeneratorMetadata(metadata), {});
    const [database = ""] = types.split(SHORTHANDS, 1);
    return `${HEADER}${database.trimEnd().replace("export type Json", "type Json")}\n`;
  } finally {
    await pool.end();
  }
}
