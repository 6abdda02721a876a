-- How users get workspaces, and other users into them. The decisions are here and not in the API,
-- because users can call these functions with the project's public key.
--
-- Whoever runs a workspace names an address, not an account: the answer is the same whether anybody
-- has signed up with it, so that nobody learns who has. The invited user accepts after signing in.

create table public.workspace_invitations (
  workspace_id uuid not null references public.workspaces (id) on delete cascade,
  email text not null check (email = lower(email) and char_length(email) <= 320),
  role text not null check (role in ('owner', 'admin', 'member', 'viewer')),
  invited_by uuid not null,
  created_at timestamptz not null default now(),
  primary key (workspace_id, email)
);
create index workspace_invitations_email_idx on public.workspace_invitations (email);

-- Confirmed, because an address in a token that nobody has confirmed proves nothing.
create function private.my_confirmed_email() returns text
language sql stable security definer set search_path = ''
as $$
  select lower(u.email) from auth.users u
  where u.id = auth.uid() and u.email_confirmed_at is not null
$$;

alter table public.workspace_invitations enable row level security;
create policy members_select on public.workspace_invitations for select to authenticated
  using (workspace_id in (select private.my_workspace_ids()));
grant select on public.workspace_invitations to authenticated, service_role;

-- The strongest role, because the owner of a workspace may have a row among its members, too.
create function private.role_in(p_user_id uuid, p_workspace_id uuid) returns text
language sql stable security definer set search_path = ''
as $$
  select r.role from private.roles_of(p_user_id) r
  where r.workspace_id = p_workspace_id
  order by array_position(array['owner', 'admin', 'member', 'viewer'], r.role)
  limit 1
$$;

-- Owners may do everything. Admins manage members and viewers, but neither owners nor other admins.
create function private.may_manage(p_own_role text, p_other_role text) returns boolean
language sql immutable set search_path = ''
as $$
  select coalesce(p_own_role = 'owner'
    or (p_own_role = 'admin' and p_other_role in ('member', 'viewer')), false)
$$;

-- One change of a workspace's members at a time, so that two owners cannot remove each other at once.
create function private.lock_members(p_workspace_id uuid) returns public.workspaces
language plpgsql security definer set search_path = ''
as $$
declare
  v_workspace public.workspaces;
begin
  perform private.check_user();
  select w.* into v_workspace from public.workspaces w
  where w.id = p_workspace_id and private.user_has_workspace_access(w.id)
  for update;
  if not found then
    raise exception using errcode = 'PT403', message = 'workspace_forbidden';
  end if;
  return v_workspace;
end $$;

create function private.check_role(p_role text) returns void
language plpgsql set search_path = ''
as $$
begin
  if p_role is null or p_role not in ('owner', 'admin', 'member', 'viewer') then
    perform private.refuse_input('invalid_request', 'role', 'Must be owner, admin, member or viewer');
  end if;
end $$;

create function private.check_may_manage(p_workspace_id uuid, p_roles text[]) returns void
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_own_role text := private.role_in(auth.uid(), p_workspace_id);
begin
  if not (select bool_and(private.may_manage(v_own_role, r)) from unnest(p_roles) r) then
    raise exception using errcode = 'PT403', message = 'membership_forbidden';
  end if;
end $$;

-- An anonymous sign-in costs nothing, so it gets nothing that costs money.
create function private.check_signed_up() returns void
language plpgsql stable set search_path = ''
as $$
begin
  perform private.check_user();
  -- guards G15: anonymous
  if nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'is_anonymous' = 'true' then
    raise exception using errcode = 'PT403', message = 'sign_up_required';
  end if;
end $$;

-- `Jörg's Café` becomes `jorg-s-cafe-4f1c…`. The random part makes it unique and hard to guess.
create function private.new_slug(p_name text) returns text
language sql volatile set search_path = ''
as $$
  select trim(both '-' from left(regexp_replace(lower(
      normalize(p_name, nfkd)), '[^a-z0-9]+', '-', 'g'), 60))
    || '-' || left(replace(gen_random_uuid()::text, '-', ''), 12)
$$;

create function private.check_new_workspace(
  p_name text, p_time_zone text, p_currency text, p_language text
) returns void
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_max_chars integer := (select p.max_name_chars from private.run_policy p);
begin
  if p_name is null or trim(p_name) = '' or char_length(p_name) > v_max_chars then
    perform private.refuse_input('invalid_request', 'name',
      format('Must be 1 to %s characters', v_max_chars));
  end if;
  if p_time_zone is null or not exists (
    select from pg_catalog.pg_timezone_names z where z.name = p_time_zone
  ) then
    perform private.refuse_input('invalid_request', 'time_zone',
      'Must be an IANA time zone such as Europe/Berlin');
  end if;
  if p_currency is null or p_currency !~ '^[A-Z]{3}$' then
    perform private.refuse_input('invalid_request', 'currency',
      'Must be an ISO 4217 code such as EUR');
  end if;
  if p_language is null or p_language !~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$' then
    perform private.refuse_input('invalid_request', 'language',
      'Must be a BCP 47 tag such as en or de-AT');
  end if;
