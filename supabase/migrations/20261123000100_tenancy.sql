-- Who may see and change what: tenants own workspaces, people are members of workspaces.
--
-- Access is decided once, in private.my_roles(); every policy and every RPC asks it through the
-- three functions below. The set forms are for policies: Postgres evaluates them once a query,
-- not once a row.

create schema if not exists private;
revoke all on schema private from public, anon, authenticated, service_role;
grant usage on schema private to authenticated;

create table public.tenants (
  id uuid primary key default gen_random_uuid(),
  name text not null,
  slug text not null unique,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create table public.workspaces (
  id uuid primary key default gen_random_uuid(),
  tenant_id uuid not null references public.tenants (id) on delete cascade,
  name text not null,
  slug text not null unique,
  owner_id uuid not null,
  settings jsonb not null default '{}',
  is_default boolean not null default false,
  demo_mode boolean not null default false,
  stripe_connected boolean not null default false,
  time_zone text not null default 'UTC',
  currency text not null default 'USD' check (currency ~ '^[A-Z]{3}$'),
  language text not null default 'en',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  -- Rows of a workspace point at both ids together, so that neither can be wrong alone.
  unique (id, tenant_id)
);
create index workspaces_tenant_id_idx on public.workspaces (tenant_id);
create index workspaces_owner_id_idx on public.workspaces (owner_id);
comment on column public.workspaces.time_zone is 'IANA name; decides what "today" is for a run.';
comment on column public.workspaces.currency is 'ISO 4217.';
comment on column public.workspaces.language is 'BCP 47; the language that agents write in.';

create table public.workspace_members (
  workspace_id uuid not null references public.workspaces (id) on delete cascade,
  user_id uuid not null,
  role text not null default 'member' check (role in ('owner', 'admin', 'member', 'viewer')),
  created_at timestamptz not null default now(),
  primary key (workspace_id, user_id)
);
create index workspace_members_user_id_idx on public.workspace_members (user_id);

create function private.my_roles() returns table (workspace_id uuid, role text)
language sql stable security definer set search_path = ''
as $$
  select w.id, 'owner' from public.workspaces w where w.owner_id = (select auth.uid())
  union
  select m.workspace_id, m.role from public.workspace_members m
  where m.user_id = (select auth.uid())
$$;

-- Everybody with a role may read; viewers may do nothing else.
create function private.user_has_workspace_access(p_workspace_id uuid, p_to_run boolean default false)
returns boolean
language sql stable security definer set search_path = ''
as $$
  select exists (
    select from private.my_roles() r
    where r.workspace_id = p_workspace_id and (r.role <> 'viewer' or not p_to_run)
  )
$$;

create function private.my_workspace_ids() returns setof uuid
language sql stable security definer set search_path = ''
as $$ select r.workspace_id from private.my_roles() r $$;

create function private.my_runnable_workspace_ids() returns setof uuid
language sql stable security definer set search_path = ''
as $$ select r.workspace_id from private.my_roles() r where r.role <> 'viewer' $$;

-- A tenant is derived from its workspace. A tenant id that a caller sends is a claim: clients in
-- use send the tenant's id, the workspace's or their own, and mean the same. Any other is refused.
create function private.tenant_of(p_workspace_id uuid, p_claim uuid) returns uuid
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_tenant_id uuid;
begin
  select w.tenant_id into v_tenant_id from public.workspaces w where w.id = p_workspace_id;
  if p_claim is null or p_claim in (p_workspace_id, v_tenant_id, auth.uid()) then
    return v_tenant_id;
  end if;
  raise exception using errcode = 'PT403', message = 'tenant_mismatch',
    hint = 'Leave tenant_id out: it is derived from the workspace.';
end $$;

create function private.touch_updated_at() returns trigger
language plpgsql set search_path = ''
as $$
begin
  new.updated_at := now();
  return new;
end $$;

create trigger touch_updated_at before update on public.tenants
  for each row execute function private.touch_updated_at();
create trigger touch_updated_at before update on public.workspaces
  for each row execute function private.touch_updated_at();

alter table public.tenants enable row level security;
alter table public.workspaces enable row level security;
alter table public.workspace_members enable row level security;

create policy members_select on public.tenants for select to authenticated
  using (id in (select w.tenant_id from public.workspaces w));
create policy members_select on public.workspaces for select to authenticated
  using (id in (select private.my_workspace_ids()));
create policy members_select on public.workspace_members for select to authenticated
  using (workspace_id in (select private.my_workspace_ids()));

-- Tenancy is administered by the project's owner in SQL: through the API it can only be read.
-- A project's default privileges grant everything on new tables, so roles are named here.
revoke all on public.tenants, public.workspaces, public.workspace_members
  from anon, authenticated, service_role;
grant select on public.tenants, public.workspaces, public.workspace_members
  to authenticated, service_role;

revoke all on all functions in schema private from public;
grant execute on function
  private.user_has_workspace_access(uuid, boolean),
  private.my_workspace_ids(),
  private.my_runnable_workspace_ids()
  to authenticated;
