-- Tenants own workspaces; users are members of workspaces.
--
-- Membership is decided in private.roles_of() alone. Every policy and every RPC asks it through the
-- functions below. Policies use the set forms: Postgres evaluates them once per query, not per row.
--
-- Whatever every run calls is in plpgsql, which keeps its plans: a function in SQL that sets its search path
-- is planned anew by each query that calls it.

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
  -- Rows of a workspace reference both ids together, so that neither can be wrong alone.
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

-- In an adopted project a workspace may belong to no tenant. It is then its own.
create function private.tenant_id_of(p_workspace public.workspaces) returns uuid
language plpgsql immutable set search_path = ''
as $$
begin
  return coalesce(p_workspace.tenant_id, p_workspace.id);
end $$;

create trigger touch_updated_at before update on public.tenants
  for each row execute function private.touch_updated_at();
create trigger touch_updated_at before update on public.workspaces
  for each row execute function private.touch_updated_at();

-- The roles of any user, also of one who is not signed in right now.
create function private.roles_of(p_user_id uuid) returns table (workspace_id uuid, role text)
language plpgsql stable security definer set search_path = ''
as $$
begin
  return query
  select w.id, 'owner' from public.workspaces w where w.owner_id = p_user_id
  union
  select m.workspace_id, m.role from public.workspace_members m where m.user_id = p_user_id;
end $$;

create function private.my_roles() returns table (workspace_id uuid, role text)
language plpgsql stable security definer set search_path = ''
as $$
begin
  return query select r.workspace_id, r.role from private.roles_of((select auth.uid())) r;
end $$;

-- Every role may read; viewers may do nothing else.
create function private.user_has_workspace_access(p_workspace_id uuid, p_to_run boolean default false)
returns boolean
language plpgsql stable security definer set search_path = ''
as $$
begin
  return exists (
    select from private.my_roles() r
    where r.workspace_id = p_workspace_id and (r.role <> 'viewer' or not p_to_run)
  );
end $$;

create function private.my_workspace_ids() returns setof uuid
language plpgsql stable security definer set search_path = ''
as $$
begin
  return query select r.workspace_id from private.my_roles() r;
end $$;

create function private.my_runnable_workspace_ids() returns setof uuid
language plpgsql stable security definer set search_path = ''
as $$
begin
  return query select r.workspace_id from private.my_roles() r where r.role <> 'viewer';
end $$;

-- The code with which a user is refused to run in a workspace; null when they may.
create function private.refused_membership(p_user_id uuid, p_workspace_id uuid) returns text
language plpgsql stable security definer set search_path = ''
as $$
begin
  return (
    select case
      when bool_or(r.role <> 'viewer') then null
      when count(*) > 0 then 'role_forbidden'
      else 'workspace_forbidden'
    end
    from private.roles_of(p_user_id) r where r.workspace_id = p_workspace_id
  );
end $$;

grant execute on function
  private.user_has_workspace_access(uuid, boolean),
  private.my_workspace_ids(),
  private.my_runnable_workspace_ids()
  to authenticated;

-- The project's owner administers tenancy in SQL; the API can only read it.
alter table public.tenants enable row level security;
alter table public.workspaces enable row level security;
alter table public.workspace_members enable row level security;

create policy members_select on public.tenants for select to authenticated
  using (id in (select w.tenant_id from public.workspaces w));
create policy members_select on public.workspaces for select to authenticated
  using (id in (select private.my_workspace_ids()));
create policy members_select on public.workspace_members for select to authenticated
  using (workspace_id in (select private.my_workspace_ids()));

grant select on public.tenants, public.workspaces, public.workspace_members
  to authenticated, service_role;