end $$;

-- The tenant of a new workspace: a new one, or one of whose workspaces the user is an owner.
create function private.tenant_for_workspace(p_tenant_id uuid, p_name text) returns uuid
language plpgsql security definer set search_path = ''
as $$
declare
  v_tenant_id uuid;
begin
  if p_tenant_id is null then
    insert into public.tenants (name, slug) values (p_name, private.new_slug(p_name))
    returning id into v_tenant_id;
    return v_tenant_id;
  end if;
  -- guards G18: tenant of a new workspace
  if not exists (
    select from public.workspaces w join private.my_roles() r on r.workspace_id = w.id
    where w.tenant_id = p_tenant_id and r.role = 'owner'
  ) then
    raise exception using errcode = 'PT403', message = 'membership_forbidden';
  end if;
  return p_tenant_id;
end $$;

create function public.create_workspace(
  p_name text,
  p_time_zone text default 'UTC',
  p_currency text default 'USD',
  p_language text default 'en',
  p_tenant_id uuid default null
) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v_name text := trim(p_name);
  v_owned integer;
  v_workspace public.workspaces;
begin
  perform private.check_signed_up();
  perform private.check_new_workspace(v_name, p_time_zone, p_currency, p_language);
  -- Parallel calls of one user would otherwise all count what was there before.
  perform pg_advisory_xact_lock(hashtextextended('create_workspace ' || auth.uid(), 0));
  select count(*) into v_owned from public.workspaces w where w.owner_id = auth.uid();
  -- guards G16: workspaces of a user
  if v_owned >= (select p.max_workspaces_per_user from private.run_policy p) then
    raise exception using errcode = 'PT403', message = 'workspace_limit';
  end if;
  insert into public.workspaces
    (tenant_id, name, slug, owner_id, is_default, time_zone, currency, language)
  values (private.tenant_for_workspace(p_tenant_id, v_name), v_name, private.new_slug(v_name),
    auth.uid(), v_owned = 0, p_time_zone, p_currency, p_language)
  returning * into v_workspace;
  insert into public.workspace_members (workspace_id, user_id, role)
  values (v_workspace.id, auth.uid(), 'owner');
  return jsonb_build_object('workspace', private.workspace_for(v_workspace, 'owner'));
end $$;

-- What a user is shown of a workspace.
create function private.workspace_for(p_workspace public.workspaces, p_role text) returns jsonb
language sql immutable set search_path = ''
as $$
  select jsonb_build_object('id', p_workspace.id, 'tenant_id', private.tenant_id_of(p_workspace),
    'name', p_workspace.name, 'role', p_role, 'is_default', p_workspace.is_default,
    'time_zone', p_workspace.time_zone, 'currency', p_workspace.currency,
    'language', p_workspace.language, 'created_at', p_workspace.created_at)
$$;

-- The workspaces that the user has, and those that wait for the user to accept.
create function public.list_workspaces() returns jsonb
language plpgsql stable security definer set search_path = ''
as $$
begin
  perform private.check_user();
  return jsonb_build_object(
    'workspaces', (
      select coalesce(jsonb_agg(private.workspace_for(w, private.role_in(auth.uid(), w.id))
        order by w.is_default desc, w.name, w.id), '[]')
      from public.workspaces w where w.id in (select private.my_workspace_ids())
    ),
    'invitations', (
      select coalesce(jsonb_agg(jsonb_build_object('workspace_id', w.id, 'name', w.name,
        'role', i.role, 'created_at', i.created_at) order by i.created_at, w.id), '[]')
      from public.workspace_invitations i join public.workspaces w on w.id = i.workspace_id
      where i.email = private.my_confirmed_email()
    ));
end $$;

create function public.invite_member(p_workspace_id uuid, p_email text, p_role text default 'member')
returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v_email text := lower(trim(p_email));
  v_workspace public.workspaces := private.lock_members(p_workspace_id);
begin
  perform private.check_role(p_role);
  if v_email is null or v_email !~ '^[^@\s]+@[^@\s]+$' or char_length(v_email) > 320 then
    perform private.refuse_input('invalid_request', 'email', 'Must be an e-mail address');
  end if;
  perform private.check_may_manage(v_workspace.id, array[p_role]);
  -- guards G16: invitations of a workspace
  if (select count(*) from public.workspace_invitations i where i.workspace_id = v_workspace.id
      and i.email <> v_email) >= (select p.max_invitations from private.run_policy p) then
    raise exception using errcode = 'PT403', message = 'invitation_limit';
  end if;
  insert into public.workspace_invitations (workspace_id, email, role, invited_by)
  values (v_workspace.id, v_email, p_role, auth.uid())
  on conflict (workspace_id, email) do update
    set role = excluded.role, invited_by = excluded.invited_by, created_at = now();
  return jsonb_build_object('workspace_id', v_workspace.id, 'email', v_email, 'role', p_role);
