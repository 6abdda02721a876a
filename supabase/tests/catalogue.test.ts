/** What must hold for every table and function, also for those that are added later. */
import { expect, test } from "vitest";
import { inRollback } from "./support/database.ts";

const names = (rows: readonly { name: string }[]) => rows.map(({ name }) => name);

test("every table that PostgREST can show has row level security", () =>
  inRollback(async (db) => {
    const open = await db.query<{ name: string }>(
      `select c.relname as name from pg_catalog.pg_class c
       where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relrowsecurity`,
    );
    expect(names(open)).toEqual([]);
  }));

test("every view reads with the rights of who asks", () =>
  inRollback(async (db) => {
    const open = await db.query<{ name: string }>(
      `select c.relname as name from pg_catalog.pg_class c
       where c.relnamespace = 'public'::regnamespace and c.relkind in ('v', 'm')
         and not coalesce(c.reloptions @> '{security_invoker=true}', false)`,
    );
    expect(names(open)).toEqual([]);
  }));

test("every function has an empty search path, so that nobody's objects are mistaken for ours", () =>
  inRollback(async (db) => {
    const open = await db.query<{ name: string }>(
      `select p.oid::regprocedure::text as name from pg_catalog.pg_proc p
       where p.pronamespace in ('public'::regnamespace, 'private'::regnamespace)
         and not coalesce(p.proconfig @> '{"search_path=\\"\\""}', false)`,
    );
    expect(names(open)).toEqual([]);
  }));

test("every policy is for signed-in users", () =>
  inRollback(async (db) => {
    const open = await db.query<{ name: string }>(
      `select tablename || '.' || policyname as name from pg_catalog.pg_policies
       where schemaname = 'public' and roles <> '{authenticated}'`,
    );
    expect(names(open)).toEqual([]);
  }));

test("who may call which function is this list", () =>
  inRollback(async (db) => {
    const granted = await db.query<{ name: string }>(
      `select r.rolname || ': ' || n.nspname || '.' || p.proname as name
       from pg_catalog.pg_proc p
       join pg_catalog.pg_namespace n on n.oid = p.pronamespace
       cross join (values ('public'), ('anon'), ('authenticated'), ('service_role')) as r (rolname)
       where n.nspname in ('public', 'private') and has_function_privilege(r.rolname, p.oid, 'execute')
       order by 1`,
    );
    expect(names(granted)).toEqual([
      "anon: public.count_workers",
      "authenticated: private.my_runnable_workspace_ids",
      "authenticated: private.my_workspace_ids",
      "authenticated: private.user_has_workspace_access",
      "authenticated: public.cancel_run",
      "authenticated: public.count_workers",
      "authenticated: public.create_run",
      "service_role: public.beat_worker",
      "service_role: public.claim_run",
      "service_role: public.finalize_run",
      "service_role: public.reconcile_worker",
      "service_role: public.release_run",
      "service_role: public.sweep_runs",
    ]);
  }));

test("who may do what with which table is this list", () =>
  inRollback(async (db) => {
    const rows = await db
      .query<{ rights: string; tables: string[] }>(
        `select r.rolname || ': ' || string_agg(k.kind, ' ' order by k.kind) as rights, c.relname as table_name
       from pg_catalog.pg_class c
       cross join (values ('anon'), ('authenticated'), ('service_role')) as r (rolname)
       cross join (values ('select'), ('insert'), ('update'), ('delete'), ('truncate'), ('references'), ('trigger')) as k (kind)
       where c.relnamespace in ('public'::regnamespace, 'private'::regnamespace) and c.relkind in ('r', 'v')
         and has_table_privilege(r.rolname, c.oid, k.kind)
       group by r.rolname, c.relname`,
      )
      .then((grants) => Map.groupBy(grants, ({ rights }) => rights));
    const tables = (rights: string) =>
      (rows.get(rights) ?? []).map((row) => ("table_name" in row ? row.table_name : null)).sort();

    const cmo = [
      "cmo_brand_profiles",
      "cmo_campaign_channels",
      "cmo_campaigns",
      "cmo_content_assets",
      "cmo_content_variants",
      "cmo_funnel_stages",
      "cmo_funnels",
      "cmo_icp_segments",
      "cmo_marketing_plans",
      "cmo_metrics_snapshots",
      "cmo_offers",
      "cmo_recommendations",
    ];
    const runs = ["agent_run_attempts", "agent_runs"];
    const read = ["tenants", "v_cmo_metrics_by_workspace", "workspace_members", "workspaces"];
    expect(Object.fromEntries([...rows.keys()].map((rights) => [rights, tables(rights)]))).toEqual({
      "authenticated: delete insert select update": cmo,
      "authenticated: select": [...runs, ...read],
      "service_role: select": [...runs, ...cmo, ...read, "workers"].sort(),
    });
  }));

test("every foreign key is led by an index, so that deleting a parent is quick", () =>
  inRollback(async (db) => {
    const slow = await db.query<{ name: string }>(
      `select c.conrelid::regclass || ' ' || c.conname as name from pg_catalog.pg_constraint c
       where c.contype = 'f' and c.connamespace = 'public'::regnamespace and not exists (
         select from pg_catalog.pg_index i
         where i.indrelid = c.conrelid and i.indkey[0] = c.conkey[1] and i.indpred is null
       )`,
    );
    expect(names(slow)).toEqual([]);
  }));
