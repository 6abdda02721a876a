/** The TypeScript face of the schema: what PostgREST shows of a database, as types. */
import { generateTypescript, sortGeneratorMetadata } from "@supabase/postgrest-typegen/generation";
import { introspect } from "@supabase/postgrest-typegen/introspection";
import pg from "pg";

const HEADER = "// Generated from supabase/migrations by `npm run types:db`. Do not edit.\n";

/** Where the generator goes on to shorthands and constants; code imports `Database` alone. */
const SHORTHANDS = "\ntype DatabaseWithoutInternals";

/** Reads the schema `public` of a migrated database; the content of a `types.gen.ts`. */
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
