/**
 * Which tables a worker writes: its functions are called in all their ways, and Postgres counts
 * the rows that each table gained, changed or lost meanwhile.
 */
import { randomUUID } from "node:crypto";
import type { Database } from "../../../test/support/database.ts";
import {
  beat,
  claim,
  createRun,
  finalize,
  lapse,
  reconcile,
  release,
  startElder,
  startWorker,
  sweep,
} from "./ledger.ts";
import { createTenant } from "./tenant.ts";

/** For each table a cell such as `-iu-`: a worker's reading is that of its key. */
export async function countWorkerWrites(
  db: Database,
  tables: readonly string[],
): Promise<Map<string, string>> {
  const tenant = await createTenant(db);
  const queued: string[] = [];
  for (let count = 0; count < 2 * tables.length + RUNS_WITHOUT_ARTIFACTS; count += 1) {
    queued.push((await createRun(db, tenant.owner, { p_save: true })).run.id);
  }
  // Twice: what is known by its name is changed the second time.
  const artifacts = [...tables, ...tables].map(artifactsOf);
  const before = await readCounts(db);
  await workOnAll(db, queued, artifacts);
  const after = await readCounts(db);
  return new Map(
    [...after].map(([table, counts]) => {
      const [inserted, updated, deleted] = counts.map(
        (count, index) => count > (before.get(table)?.[index] ?? 0),
      );
      return [table, `-${inserted ? "i" : "-"}${updated ? "u" : "-"}${deleted ? "d" : "-"}`];
    }),
  );
}

const RUNS_WITHOUT_ARTIFACTS = 4;

/** What some table needs; each takes its own of them. */
const VALUES = {
  brand_name: "B",
  segment_name: "S",
  offer_name: "O",
  offer_type: "product",
  plan_name: "P",
  funnel_name: "F",
  stage_name: "S",
  stage_type: "awareness",
  campaign_name: "C",
  campaign_type: "nurture",
  channel_name: "email",
  title: "T",
  content_type: "blog",
  variant_name: "V",
  recommendation_type: "optimization",
  snapshot_date: "2026-11-22",
  metric_type: "weekly",
};

/** Inserts, updates and deletes of this transaction. */
async function readCounts(db: Database): Promise<Map<string, number[]>> {
  const rows = await db.query<{ table: string; counts: string[] }>(
    `select relname as table, array[n_tup_ins, n_tup_upd, n_tup_del]::text[] as counts
     from pg_catalog.pg_stat_xact_user_tables where schemaname = 'public'`,
  );
  return new Map(rows.map(({ table, counts }) => [table, counts.map(Number)]));
}

const PARENT_OF: Readonly<Record<string, readonly [parent: string, column: string]>> = {
  cmo_funnel_stages: ["cmo_funnels", "funnel_id"],
  cmo_campaign_channels: ["cmo_campaigns", "campaign_id"],
  cmo_content_variants: ["cmo_content_assets", "asset_id"],
};

interface Artifact {
  readonly table: string;
  readonly id: string;
  readonly values: Readonly<Record<string, unknown>>;
}

async function workOnAll(
  db: Database,
  queued: readonly string[],
  artifacts: readonly (readonly Artifact[])[],
): Promise<void> {
  const workerId = await startWorker(db);
  const [released, forgotten, lost, failed, ...saving] = queued;
  if (!released || !forgotten || !lost || !failed) throw new Error("There are too few runs.");
  for (const runId of [released, forgotten, failed, ...saving]) await claim(db, runId, workerId);
  await release(db, { runId: released }, { kind: "failed", code: "gateway_error" });
  await finalize(db, { runId: failed }, { status: "failed", error_code: "gateway_error" });
  for (const [index, runId] of saving.entries()) {
    await finalize(db, { runId }, { status: "completed", artifacts: artifacts[index] });
  }
  const longAgo =
    "update public.agent_runs set claimed_at = now() - interval '1 hour' where id = $1";
  await db.query(longAgo, [forgotten]);
  await reconcile(db, workerId, []);

  const dying = await startWorker(db);
  await claim(db, lost, dying);
  await lapse(db, dying);
  const elder = await startElder(db);
  await sweep(db, elder);
  const lostLongAgo = "update public.workers set lost_at = now() - interval '1 year' where id = $1";
  await db.query(lostLongAgo, [dying]);
  await sweep(db, elder);
  await beat(db, workerId);
}

/** A row for the table, behind the parent that it hangs under. */
/** `turn` tells one text from the next, so that what is known is changed. */
function artifactsOf(table: string, turn: number): Artifact[] {
  const values = { description: `Turn ${turn}` };
  const [parent, column] = PARENT_OF[table] ?? [];
  if (parent === undefined || column === undefined) return [artifactOf(table, values)];
  const above = artifactOf(parent, values);
  return [above, artifactOf(table, { ...values, [column]: above.id })];
}

function artifactOf(table: string, values: Readonly<Record<string, string>>): Artifact {
  return { table, id: randomUUID(), values: { ...VALUES, ...values } };
}
