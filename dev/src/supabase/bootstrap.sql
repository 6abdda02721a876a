-- What a hosted project has before its first migration, and the stand-in creates too late or not at
-- all. Applied at each start, before the migrations. Every statement is idempotent.

do $$
begin
  if not exists (select from pg_roles where rolname = 'anon') then
    create role anon nologin noinherit;
  end if;
  if not exists (select from pg_roles where rolname = 'authenticated') then
    create role authenticated nologin noinherit;
  end if;
  if not exists (select from pg_roles where rolname = 'service_role') then
    create role service_role nologin noinherit bypassrls;
  end if;
end
$$;

create schema if not exists extensions;
grant usage on schema public, extensions, auth to anon, authenticated, service_role;

-- The default privileges of a new project. Set once, so that changes by migrations stay.
do $$
begin
  if to_regclass('supabase_migrations.schema_migrations') is not null then
    return;
  end if;
  alter default privileges in schema public grant all on tables to anon, authenticated, service_role;
  alter default privileges in schema public grant all on functions to anon, authenticated, service_role;
  alter default privileges in schema public grant all on sequences to anon, authenticated, service_role;
end
$$;
