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
alter default privileges in schema public grant all on tables to anon, authenticated, service_role;
alter default privileges in schema public grant all on functions to anon, authenticated, service_role;
alter default privileges in schema public grant all on sequences to anon, authenticated, service_role;

-- The stand-in writes its jsonb columns as JSON strings that hold JSON, in which a trigger of
-- ours would find no member. The name sorts first: triggers fire in the order of their names.
create or replace function auth.unwrap_user_json() returns trigger
language plpgsql set search_path = '' as $$
begin
  if jsonb_typeof(new.raw_user_meta_data::jsonb) = 'string' then
    new.raw_user_meta_data := (new.raw_user_meta_data::jsonb #>> '{}')::jsonb;
  end if;
  if jsonb_typeof(new.raw_app_meta_data::jsonb) = 'string' then
    new.raw_app_meta_data := (new.raw_app_meta_data::jsonb #>> '{}')::jsonb;
  end if;
  return new;
end
$$;

create or replace function auth.unwrap_identity_json() returns trigger
language plpgsql set search_path = '' as $$
begin
  if jsonb_typeof(new.identity_data::jsonb) = 'string' then
    new.identity_data := (new.identity_data::jsonb #>> '{}')::jsonb;
  end if;
  return new;
end
$$;

create or replace trigger aaa_unwrap_json before insert or update on auth.users
  for each row execute function auth.unwrap_user_json();
create or replace trigger aaa_unwrap_json before insert or update on auth.identities
  for each row execute function auth.unwrap_identity_json();
