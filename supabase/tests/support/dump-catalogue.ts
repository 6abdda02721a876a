/**
 * A database's schema as lines of text, so that two databases can be compared: everything of the
 * schemas `public` and `private` that the catalogue knows, and the rows of the private tables.
 *
 * The order of columns is left out: an added column stands last, wherever its schema file puts it.
 */
import type { Client } from "pg";

const OURS = "('public', 'private')";

const QUERIES: Readonly<Record<string, string>> = {
  schema: `select format('%s acl=%s', nspname, nspacl) from pg_namespace where nspname in ${OURS}`,

  relation: `select format('%s kind=%s persistence=%s rls=%s forced=%s identity=%s options=%s acl=%s comment=%s',
      c.oid::regclass, c.relkind, c.relpersistence, c.relrowsecurity, c.relforcerowsecurity,
      c.relreplident, c.reloptions, c.relacl, obj_description(c.oid, 'pg_class'))
    from pg_class c where c.relnamespace::regnamespace::text in ${OURS} and c.relkind not in ('i', 'I')`,

  column: `select format('%s.%s %s not_null=%s default=%s identity=%s generated=%s collation=%s acl=%s comment=%s',
      c.oid::regclass, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
      pg_get_expr(d.adbin, d.adrelid), a.attidentity, a.attgenerated, a.attcollation::regcollation,
      a.attacl, col_description(c.oid, a.attnum))
    from pg_class c
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
    where c.relnamespace::regnamespace::text in ${OURS} and c.relkind in ('r', 'p', 'v', 'm', 'f')`,

  type: `select format('%s kind=%s labels=%s acl=%s', t.oid::regtype, t.typtype,
      (select array_agg(e.enumlabel order by e.enumsortorder) from pg_enum e where e.enumtypid = t.oid), t.typacl)
    from pg_type t where t.typnamespace::regnamespace::text in ${OURS} and t.typtype in ('e', 'd', 'r')`,

  constraint: `select format('%s %s %s validated=%s', k.conrelid::regclass, k.conname,
      pg_get_constraintdef(k.oid), k.convalidated)
    from pg_constraint k where k.connamespace::regnamespace::text in ${OURS}`,

  index: `select format('%s options=%s', pg_get_indexdef(c.oid), c.reloptions)
    from pg_class c where c.relnamespace::regnamespace::text in ${OURS} and c.relkind in ('i', 'I')`,

  view: `select format('%s %s', c.oid::regclass, pg_get_viewdef(c.oid))
    from pg_class c where c.relnamespace::regnamespace::text in ${OURS} and c.relkind in ('v', 'm')`,

  function: `select format('%s acl=%s comment=%s %s', p.oid::regprocedure, p.proacl,
      obj_description(p.oid, 'pg_proc'), pg_get_functiondef(p.oid))
    from pg_proc p where p.pronamespace::regnamespace::text in ${OURS} and p.prokind <> 'a'`,

  trigger: `select format('%s enabled=%s', pg_get_triggerdef(t.oid), t.tgenabled)
    from pg_trigger t join pg_class c on c.oid = t.tgrelid
    where c.relnamespace::regnamespace::text in ${OURS} and not t.tgisinternal`,

  policy: `select format('%s.%s %s %s roles=%s using=%s check=%s', tablename, policyname, permissive,
      cmd, roles, qual, with_check)
    from pg_policies where schemaname in ${OURS}`,

  defaultPrivileges: `select format('%s %s acl=%s', d.defaclnamespace::regnamespace, d.defaclobjtype, d.defaclacl)
    from pg_default_acl d`,

  publication: `select format('%s %s.%s', pubname, schemaname, tablename) from pg_publication_tables`,
};

export async function dumpCatalogue(client: Client): Promise<string[]> {
  const lines: string[] = [];
  for (const [kind, query] of Object.entries(QUERIES)) {
    for (const line of await readLines(client, query)) lines.push(`${kind} ${line}`);
  }
  for (const table of await readLines(client, PRIVATE_TABLES)) {
    const rows = await readLines(client, `select to_jsonb(t)::text from ${table} t`);
    for (const row of rows) lines.push(`row ${table} ${row}`);
  }
  return lines.sort();
}

const PRIVATE_TABLES = `select c.oid::regclass::text from pg_class c
  where c.relnamespace::regnamespace::text = 'private' and c.relkind in ('r', 'p')`;

async function readLines(client: Client, query: string): Promise<string[]> {
  const { rows } = await client.query<[string]>({ text: query, rowMode: "array" });
  return rows.map(([line]) => line);
}
