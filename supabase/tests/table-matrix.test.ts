/**
 * Who may do what with which table, tried out row by row over a real connection.
 *
 * A letter means that the caller reaches a row of this workspace: select, insert, update, delete.
 * A dot means that the verb is theirs but the row is not to be seen; a dash, that it is refused.
 * `other` owns a workspace of another tenant. `service` is the key that workers hold, and `worker`
 * what that key writes through the ledger's functions, counted by Postgres.
 */
import { randomUUID } from "node:crypto";
import { escapeIdentifier } from "pg";
import { expect, test } from "vitest";
import {
  anon,
  type Caller,
  type Database,
  inRollback,
  refusalOf,
  service,
} from "../../test/support/database.ts";
import { parseMatrix } from "./support/matrix.ts";
import { insertOf, placeSampleRows, type SampleRow } from "./support/sample-rows.ts";
import { addMember, createTenant } from "./support/tenant.ts";
import { countWorkerWrites } from "./support/worker-writes.ts";

const EXPECTED = parseMatrix(`
  table                       anon  viewer  member  admin  other  service  worker
  agent_run_attempts          ----  s---    s---    s---   .---   s---     -iu-
  agent_runs                  ----  s---    s---    s---   .---   s---     --u-
  cmo_brand_profiles          ----  s-.-    siu-    siu-   .-.-   s---     -iu-
  cmo_campaign_channels       ----  s-.-    siu-    siu-   .-.-   s---     -i--
  cmo_campaigns               ----  s-.-    siu-    siu-   .-.-   s---     -i--
  cmo_content_assets          ----  s-.-    siu-    siu-   .-.-   s---     -i--
  cmo_content_variants        ----  s-.-    siu-    siu-   .-.-   s---     -i--
  cmo_funnel_stages           ----  s-.-    siu-    siu-   .-.-   s---     -i--
  cmo_funnels                 ----  s-.-    siu-    siu-   .-.-   s---     -i--
  cmo_icp_segments            ----  s-.-    siu-    siu-   .-.-   s---     -iu-
  cmo_marketing_plans         ----  s-.-    siu-    siu-   .-.-   s---     -i--
  cmo_metrics_snapshots       ----  s-.-    siu-    siu-   .-.-   s---     ----
  cmo_offers                  ----  s-.-    siu-    siu-   .-.-   s---     -iu-
  cmo_recommendations         ----  s-.-    s-u-    s-u-   .-.-   s---     -i--
  cmo_versions                ----  s---    s---    s---   .---   s---     -i--
  pipelines                   ----  s---    s---    s---   .---   s---     ----
  tenants                     ----  s---    s---    s---   .---   s---     ----
  v_cmo_metrics_by_workspace  ----  s---    s---    s---   .---   s---     ----
  workers                     ----  ----    ----    ----   ----   s---     -iud
  workspace_invitations       ----  s---    s---    s---   .---   s---     ----
  workspace_members           ----  s---    s---    s---   .---   s---     ----
  workspaces                  ----  s---    s---    s---   .---   s---     ----
`);

/** Of these tables only some columns may be updated. */
const UPDATED_IN_PART = {
  cmo_metrics_snapshots: [
    "campaign_id",
    "channel_id",
    "clicks",
    "conversion_rate",
    "conversions",
    "cost",
    "custom_metrics",
    "engagement_rate",
    "impressions",
    "metric_type",
    "revenue",
    "roi",
    "snapshot_date",
  ],
  cmo_recommendations: ["implemented_at", "status"],
};

interface Probe {
  readonly db: Database;
  readonly caller: Caller;
  readonly table: string;
  readonly row: SampleRow;
}

/** What a verb does to the row: reached, not seen, or refused. */
async function tryOut(letter: string, attempt: () => Promise<unknown[]>): Promise<string> {
  try {
    return (await attempt()).length > 0 ? letter : ".";
  } catch (error) {
    const { code } = await refusalOf(Promise.reject(error));
    // A view that cannot be written at all refuses in its own way.
    if (code === "42501" || code === "55000" || code === "PT403") return "-";
    throw error;
  }
}

