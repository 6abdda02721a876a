-- Accepting a run. Users can call this with the project's public key, so whatever the API
-- refuses is refused here: membership, role, tenant, mode, size.
--
-- Accepted means committed, and asking twice is accepting once: by the caller's own id of the
-- run, or by an idempotency key, whose request must then be the same.

-- The workspace that is meant when none is named: the caller's only one, or their default.
create function private.implied_workspace_id() returns uuid
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_ids uuid[] := array(select distinct i from private.my_workspace_ids() i);
  v_default_ids uuid[];
begin
  if cardinality(v_ids) = 1 then
    return v_ids[1];
  end if;
  v_default_ids := array(select w.id from public.workspaces w where w.id = any (v_ids) and w.is_default);
  if cardinality(v_default_ids) = 1 then
    return v_default_ids[1];
  end if;
  raise exception using errcode = 'PT400', message = 'workspace_required', detail = jsonb_build_object(
    'workspaces', (
      select coalesce(jsonb_agg(jsonb_build_object('id', w.id, 'name', w.name) order by w.name, w.id), '[]')
      from public.workspaces w where w.id = any (v_ids)
    ))::text;
end $$;

-- A request that is repeated means the workspace it meant the first time, even when the caller
-- has become a member of more since then.
create function private.workspace_of_key(p_key text) returns uuid
language sql stable security definer set search_path = ''
as $$
  select r.workspace_id from public.agent_runs r
  where r.created_by = (select auth.uid()) and r.idempotency_key = p_key
    and r.workspace_id in (select private.my_workspace_ids())
  order by r.created_at desc
  limit 1
$$;

-- Checks what may be asked at all. Expected refusals carry the code as their message.
create function private.check_request(p_mode text, p_input jsonb, p_on_rate_limit text) returns void
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_max_bytes integer := (select p.max_input_bytes from private.run_policy p);
begin
  if private.agent_of_mode(p_mode) is null then
    raise exception using errcode = 'PT400', message = 'unknown_mode';
  end if;
  if p_input is null or jsonb_typeof(p_input) <> 'object' then
    raise exception using errcode = 'PT400', message = 'invalid_input';
  end if;
  if octet_length(p_input::text) > v_max_bytes then
    raise exception using errcode = 'PT413', message = 'input_too_large',
      detail = jsonb_build_object('max_bytes', v_max_bytes)::text;
  end if;
  if p_on_rate_limit is null or p_on_rate_limit not in ('fail', 'wait') then
    raise exception using errcode = 'PT400', message = 'invalid_request',
      hint = 'on_rate_limit is fail or wait.';
  end if;
end $$;

create function private.check_run_access(p_workspace_id uuid) returns void
language plpgsql stable security definer set search_path = ''
as $$
begin
  if not private.user_has_workspace_access(p_workspace_id) then
    raise exception using errcode = 'PT403', message = 'workspace_forbidden';
  end if;
  if not private.user_has_workspace_access(p_workspace_id, p_to_run => true) then
    raise exception using errcode = 'PT403', message = 'role_forbidden';
  end if;
end $$;

-- A retry names a finished run of the same workspace.
create function private.check_retry(p_retry_of uuid, p_workspace_id uuid) returns void
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_status text;
begin
  if p_retry_of is null then
    return;
  end if;
  select r.status into v_status from public.agent_runs r
  where r.id = p_retry_of and r.workspace_id = p_workspace_id;
  if v_status is null then
    raise exception using errcode = 'PT404', message = 'run_not_found';
  end if;
  if v_status = 'running' then
    raise exception using errcode = 'PT409', message = 'run_not_finished';
  end if;
end $$;

-- The caller's earlier run that this request repeats, if it does; an empty row if not.
create function private.find_repeated_run(p_id uuid, p_key text, p_hash text, p_workspace_id uuid)
returns public.agent_runs
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_run public.agent_runs;
begin
  select r.* into v_run from public.agent_runs r
  where r.created_by = auth.uid()
    and r.tenant_id = private.tenant_of(p_workspace_id, null)
    and r.idempotency_key = p_key;
  if found and v_run.request_hash <> p_hash then
    raise exception using errcode = 'PT422', message = 'idempotency_mismatch';
  end if;
  if not found then
    select r.* into v_run from public.agent_runs r
    where r.id = p_id and r.created_by = auth.uid() and r.workspace_id = p_workspace_id;
  end if;
  return v_run;
end $$;

create function public.create_run(
  p_id uuid,
  p_mode text,
  p_input jsonb,
  p_workspace_id uuid default null,
  p_tenant_claim uuid default null,
  p_idempotency_key text default null,
  p_save boolean default false,
  p_on_rate_limit text default 'wait',
  p_retry_of uuid default null
) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v_workspace_id uuid;
  v_tenant_id uuid;
  v_hash text;
  v_run public.agent_runs;
begin
  if auth.uid() is null then
    raise exception using errcode = 'PT401', message = 'invalid_token';
  end if;
  if p_idempotency_key !~ '^[[:print:]]{1,255}$' then
    raise exception using errcode = 'PT400', message = 'invalid_idempotency_key';
  end if;

  v_workspace_id := coalesce(
    p_workspace_id, private.workspace_of_key(p_idempotency_key), private.implied_workspace_id());
  v_hash := encode(sha256(convert_to(jsonb_build_array(
    p_mode, v_workspace_id, p_input, coalesce(p_save, false), p_on_rate_limit, p_retry_of
  )::text, 'UTF8')), 'hex');

  if private.user_has_workspace_access(v_workspace_id) then
    v_run := private.find_repeated_run(p_id, p_idempotency_key, v_hash, v_workspace_id);
    if v_run.id is not null then
      return jsonb_build_object('created', false, 'run', to_jsonb(v_run));
    end if;
  end if;

  perform private.check_run_access(v_workspace_id);
  v_tenant_id := private.tenant_of(v_workspace_id, p_tenant_claim);
  perform private.check_request(p_mode, p_input, p_on_rate_limit);
  perform private.check_retry(p_retry_of, v_workspace_id);
  -- Quotas are counted here: after everything that refuses for free, before the insert.

  insert into public.agent_runs (
    id, tenant_id, workspace_id, created_by, agent, mode, input, save_artifacts, on_rate_limit,
    retry_of, idempotency_key, request_hash, enqueue_after, expires_at
  )
  select
    p_id, v_tenant_id, v_workspace_id, auth.uid(), private.agent_of_mode(p_mode), p_mode, p_input,
    coalesce(p_save, false), p_on_rate_limit, p_retry_of, p_idempotency_key, v_hash,
    now() + p.first_enqueue_after, now() + p.wait_limit
  from private.run_policy p
  -- Of requests that race, the others wait here for the first, and then find its row.
  on conflict do nothing
  returning * into v_run;
  if found then
    return jsonb_build_object('created', true, 'run', to_jsonb(v_run));
  end if;

  v_run := private.find_repeated_run(p_id, p_idempotency_key, v_hash, v_workspace_id);
  if v_run.id is null then
    raise exception using errcode = 'PT409', message = 'id_taken';
  end if;
  return jsonb_build_object('created', false, 'run', to_jsonb(v_run));
end $$;

revoke all on function public.create_run(uuid, text, jsonb, uuid, uuid, text, boolean, text, uuid)
  from public, anon, authenticated, service_role;
grant execute on function public.create_run(uuid, text, jsonb, uuid, uuid, text, boolean, text, uuid)
  to authenticated;
revoke all on all functions in schema private from public;
