-- How a row of a cmo_* table gets its workspace and tenant, and keeps its creator and its run.
--
-- Existing clients insert without tenant_id, and children without either id. Triggers fill in both
-- and refuse a contradiction. They read with the owner's privileges, so that a foreign parent and a
-- missing one are refused alike, by row level security.

-- The tenant is derived from the workspace. A tenant id that a caller sends is a claim: existing
-- clients send the id of the tenant, of the workspace or of themselves, and mean the same. Any
-- other is refused, but only to callers with access. Row level security refuses the others whatever
-- they claim; a different refusal would reveal which tenant a workspace belongs to.
create function private.tenant_of(p_workspace_id uuid, p_claim uuid) returns uuid
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_workspace public.workspaces;
begin
  select w.* into v_workspace from public.workspaces w where w.id = p_workspace_id;
  -- In an adopted project, what a screen takes for the tenant of a workspace without one is anything.
  if p_claim is null or v_workspace.tenant_id is null
    or p_claim in (p_workspace_id, v_workspace.tenant_id, auth.uid())
    or (auth.uid() is not null and not private.user_has_workspace_access(p_workspace_id)) then
    return private.tenant_id_of(v_workspace);
  end if;
  raise exception using errcode = 'PT403', message = 'tenant_mismatch',
    hint = 'Leave out tenant_id. It is derived from the workspace.';
end $$;

create function private.fill_tenant() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
  if tg_op = 'UPDATE' and new.workspace_id is distinct from old.workspace_id then
    raise exception using errcode = '42501', message = 'A row cannot move to another workspace.',
      hint = 'Insert a copy into the other workspace instead.';
  end if;
  new.tenant_id := private.tenant_of(new.workspace_id, new.tenant_id);
  return new;
end $$;

-- Arguments: the table of the parent, and the column that references it.
create function private.fill_from_parent() returns trigger
language plpgsql security definer set search_path = ''
as $$
declare
  v_parent_id uuid := to_jsonb(new) ->> tg_argv[1];
  v_workspace_id uuid;
begin
  execute format('select p.workspace_id from public.%I p where p.id = $1', tg_argv[0])
    into v_workspace_id using v_parent_id;
  if new.workspace_id is distinct from v_workspace_id and new.workspace_id is not null then
    raise exception using errcode = '42501',
      message = format('%s names no row of this workspace.', tg_argv[1]),
      hint = 'Leave out workspace_id. It is taken from the parent.';
  end if;
  new.workspace_id := v_workspace_id;
  new.tenant_id := private.tenant_of(v_workspace_id, new.tenant_id);
  return new;
end $$;

-- Users may change neither what a row is called, nor when and by whom it was created, nor which run
-- saved it. A run's own writes have no user.
create function private.keep_origin() returns trigger
language plpgsql set search_path = ''
as $$
begin
  if auth.uid() is null then
    return new;
  end if;
  -- guards G18: origin
  if (new.id, new.created_at) is distinct from (old.id, old.created_at) then
    raise exception using errcode = '42501', message = 'id and created_at cannot be changed.',
      hint = 'Leave them out.';
  end if;
  if new.created_by is distinct from old.created_by and new.created_by is distinct from auth.uid() then
    raise exception using errcode = '42501', message = 'created_by must be the user who saves.',
      hint = 'Leave out created_by.';
  end if;
  if new.agent_run_id is distinct from old.agent_run_id then
    raise exception using errcode = '42501', message = 'Only a run may set agent_run_id.',
      hint = 'Leave out agent_run_id.';
  end if;
  return new;
end $$;