function idOf({ key, values }: SampleRow): unknown {
  return values[key];
}

async function probe({ db, caller, table, row }: Probe): Promise<string> {
  const name = `public.${escapeIdentifier(table)}`;
  const where = `where ${row.key} = $1`;
  const column = await updatableColumn(db, table, { caller, fallback: row.key });
  const verbs: [letter: string, attempt: () => Promise<unknown[]>][] = [
    ["s", () => db.as(caller, `select 1 from ${name} ${where}`, [idOf(row)])],
    ["i", () => insertAnother({ db, caller, table, row })],
    [
      "u",
      () =>
        db.as(caller, `update ${name} set ${column} = ${column} ${where} returning 1`, [idOf(row)]),
    ],
    ["d", () => db.as(caller, `delete from ${name} ${where} returning 1`, [idOf(row)])],
  ];
  let cell = "";
  for (const [letter, attempt] of verbs) {
    await db.query("savepoint probe");
    cell += await tryOut(letter, attempt);
    await db.query("rollback to savepoint probe");
  }
  return cell;
}

/** A row like the sample, signed by the caller; where there can be but one, in place of it. */
async function insertAnother({ db, caller, table, row }: Probe): Promise<unknown[]> {
  const own: Record<string, unknown> = { ...row.values };
  if ("id" in own) own["id"] = randomUUID();
  if ("created_by" in own) own["created_by"] = caller.userId;
  if ("agent_run_id" in own) own["agent_run_id"] = null;
  // Computed from others.
  if (table === "agent_runs") delete own["cost"];
  if (table === "cmo_brand_profiles") await db.query(`delete from public.${table}`);
  const [sql, values] = insertOf(table, own);
  await db.as(caller, sql, values);
  return [own];
}

async function updatableColumn(
  db: Database,
  table: string,
  { caller, fallback }: { readonly caller: Caller; readonly fallback: string },
): Promise<string> {
  const [column] = await db.query<{ name: string }>(
    `select quote_ident(attname) as name from pg_catalog.pg_attribute
     where attrelid = $1::regclass and attnum > 0 and not attisdropped
       and has_column_privilege($2::name, attrelid, attnum, 'UPDATE')
     order by attname = 'created_at' desc, attnum limit 1`,
    [`public.${table}`, caller.role],
  );
  return column?.name ?? escapeIdentifier(fallback);
}

test("every role reaches of every table what this matrix says, and no more", () =>
  inRollback(async (db) => {
    const { tenant, rows } = await placeSampleRows(db);
    const callers: [name: string, caller: Caller][] = [
      ["anon", anon],
      ["viewer", await addMember(db, tenant.workspaceId, "viewer")],
      ["member", await addMember(db, tenant.workspaceId, "member")],
      ["admin", await addMember(db, tenant.workspaceId, "admin")],
      ["other", (await createTenant(db)).owner],
      ["service", service],
    ];
    const seen: Record<string, Record<string, string>> = {};
    for (const [table, row] of rows) {
      const cells: Record<string, string> = {};
      for (const [name, caller] of callers) {
        cells[name] = await probe({ db, caller, table, row });
      }
      seen[table] = cells;
    }
    const writes = await countWorkerWrites(db, [...rows.keys()]);
    for (const [table, cells] of Object.entries(seen))
      cells["worker"] = writes.get(table) ?? "----";
    expect(seen).toEqual(EXPECTED);
  }));

test("where users may update a part of a row, it is this part", () =>
  inRollback(async (db) => {
    const columns = await db.query<{ table: string; columns: string[] }>(
      `select c.relname as table, array_agg(a.attname::text order by a.attname) as columns
       from pg_catalog.pg_class c
       join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0
       where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v')
         and not has_table_privilege('authenticated', c.oid, 'UPDATE')
         and has_column_privilege('authenticated', c.oid, a.attnum, 'UPDATE')
       group by c.relname`,
    );
    const byTable = Object.fromEntries(columns.map((row) => [row.table, row.columns]));
    expect(byTable).toEqual(UPDATED_IN_PART);
  }));
