-- What a hosted project has before its first migration, and the stand-in makes too late or not
-- at all. Applied at each start, before the migrations; every statement may be applied again.

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

-- Once, as a new project has them: what a migration has made of them since stays.
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
