/** What must hold for every table, view, function and policy, also for those that are added later. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { type Database, inRollback } from "../../test/support/database.ts";
import { VIOLATIONS, type Violation } from "./support/violations.ts";

const REALTIME = new URL("../schemas/90_realtime.sql", import.meta.url);

async function find(db: Database, { query }: Violation): Promise<string[]> {
  return (await db.query<{ name: string }>(query)).map(({ name }) => name).sort();
}

describe.each(VIOLATIONS)("$promise", (violation) => {
  test("and so it is", () =>
    inRollback(async (db) => {
      expect(await find(db, violation)).toEqual([]);
    }));

  test("a violation would be noticed", () =>
    inRollback(async (db) => {
      await db.query(violation.plant);
      expect(await find(db, violation)).toContain(violation.planted);
    }));
});

test("what a later migration creates is nobody's until it says whose", () =>
  inRollback(async (db) => {
    await db.query("create table public.planted (id bigint generated always as identity)");
    await db.query("create function public.planted() returns int language sql as 'select 1'");
    const rights = await db.query(
      `select from (values ('anon'), ('authenticated'), ('service_role')) as r (rolname)
       where has_table_privilege(r.rolname, 'public.planted', 'select, insert, update, delete')
         or has_sequence_privilege(r.rolname, 'public.planted_id_seq', 'usage, select, update')
         or has_function_privilege(r.rolname, 'public.planted()', 'execute')`,
    );
    expect(rights).toEqual([]);
  }));

test("what Realtime publishes has a policy that decides who hears of it", () =>
  inRollback(async (db) => {
    const publication = "supabase_realtime";
    const isHere = await db.query("select from pg_publication where pubname = $1", [publication]);
    if (isHere.length === 0) {
      await db.query(`create publication ${publication}`);
      await db.query(readFileSync(REALTIME, "utf8"));
    }
    const published = await db.query<{ name: string }>(
      "select tablename as name from pg_publication_tables where pubname = $1",
      [publication],
    );
    expect(published.map(({ name }) => name)).toContain("agent_runs");
    for (const violation of VIOLATIONS)
      expect(await find(db, violation), violation.promise).toEqual([]);
  }));
