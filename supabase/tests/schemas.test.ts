/**
 * The schemas say what the database is, the migrations how it became so. Whoever changes one and
 * not the other has changed nothing, or something that nobody can read.
 */
import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { migrate } from "../../dev/src/database/migrate.ts";
import {
  BASELINE_FILE,
  composeBaseline,
  readSchemas,
} from "../../dev/src/database/schema-files.ts";
import { type Database, inRollback } from "../../test/support/database.ts";
import { dumpCatalogue } from "./support/dump-catalogue.ts";
import { createOwnDatabase } from "./support/own-database.ts";

const at = (path: string): string => new URL(`../${path}`, import.meta.url).pathname;

async function dump(source: "schemas" | "migrations"): Promise<string[]> {
  const database = await createOwnDatabase(source);
  try {
    return await dumpCatalogue(await database.connect());
  } finally {
    await database.close();
  }
}

test("the migrations make the database that the schemas describe", async () => {
  const [described, migrated] = [await dump("schemas"), await dump("migrations")];
  expect(described.length).toBeGreaterThan(700);
  expect(migrated.filter((line) => !described.includes(line))).toEqual([]);
  expect(described.filter((line) => !migrated.includes(line))).toEqual([]);
});

test("as long as the baseline is the only migration, it is what `npm run db:baseline` writes", () => {
  const migrations = readdirSync(at("migrations")).filter((file) => file.endsWith(".sql"));
  const baseline = readFileSync(at(`migrations/${BASELINE_FILE}`), "utf8");
  const isFinal = migrations.length > 1;
  expect(isFinal || baseline === composeBaseline(readSchemas(at("schemas")))).toBe(true);
});

test("every function and every table is written once", () => {
  const text = composeBaseline(readSchemas(at("schemas")));
  const names = [...text.matchAll(/^create (?:or replace )?(?:function|table) ([\w.]+)/gm)].map(
    ([, name]) => name,
  );
  expect(names.length).toBeGreaterThan(100);
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
});

test("a database that was made from another history is refused", async () => {
  const database = await createOwnDatabase();
  try {
    const client = await database.connect();
    await client.query("update supabase_migrations.schema_migrations set version = '1'");
    await expect(migrate(database.url, at("migrations"))).rejects.toThrow("another history");
  } finally {
    await database.close();
  }
});

test("the runs can be partitioned by ranges of their ids", () =>
  inRollback(async (db: Database) => {
    // Postgres refuses this when a unique constraint does not contain the id.
    await db.query(
      "create table private.planted (like public.agent_runs including all) partition by range (id)",
    );
  }));
