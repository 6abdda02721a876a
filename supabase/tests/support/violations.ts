/**
 * What no table, view, function, policy or key may be, as queries over the catalogue that name
 * whatever is. Each comes with a violation to plant, so that a test can see that it is noticed.
 */

export interface Violation {
  readonly promise: string;
  /** One column, `name`, and a row for each that breaks the promise. */
  readonly query: string;
  readonly plant: string;
  /** What `query` then names. */
  readonly planted: string;
}

const OURS = "('public'::regnamespace, 'private'::regnamespace)";

export const VIOLATIONS: readonly Violation[] = [
  {
    promise: "every table has row level security",
    query: `select c.oid::regclass::text as name from pg_catalog.pg_class c
      where c.relnamespace in ${OURS} and c.relkind in ('r', 'p', 'f') and not c.relrowsecurity`,
    plant: "create table private.planted (id uuid primary key)",
    planted: "private.planted",
  },
  {
    promise: "every view reads with the rights of who asks, and what is stored twice is no view",
    query: `select c.oid::regclass::text as name from pg_catalog.pg_class c
      where c.relnamespace in ${OURS} and c.relkind in ('v', 'm')
        and not coalesce(c.reloptions @> '{security_invoker=true}', false)`,
    plant: "create view public.planted as select * from public.agent_runs",
    planted: "planted",
  },
  {
    promise: "every function has an empty search path, so that nobody's objects are taken for ours",
    query: `select p.oid::regprocedure::text as name from pg_catalog.pg_proc p
      where p.pronamespace in ${OURS}
        and not coalesce(p.proconfig @> '{"search_path=\\"\\""}', false)`,
    plant: "create function private.planted() returns int language sql as 'select 1'",
    planted: "private.planted()",
  },
  {
    promise: "no function may be called by everybody",
    query: `select p.oid::regprocedure::text as name from pg_catalog.pg_proc p
      where p.pronamespace in ${OURS} and exists (
        select from aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
        where a.grantee = 0)`,
    plant: `create function public.planted() returns int language sql set search_path = ''
      as 'select 1'; grant execute on function public.planted() to public`,
    planted: "planted()",
  },
  {
    promise: "nothing but select is granted to the service key, and on tables nothing to anon",
    query: `select r.rolname || ': ' || c.oid::regclass || ' ' || k.kind as name
      from pg_catalog.pg_class c
      cross join (values ('anon'), ('service_role')) as r (rolname)
      cross join (values ('SELECT'), ('INSERT'), ('UPDATE'), ('DELETE'), ('TRUNCATE'),
        ('REFERENCES'), ('TRIGGER'), ('MAINTAIN')) as k (kind)
      where c.relnamespace in ${OURS} and c.relkind in ('r', 'p', 'v', 'm', 'f')
        and (r.rolname = 'anon' or k.kind <> 'SELECT')
        and (has_table_privilege(r.rolname, c.oid, k.kind)
          or (k.kind in ('SELECT', 'INSERT', 'UPDATE', 'REFERENCES')
            and has_any_column_privilege(r.rolname, c.oid, k.kind)))`,
    plant: "grant update (status) on public.agent_runs to service_role",
    planted: "service_role: agent_runs UPDATE",
  },
  {
    promise: "users empty no table, build on none and number none",
    query: `select c.oid::regclass || ' ' || k.kind as name from pg_catalog.pg_class c
      cross join (values ('TRUNCATE'), ('REFERENCES'), ('TRIGGER'), ('MAINTAIN')) as k (kind)
      where c.relnamespace in ${OURS} and c.relkind in ('r', 'p', 'v', 'm', 'f')
        and has_table_privilege('authenticated', c.oid, k.kind)
      union all
      select c.oid::regclass::text from pg_catalog.pg_class c
      where c.relnamespace in ${OURS} and c.relkind = 'S' and (
        has_sequence_privilege('authenticated', c.oid, 'USAGE, SELECT, UPDATE')
        or has_sequence_privilege('anon', c.oid, 'USAGE, SELECT, UPDATE'))`,
    plant: "grant truncate on public.cmo_offers to authenticated",
    planted: "cmo_offers TRUNCATE",
  },
  {
    promise: "nobody who calls an API may create anything",
    query: `select r.rolname || ': ' || n.nspname as name from pg_catalog.pg_namespace n
      cross join (values ('anon'), ('authenticated'), ('service_role')) as r (rolname)
      where n.oid in ${OURS} and has_schema_privilege(r.rolname, n.oid, 'CREATE')`,
    plant: "grant create on schema public to authenticated",
    planted: "authenticated: public",
  },
  {
    promise: "every policy is for signed-in users and one verb",
    query: `select tablename || '.' || policyname as name from pg_catalog.pg_policies
      where schemaname in ('public', 'private')
        and (roles <> '{authenticated}' or cmd = 'ALL' or permissive <> 'PERMISSIVE')`,
    plant: "create policy planted on public.agent_runs for select using (false)",
    planted: "agent_runs.planted",
  },
  {
    promise: "no verb on a table has a second policy, which would let in whom the first keeps out",
    query: `select tablename || ' ' || v.verb as name from pg_catalog.pg_policies
      join (values ('SELECT'), ('INSERT'), ('UPDATE'), ('DELETE')) as v (verb)
        on cmd in (v.verb, 'ALL')
      where schemaname in ('public', 'private')
      group by tablename, v.verb having count(*) > 1`,
    plant: "create policy planted on public.agent_runs for all to authenticated using (false)",
    planted: "agent_runs SELECT",
  },
  {
    promise: "users have a right exactly where they have a policy",
    query: `select c.oid::regclass || ' ' || k.kind as name from pg_catalog.pg_class c
      cross join (values ('SELECT'), ('INSERT'), ('UPDATE'), ('DELETE')) as k (kind)
      where c.relnamespace in ${OURS} and c.relkind in ('r', 'p', 'f')
        and exists (select from pg_catalog.pg_policies p where p.cmd in (k.kind, 'ALL')
          and format('%I.%I', p.schemaname, p.tablename)::regclass = c.oid)
        <> (has_table_privilege('authenticated', c.oid, k.kind)
          or (k.kind <> 'DELETE' and has_any_column_privilege('authenticated', c.oid, k.kind)))`,
    plant: "grant delete on public.cmo_offers to authenticated",
    planted: "cmo_offers DELETE",
  },
  {
    promise:
      "every policy asks the one access function: to read, for membership; to write, for a role",
    query: `select p.tablename || '.' || p.policyname as name from pg_catalog.pg_policies p
      cross join lateral (select exists (select from pg_catalog.pg_attribute a
        where a.attrelid = format('%I.%I', p.schemaname, p.tablename)::regclass
          and a.attname = 'workspace_id') as is_scoped) t
      where p.schemaname in ('public', 'private') and not case
        when p.cmd = 'SELECT' and t.is_scoped
          then p.qual like '(workspace_id IN ( SELECT private.my_workspace_ids() %'
        -- A tenant and a workspace are seen by who sees a workspace.
        when p.cmd = 'SELECT'
          then p.qual like '%private.my_workspace_ids()%' or p.qual like '%FROM workspaces w)%'
        else coalesce(p.with_check, p.qual)
            like '%workspace_id IN ( SELECT private.my_runnable_workspace_ids() %'
          and (p.cmd = 'INSERT' or p.qual
            like '%workspace_id IN ( SELECT private.my_runnable_workspace_ids() %')
      end`,
    plant: `create policy planted on public.cmo_offers for delete to authenticated
      using (created_by = (select auth.uid()))`,
    planted: "cmo_offers.planted",
  },
  {
    promise: "who is a member is decided in one function, and changed in those of the membership",
    query: `select p.oid::regprocedure::text as name from pg_catalog.pg_proc p
      where p.pronamespace in ${OURS} and p.oid <> 'private.roles_of'::regproc
        and p.oid not in ('public.create_workspace'::regproc, 'public.accept_invitation'::regproc,
          'public.change_member_role'::regproc, 'public.remove_member'::regproc,
          'private.pass_ownership'::regproc)
        and p.prosrc ~ 'workspace_members|owner_id'`,
    plant: `create function private.planted() returns setof uuid language sql set search_path = ''
      as 'select workspace_id from public.workspace_members'`,
    planted: "private.planted()",
  },
  {
    promise: "every row of the domain has a workspace and its tenant, and cannot have another's",
    query: `select c.oid::regclass::text as name from pg_catalog.pg_class c
      where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
        and c.relname like 'cmo\\_%' and not exists (
          select from pg_catalog.pg_constraint f
          where f.conrelid = c.oid and f.confrelid = 'public.workspaces'::regclass
            and pg_get_constraintdef(f.oid)
              like 'FOREIGN KEY (workspace_id, tenant_id) REFERENCES workspaces(id, tenant_id)%')
      union
      select c.oid::regclass || '.' || a.attname from pg_catalog.pg_class c
      join pg_catalog.pg_attribute a on a.attrelid = c.oid
      where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
        and a.attname in ('workspace_id', 'tenant_id') and not a.attnotnull`,
    plant: "create table public.cmo_planted (id uuid, workspace_id uuid not null)",
    planted: "cmo_planted",
  },
  {
    promise: "every reference between rows of workspaces holds the workspace too",
    query: `select f.conrelid::regclass || ' ' || f.conname as name
      from pg_catalog.pg_constraint f
      join pg_catalog.pg_attribute mine
        on mine.attrelid = f.conrelid and mine.attname = 'workspace_id'
      join pg_catalog.pg_attribute theirs
        on theirs.attrelid = f.confrelid and theirs.attname = 'workspace_id'
      where f.contype = 'f' and not exists (
        select from unnest(f.conkey, f.confkey) as k (mine, theirs)
        where k.mine = mine.attnum and k.theirs = theirs.attnum)`,
    plant: `alter table public.cmo_recommendations add constraint planted
      foreign key (campaign_id) references public.cmo_campaigns (id)`,
    planted: "cmo_recommendations planted",
  },
  {
    promise: "every foreign key is led by an index, so that deleting a parent is quick",
    query: `select c.conrelid::regclass || ' ' || c.conname as name from pg_catalog.pg_constraint c
      where c.contype = 'f' and c.connamespace = 'public'::regnamespace and not exists (
        select from pg_catalog.pg_index i
        where i.indrelid = c.conrelid and i.indkey[0] = c.conkey[1] and i.indpred is null)`,
    plant: `alter table public.agent_runs add constraint planted
      foreign key (retry_of, workspace_id) references public.agent_runs (id, workspace_id)`,
    planted: "agent_runs planted",
  },
  {
    promise:
      "what is published live is filtered by a policy, and a deletion tells no more than an id",
    query: `select t.schemaname || '.' || t.tablename as name
      from pg_catalog.pg_publication_tables t
      join pg_catalog.pg_class c on c.oid = format('%I.%I', t.schemaname, t.tablename)::regclass
      where t.schemaname <> 'public' or not c.relrowsecurity or c.relreplident not in ('d', 'i')
        or not exists (select from pg_catalog.pg_policies p where p.schemaname = t.schemaname
          and p.tablename = t.tablename and p.cmd = 'SELECT' and p.roles = '{authenticated}')
      union
      select p.pubname from pg_catalog.pg_publication p where p.puballtables`,
    plant: `create publication planted for table public.agent_runs, public.workers;
      alter table public.agent_runs replica identity full`,
    planted: "public.workers",
  },
  {
    promise: "every text, list and object of a workspace has a limit, and so has its row",
    query: `select c.oid::regclass || '.' || a.attname as name from pg_catalog.pg_class c
      join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      join pg_catalog.pg_type t on t.oid = a.atttypid
      where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
        and (c.relname ~ '^(cmo_|tenants$|workspaces$)'
          or has_column_privilege('authenticated', c.oid, a.attnum, 'INSERT, UPDATE'))
        and (t.typcategory in ('S', 'A') or t.typname in ('json', 'jsonb', 'bytea', 'xml'))
        and not exists (select from pg_catalog.pg_constraint k
          where k.conrelid = c.oid and k.contype = 'c' and k.convalidated
            and k.conkey = array[a.attnum] and k.conname ~ (a.attname || '_has_at_most_[0-9]+_')
            and pg_get_constraintdef(k.oid) ~ '(char|octet)_length\\(.* <= [0-9]+\\)')
      union
      select c.oid::regclass || '.' || a.attname from pg_catalog.pg_class c
      join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      join pg_catalog.pg_type t on t.oid = a.atttypid
      where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
        and c.relname ~ '^(cmo_|tenants$|workspaces$)'
        -- A version holds a row that has been measured.
        and c.relname <> 'cmo_versions'
        and (t.typcategory in ('S', 'A') or t.typname in ('json', 'jsonb', 'bytea', 'xml', 'numeric'))
        and not exists (select from pg_catalog.pg_constraint k
          where k.conrelid = c.oid and k.conname = 'row_has_at_most_131072_bytes'
            and k.convalidated and a.attnum = any (k.conkey))`,
    plant: "alter table public.cmo_offers add column planted jsonb",
    planted: "cmo_offers.planted",
  },
];
