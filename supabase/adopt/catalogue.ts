/** What a database has, read from its catalogue and from the record of an earlier adoption. */
import type { Client } from "pg";

interface ExistingColumn {
  readonly type: string;
  readonly notNull: boolean;
}

export interface ExistingTable {
  readonly columns: ReadonlyMap<string, ExistingColumn>;
  /** Definitions as Postgres prints them, by name. */
  readonly constraints: ReadonlyMap<
    string,
    { readonly definition: string; readonly valid: boolean }
  >;
  readonly isSecured: boolean;
}

export interface Existing {
  readonly schemas: ReadonlySet<string>;
  readonly types: ReadonlySet<string>;
  readonly tables: ReadonlyMap<string, ExistingTable>;
  readonly views: ReadonlySet<string>;
  /** Bodies, by `schema.name(types)`. */
  readonly functions: ReadonlyMap<string, string>;
  readonly indexes: ReadonlySet<string>;
  /** The function of each, by `schema.table.name`. */
  readonly triggers: ReadonlyMap<string, string>;
  /** The conditions of each, by `schema.table.name`. */
  readonly policies: ReadonlyMap<string, Policy>;
  /** `table schema.name role SELECT`, likewise for functions and schemas. */
  readonly privileges: ReadonlySet<string>;
  /** `schema.table.column`. */
  readonly comments: ReadonlySet<string>;
  /** Null without Realtime. */
  readonly published: ReadonlySet<string> | null;
  /** The SQL of the steps that have been taken, hashed, by their ids. */
  readonly taken: ReadonlyMap<string, string>;
  /** Private tables that hold rows. */
  readonly filled: ReadonlySet<string>;
  readonly user: string;
  /** Tables that the user may not change. */
  readonly unowned: readonly string[];
  /** Whether the workspaces are ours, or none are there yet. */
  readonly ownWorkspaces: boolean;
}

export interface Policy {
  readonly table: string;
  readonly name: string;
  readonly verb: string;
  readonly condition: string;
  readonly isPermissive: boolean;
}

const OURS = "n.nspname in ('public', 'private')";

export async function readExisting(client: Client): Promise<Existing> {
  const names = async (sql: string): Promise<string[]> =>
    (await rowsOf<{ name: string }>(client, sql)).map(({ name }) => name);
  const pairs = async (sql: string): Promise<Map<string, string>> =>
    new Map(
      (await rowsOf<{ name: string; value: string }>(client, sql)).map((r) => [r.name, r.value]),
    );
  const [tables, taken] = [await readTables(client), await readTaken(client)];
  const workspaces = tables.get("public.workspaces");
  return {
    schemas: new Set(await names("select nspname::text as name from pg_namespace")),
    types: new Set(await names(TYPES)),
    tables,
    views: new Set(await names(VIEWS)),
    functions: await pairs(FUNCTIONS),
    indexes: new Set(await names(INDEXES)),
    triggers: await pairs(TRIGGERS),
    policies: await readPolicies(client),
    privileges: new Set(await names(PRIVILEGES)),
    comments: new Set(await names(COMMENTS)),
    published: await readPublished(client),
    taken,
    filled: await readFilled(client),
    user: (await names("select current_user::text as name"))[0] ?? "",
    unowned: await names(UNOWNED),
    ownWorkspaces: !workspaces || workspaces.columns.get("tenant_id")?.notNull === true,
  };
}

const TYPES = `select n.nspname || '.' || t.typname as name from pg_type t
  join pg_namespace n on n.oid = t.typnamespace where ${OURS} and t.typtype = 'e'`;

const VIEWS = `select n.nspname || '.' || c.relname as name from pg_class c
  join pg_namespace n on n.oid = c.relnamespace where ${OURS} and c.relkind in ('v', 'm')`;

const SIGNATURE = `n.nspname || '.' || p.proname || '(' ||
  coalesce((select string_agg(format_type(t, null), ', ' order by i)
    from unnest(p.proargtypes) with ordinality a (t, i)), '') || ')'`;

const FUNCTIONS = `select ${SIGNATURE} as name, p.prosrc as value
  from pg_proc p join pg_namespace n on n.oid = p.pronamespace where ${OURS}`;

const INDEXES = `select n.nspname || '.' || c.relname as name from pg_class c
  join pg_namespace n on n.oid = c.relnamespace where ${OURS} and c.relkind in ('i', 'I')`;

const TRIGGERS = `select n.nspname || '.' || c.relname || '.' || t.tgname as name,
    fn.nspname || '.' || f.proname as value
  from pg_trigger t join pg_class c on c.oid = t.tgrelid join pg_namespace n on n.oid = c.relnamespace
  join pg_proc f on f.oid = t.tgfoid join pg_namespace fn on fn.oid = f.pronamespace
  where ${OURS} and not t.tgisinternal`;

const UNOWNED = `select n.nspname || '.' || c.relname as name from pg_class c
  join pg_namespace n on n.oid = c.relnamespace
  where ${OURS} and c.relkind in ('r', 'p') and not pg_has_role(current_user, c.relowner, 'usage')`;

const ROLES = "(values ('anon'), ('authenticated'), ('service_role')) r (rolname)";

