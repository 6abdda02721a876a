/** Run ids are UUIDs of version 7, whoever makes them: they sort by the time of their making. */
import { expect, test } from "vitest";
import { type Database, inRollback, refusalOf } from "../../test/support/database.ts";
import { createRun, finalize } from "./support/ledger.ts";
import { createPipeline, readPipeline } from "./support/pipelines.ts";
import { createTenant } from "./support/tenant.ts";

async function versionOf(db: Database, id: string): Promise<number | undefined> {
  const sql = "select uuid_extract_version($1)::int as version";
  return (await db.query<{ version: number }>(sql, [id]))[0]?.version;
}

test("the database's own ids say when they were made, and differ", () =>
  inRollback(async (db) => {
    const made = await db.query<{ id: string; ms: number; version: number }>(
      `select id, uuid_extract_version(id)::int as version,
         ('x' || left(replace(id::text, '-', ''), 12))::bit(48)::bigint::float8 as ms
       from (select private.uuid_v7() as id from generate_series(1, 100)) ids`,
    );
    expect(new Set(made.map(({ id }) => id)).size).toBe(100);
    for (const { ms, version } of made) {
      expect(version).toBe(7);
      expect(Math.abs(ms - Date.now())).toBeLessThan(60_000);
    }
  }));

test("every run of a pipeline has such an id", () =>
  inRollback(async (db) => {
    const { owner } = await createTenant(db);
    const { pipeline, runs } = await createPipeline(db, owner, {
      p_steps: ["strategy", "funnels"],
    });
    const [first] = runs;
    if (!first) throw new Error("The pipeline has no run.");
    await db.query(
      `update public.agent_runs set phase = 'active', attempt = 1, worker_id = gen_random_uuid()
       where id = $1`,
      [first.id],
    );
    await finalize(db, { runId: first.id });
    const all = (await readPipeline(db, pipeline.id)).runs;
    expect(all).toHaveLength(2);
    for (const { id } of all) expect(await versionOf(db, id)).toBe(7);
  }));

test.each([
  ["random", "5f0c2cf5-6c38-4c39-9a4d-0e6d7b9a7c11"],
  ["of no variant", "00000000-0000-7000-0000-000000000001"],
])("an id that is %s is refused with a sentence, and by the table too", (_, p_id) =>
  inRollback(async (db) => {
    const { owner, tenantId, workspaceId } = await createTenant(db);
    const { message, detail } = await refusalOf(createRun(db, owner, { p_id }));
    expect(message).toBe("invalid_request");
    expect(JSON.parse(detail ?? "")).toEqual({
      issues: [{ path: "id", message: "Must be a UUID of version 7" }],
    });
    const insert = db.query(
      `insert into public.agent_runs (id, tenant_id, workspace_id, created_by, agent, mode, input, expires_at)
       values ($1, $2, $3, $4, 'cmo-content-engine', 'content', '{}', now())`,
      [p_id, tenantId, workspaceId, owner.userId],
    );
    expect((await refusalOf(insert)).code).toBe("23514");
  }),
);
