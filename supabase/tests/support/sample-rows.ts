/** A row in every table, all of one workspace, for tests of who may do what with it. */
import { randomUUID } from "node:crypto";
import { escapeIdentifier } from "pg";
import type { Database } from "../../../test/support/database.ts";
import { claim, createRun, startWorker } from "./ledger.ts";
import { createPipeline } from "./pipelines.ts";
import { createTenant, type Tenant } from "./tenant.ts";

export interface SampleRow {
  readonly key: string;
  readonly values: Readonly<Record<string, unknown>>;
}

export interface SampleRows {
  readonly tenant: Tenant;
  /** Names of all tables and views of the schema, each with its row. */
  readonly rows: ReadonlyMap<string, SampleRow>;
}

interface Column {
  readonly table: string;
  readonly name: string;
  readonly type: string;
  readonly parent: string | null;
}

/** Values that a column's type does not suggest. */
const KNOWN: Readonly<Record<string, unknown>> = { metric_type: "weekly", outcome: null };

const OF_TYPE: Readonly<Record<string, unknown>> = {
  text: "x",
  date: "2026-11-22",
  integer: 1,
  numeric: 1,
  boolean: true,
  jsonb: {},
  "timestamp with time zone": "2026-11-22T00:00:00Z",
};

export async function placeSampleRows(db: Database): Promise<SampleRows> {
  const tenant = await createTenant(db);
  await db.query("insert into public.workspace_members (workspace_id, user_id) values ($1, $2)", [
    tenant.workspaceId,
    tenant.owner.userId,
  ]);
  await db.query(
    `insert into public.workspace_invitations (workspace_id, email, role, invited_by)
     values ($1, 'guest@cmo-kernel.test', 'member', $2)`,
    [tenant.workspaceId, tenant.owner.userId],
  );
  const { run } = await createRun(db, tenant.owner);
  const { pipeline } = await createPipeline(db, tenant.owner);
  const workerId = await startWorker(db);
  await claim(db, run.id, workerId);
  const ids = new Map([
    ["tenants", tenant.tenantId],
    ["workspaces", tenant.workspaceId],
    ["agent_runs", run.id],
    ["workers", workerId],
    ["pipelines", pipeline.id],
  ]);
  const columns = await readColumns(db);
  const scope = { workspace_id: tenant.workspaceId, tenant_id: tenant.tenantId };
  for (const [table, required] of Map.groupBy(columns, (column) => column.table)) {
    // A version has no id of its own; an edit below makes one.
    if (table.startsWith("cmo_") && table !== "cmo_versions")
      ids.set(table, await place(db, table, { required, ids, scope }));
  }
  await db.query("update public.cmo_offers set description = 'x' where id = $1", [
    ids.get("cmo_offers"),
  ]);
  const rows = new Map<string, SampleRow>();
  for (const table of await readNames(db)) {
    rows.set(table, await findRow(db, table, { id: ids.get(table), ...tenant, runId: run.id }));
  }
  return { tenant, rows };
}

/** Columns that have no default, parents before their children. */
async function readColumns(db: Database): Promise<Column[]> {
  return db.query<Column>(
    `with recursive parents as (
       select f.conrelid, f.confrelid, f.conkey from pg_catalog.pg_constraint f
       where f.contype = 'f' and f.conrelid <> f.confrelid
     ), depths (oid, depth) as (
       select c.oid, 0 from pg_catalog.pg_class c
       where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
       union
       select p.conrelid, d.depth + 1 from depths d join parents p on p.confrelid = d.oid
     )
     select c.relname as table, a.attname as name, format_type(a.atttypid, null) as type, (
       select p.confrelid::regclass::text from parents p
       where p.conrelid = c.oid and p.conkey[1] = a.attnum
     ) as parent
     from pg_catalog.pg_class c
     join (select oid, max(depth) as depth from depths group by oid) d on d.oid = c.oid
     join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
     where a.attnotnull and not a.atthasdef and a.attidentity = ''
     order by d.depth, c.relname, a.attnum`,
  );
}

async function place(
  db: Database,
  table: string,
  how: {
    readonly required: readonly Column[];
    readonly ids: ReadonlyMap<string, string>;
    readonly scope: Readonly<Record<string, string>>;
  },
): Promise<string> {
  const values = {
    ...Object.fromEntries(how.required.map((column) => [column.name, sampleOf(column, how.ids)])),
    ...how.scope,
    id: randomUUID(),
  };
  await insertRow(db, table, values);
  return values.id;
}

function sampleOf({ name, type, parent }: Column, ids: ReadonlyMap<string, string>): unknown {
  if (parent !== null && ids.has(parent)) return ids.get(parent);
  return KNOWN[name] ?? OF_TYPE[type] ?? (type === "uuid" ? randomUUID() : null);
}

/** Statement and values of an insert that names every column it is given. */
export function insertOf(
  table: string,
  values: Readonly<Record<string, unknown>>,
): [sql: string, values: unknown[]] {
  const names = Object.keys(values).map((name) => escapeIdentifier(name));
  const sql = `insert into public.${escapeIdentifier(table)} (${names.join(", ")})
    select ${names.join(", ")}
    from jsonb_populate_record(null::public.${escapeIdentifier(table)}, $1::jsonb)`;
  return [sql, [JSON.stringify(values)]];
}

async function insertRow(
  db: Database,
  table: string,
  values: Readonly<Record<string, unknown>>,
): Promise<void> {
  await db.query(...insertOf(table, values));
}

async function readNames(db: Database): Promise<string[]> {
  const names = await db.query<{ name: string }>(
    `select relname as name from pg_catalog.pg_class
     where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v', 'm', 'f')
     order by 1`,
  );
  return names.map(({ name }) => name);
}

async function findRow(
  db: Database,
  table: string,
  of: { readonly id: string | undefined; readonly workspaceId: string; readonly runId: string },
): Promise<SampleRow> {
  const keys: [key: string, value: string][] = of.id
    ? [["id", of.id]]
    : [
        ["workspace_id", of.workspaceId],
        ["run_id", of.runId],
      ];
  for (const [key, value] of keys) {
    const known = await db.query(
      `select from pg_catalog.pg_attribute
       where attrelid = $1::regclass and attname = $2`,
      [`public.${table}`, key],
    );
    if (known.length === 0) continue;
    const [row] = await db.query<{ values: Record<string, unknown> }>(
      `select to_jsonb(t) as values from public.${escapeIdentifier(table)} t where t.${key} = $1`,
      [value],
    );
    if (row) return { key, values: row.values };
  }
  throw new Error(`There is no sample row in ${table}: its columns need values of their own.`);
}
