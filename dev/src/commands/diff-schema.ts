/**
 * `npm run db:diff`: prints the migration that is missing, as the difference between a database made
 * from the migrations and one made from the schemas. It is a draft to review: rows of private tables
 * are not compared here, and a drop says nothing about the data. The integration test compares both
 * databases after the migration was added.
 */
import { extract, plan, renderPlanFiles } from "@supabase/pg-delta";
import pg from "pg";
import { migrate } from "../database/migrate.ts";
import { applySchemas, createScratchDatabase } from "../database/scratch-database.ts";
import { MIGRATIONS_FOLDER, SCHEMAS_FOLDER } from "../repository.ts";
import { withStack } from "../with-stack.ts";

export function diffSchema(): Promise<number> {
  return withStack({
    verbose: false,
    options: { ports: "free", environment: {}, apps: { api: 0, workers: 0 }, seed: false },
    use: async ({ stack }) => {
      if (stack.databaseUrl === null) throw new Error("A stack without a database has no schema.");
      console.log(await printDifference(stack.databaseUrl));
      return 0;
    },
  });
}

async function printDifference(clusterUrl: string): Promise<string> {
  const migrated = await createScratchDatabase(clusterUrl);
  const declared = await createScratchDatabase(clusterUrl);
  try {
    await migrate(migrated.url, MIGRATIONS_FOLDER);
    await applySchemas(declared.url, SCHEMAS_FOLDER);
    return await compare(migrated.url, declared.url);
  } finally {
    await Promise.all([migrated.close(), declared.close()]);
  }
}

async function compare(fromUrl: string, toUrl: string): Promise<string> {
  const [from, to] = [fromUrl, toUrl].map((url) => new pg.Pool({ connectionString: url }));
  if (!from || !to) throw new Error("A difference needs two databases.");
  try {
    const difference = plan((await extract(from)).factBase, (await extract(to)).factBase);
    return renderPlanFiles(difference, { allowDrops: true })
      .files.map(({ contents }) => contents)
      .join("\n");
  } finally {
    await Promise.all([from.end(), to.end()]);
  }
}