const PRIVILEGES = `select 'table ' || n.nspname || '.' || c.relname || ' ' || r.rolname || ' ' || k.kind ||
    case when has_table_privilege(r.rolname, c.oid, k.kind) then '' else ' of some columns' end as name
  from pg_class c join pg_namespace n on n.oid = c.relnamespace cross join ${ROLES}
  cross join (values ('SELECT'), ('INSERT'), ('UPDATE'), ('DELETE')) k (kind)
  where ${OURS} and c.relkind in ('r', 'p', 'v') and (has_table_privilege(r.rolname, c.oid, k.kind)
    or (k.kind <> 'DELETE' and has_any_column_privilege(r.rolname, c.oid, k.kind)))
  union all
  select 'function ' || ${SIGNATURE} || ' ' || r.rolname || ' EXECUTE'
  from pg_proc p join pg_namespace n on n.oid = p.pronamespace cross join ${ROLES}
  where ${OURS} and has_function_privilege(r.rolname, p.oid, 'EXECUTE')
  union all
  select 'schema ' || n.nspname || ' ' || r.rolname || ' USAGE' from pg_namespace n cross join ${ROLES}
  where ${OURS} and has_schema_privilege(r.rolname, n.oid, 'USAGE')`;

const COMMENTS = `select n.nspname || '.' || c.relname || '.' || a.attname as name
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  join pg_attribute a on a.attrelid = c.oid and a.attnum > 0
  where ${OURS} and col_description(c.oid, a.attnum) is not null`;

async function rowsOf<Row extends object>(client: Client, sql: string): Promise<Row[]> {
  return (await client.query<Row>(sql)).rows;
}

async function readTables(client: Client): Promise<Map<string, ExistingTable>> {
  const columns = await rowsOf<{ table: string; name: string; type: string; not_null: boolean }>(
    client,
    `select n.nspname || '.' || c.relname as table, a.attname::text as name,
       format_type(a.atttypid, a.atttypmod) as type, a.attnotnull as not_null
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
     where ${OURS} and c.relkind in ('r', 'p')`,
  );
  const constraints = await rowsOf<{
    table: string;
    name: string;
    definition: string;
    valid: boolean;
  }>(
    client,
    `select n.nspname || '.' || c.relname as table, k.conname::text as name,
       regexp_replace(pg_get_constraintdef(k.oid), ' NOT VALID$', '') as definition, k.convalidated as valid
     from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
     where ${OURS} and k.contype in ('c', 'f', 'p', 'u')`,
  );
  const secured = await rowsOf<{ table: string; secured: boolean }>(
    client,
    `select n.nspname || '.' || c.relname as table, c.relrowsecurity as secured
     from pg_class c join pg_namespace n on n.oid = c.relnamespace where ${OURS} and c.relkind in ('r', 'p')`,
  );
  const columnsOf = Map.groupBy(columns, ({ table }) => table);
  const constraintsOf = Map.groupBy(constraints, ({ table }) => table);
  return new Map(
    secured.map(({ table, secured: isSecured }) => [
      table,
      {
        isSecured,
        columns: new Map(
          (columnsOf.get(table) ?? []).map(({ name, type, not_null }) => [
            name,
            { type, notNull: not_null },
          ]),
        ),
        constraints: new Map(
          (constraintsOf.get(table) ?? []).map(({ name, definition, valid }) => [
            name,
            { definition, valid },
          ]),
        ),
      },
    ]),
  );
}

async function readPolicies(client: Client): Promise<Map<string, Policy>> {
  const rows = await rowsOf<Policy>(
    client,
    `select p.schemaname || '.' || p.tablename as table, p.policyname::text as name, p.cmd as verb,
       concat_ws(' / ', p.qual, p.with_check) as condition, p.permissive = 'PERMISSIVE' as "isPermissive"
     from pg_policies p where p.schemaname in ('public', 'private')`,
  );
  return new Map(rows.map((policy) => [`${policy.table}.${policy.name}`, policy]));
}

async function readPublished(client: Client): Promise<Set<string> | null> {
  const here = await client.query("select from pg_publication where pubname = 'supabase_realtime'");
  if (here.rowCount === 0) return null;
  const rows = await rowsOf<{ name: string }>(
    client,
    `select schemaname || '.' || tablename as name from pg_publication_tables
     where pubname = 'supabase_realtime'`,
  );
  return new Set(rows.map(({ name }) => name));
}

async function readTaken(client: Client): Promise<Map<string, string>> {
  const here = await client.query("select to_regclass('private.adoption') is not null as is_here");
  if (here.rows[0]?.is_here !== true) return new Map();
  const rows = await rowsOf<{ step: string; hash: string }>(
    client,
    "select step, hash from private.adoption",
  );
  return new Map(rows.map(({ step, hash }) => [step, hash]));
}

async function readFilled(client: Client): Promise<Set<string>> {
  const tables = await rowsOf<{ name: string }>(
    client,
    `select n.nspname || '.' || c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = 'private' and c.relkind = 'r'`,
  );
  const filled = new Set<string>();
  for (const { name } of tables) {
    const { rowCount } = await client.query(`select from ${name} limit 1`);
    if (rowCount) filled.add(name);
  }
  return filled;
}