end $$;

create function public.withdraw_invitation(p_workspace_id uuid, p_email text) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v_workspace public.workspaces := private.lock_members(p_workspace_id);
  v_role text;
begin
  select i.role into v_role from public.workspace_invitations i
  where i.workspace_id = v_workspace.id and i.email = lower(trim(p_email));
  if v_role is null then
    raise exception using errcode = 'PT404', message = 'member_not_found';
  end if;
  perform private.check_may_manage(v_workspace.id, array[v_role]);
  delete from public.workspace_invitations i
  where i.workspace_id = v_workspace.id and i.email = lower(trim(p_email));
  return jsonb_build_object('workspace_id', v_workspace.id);
end $$;

-- Of a user who is a member already, the stronger of both roles stays.
create function public.accept_invitation(p_workspace_id uuid) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v_workspace public.workspaces;
  v_role text;
begin
  perform private.check_user();
  select w.* into v_workspace from public.workspaces w where w.id = p_workspace_id for update;
  delete from public.workspace_invitations i
  where i.workspace_id = p_workspace_id and i.email = private.my_confirmed_email()
  returning i.role into v_role;
  if v_role is null then
    raise exception using errcode = 'PT404', message = 'invitation_not_found';
  end if;
  insert into public.workspace_members as m (workspace_id, user_id, role)
  values (p_workspace_id, auth.uid(), v_role)
  on conflict (workspace_id, user_id) do update set role = excluded.role
    where array_position(array['owner', 'admin', 'member', 'viewer'], excluded.role)
      < array_position(array['owner', 'admin', 'member', 'viewer'], m.role);
  return jsonb_build_object('workspace',
    private.workspace_for(v_workspace, private.role_in(auth.uid(), p_workspace_id)));
end $$;

-- A workspace keeps an owner. Whoever `owner_id` names is one without a row among the members, so it
-- passes to another owner when that user loses the role.
create function private.pass_ownership(p_workspace public.workspaces, p_from uuid) returns void
language plpgsql security definer set search_path = ''
as $$
declare
  v_heir uuid;
begin
  select m.user_id into v_heir from public.workspace_members m
  where m.workspace_id = p_workspace.id and m.role = 'owner' and m.user_id <> p_from
  order by m.created_at, m.user_id limit 1;
  if v_heir is null and p_workspace.owner_id <> p_from then
    v_heir := p_workspace.owner_id;
  end if;
  -- guards G18: last owner
  if v_heir is null then
    raise exception using errcode = 'PT409', message = 'last_owner';
  end if;
  if p_workspace.owner_id = p_from then
    update public.workspaces w set owner_id = v_heir, is_default = false where w.id = p_workspace.id;
  end if;
end $$;

create function public.change_member_role(p_workspace_id uuid, p_user_id uuid, p_role text)
returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v_workspace public.workspaces := private.lock_members(p_workspace_id);
  v_role text := private.role_in(p_user_id, p_workspace_id);
begin
  perform private.check_role(p_role);
  if v_role is null then
    raise exception using errcode = 'PT404', message = 'member_not_found';
  end if;
  -- guards G18: roles of others
  perform private.check_may_manage(v_workspace.id, array[v_role, p_role]);
  if v_role = 'owner' and p_role <> 'owner' then
    perform private.pass_ownership(v_workspace, p_user_id);
  end if;
  insert into public.workspace_members (workspace_id, user_id, role)
  values (v_workspace.id, p_user_id, p_role)
  on conflict (workspace_id, user_id) do update set role = excluded.role;
  return jsonb_build_object('workspace_id', v_workspace.id, 'user_id', p_user_id, 'role', p_role);
end $$;

-- Everybody may leave; others are removed by those who manage their role.
create function public.remove_member(p_workspace_id uuid, p_user_id uuid) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v_workspace public.workspaces := private.lock_members(p_workspace_id);
  v_role text := private.role_in(p_user_id, p_workspace_id);
begin
  if v_role is null then
    raise exception using errcode = 'PT404', message = 'member_not_found';
  end if;
  if p_user_id <> auth.uid() then
    perform private.check_may_manage(v_workspace.id, array[v_role]);
  end if;
  if v_role = 'owner' then
    perform private.pass_ownership(v_workspace, p_user_id);
  end if;
  delete from public.workspace_members m
  where m.workspace_id = v_workspace.id and m.user_id = p_user_id;
  return jsonb_build_object('workspace_id', v_workspace.id, 'user_id', p_user_id);
end $$;

grant execute on function
  public.create_workspace(text, text, text, text, uuid),
  public.list_workspaces(),
  public.invite_member(uuid, text, text),
  public.withdraw_invitation(uuid, text),
  public.accept_invitation(uuid),
  public.change_member_role(uuid, uuid, text),
  public.remove_member(uuid, uuid)
  to authenticated;
