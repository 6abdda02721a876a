/**
 * `npm run db:diff`: prints the migration that is missing, as the difference between a database made
 * from the migrations and one made from the schemas. It is a draft to review: rows of private tables
 * are not compared here, and a drop says nothing about the data. The integration test compares both
 * databases after the migration was added.
 */
import { extract, plan, renderPlanFiles } from "@supabase/pg-delta";
import pg from "pg";
import { migrate } from "../database/migrate.ts";
import { applySchemas, createScratchDatabase, execute } from "../database/scratch-database.ts";
import { MIGRATIONS_FOLDER, SCHEMAS_FOLDER } from "../repository.ts";
import { withStack } from "../stack/with-stack.ts";

export function diffSchema(): Promise<number> {
  return withStack({
    verbose: false,
    options: { ports: "free", environment: {}, apps: { api: 0, workers: 0 }, seed: false },
    use: async ({ stack }) => {
      if (stack.databaseUrl === null) throw new Error("A stack without a database has no schema.");
      console.log(
        (await findDifference(stack.databaseUrl)) || "The migrations lead to the schemas.",
      );
      return 0;
    },
  });
}

async function findDifference(clusterUrl: string): Promise<string> {
  const migrated = await createScratchDatabase(clusterUrl);
  const declared = await createScratchDatabase(clusterUrl);
  try {
    await migrate(migrated.url, MIGRATIONS_FOLDER);
    // The history of the migrations belongs to no schema.
    await execute(migrated.url, ["drop schema supabase_migrations cascade"]);
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
