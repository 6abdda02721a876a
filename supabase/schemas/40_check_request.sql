-- What create_run and create_pipeline check before they accept a request. Users can call both with
-- the project's public key, so that whatever the API refuses is refused here as well: membership,
-- role, tenant, mode, size, form.
--
-- An expected refusal has its code as the message. Its detail holds what the caller is shown.

create function private.refuse_input(p_code text, p_path text, p_message text) returns void
language plpgsql set search_path = ''
as $$
begin
  raise exception using errcode = 'PT400', message = p_code, detail = jsonb_build_object(
    'issues', jsonb_build_array(jsonb_build_object('path', p_path, 'message', p_message)))::text;
end $$;

create function private.check_user() returns void
language plpgsql stable set search_path = ''
as $$
begin
  if auth.uid() is null then
    raise exception using errcode = 'PT401', message = 'invalid_token';
  end if;
end $$;

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
  if cardinality(v_ids) = 0 then
    raise exception using errcode = 'PT403', message = 'no_workspace';
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

create function private.check_run_access(p_workspace_id uuid) returns void
language plpgsql stable security definer set search_path = ''
as $$
begin
  -- guards G18: workspace access
  if not private.user_has_workspace_access(p_workspace_id) then
    raise exception using errcode = 'PT403', message = 'workspace_forbidden';
  end if;
  -- guards G16: role
  if not private.user_has_workspace_access(p_workspace_id, p_to_run => true) then
    raise exception using errcode = 'PT403', message = 'role_forbidden';
  end if;
end $$;

create function private.check_request(p_mode text, p_on_rate_limit text) returns void
language plpgsql stable security definer set search_path = ''
as $$
begin
  if private.agent_of_mode(p_mode) is null then
    raise exception using errcode = 'PT400', message = 'unknown_mode';
  end if;
  if p_on_rate_limit is null or p_on_rate_limit not in ('fail', 'wait') then
    perform private.refuse_input('invalid_request', 'on_rate_limit', 'Must be fail or wait');
  end if;
end $$;

-- The size is bounded before anything writes the input out as text: the number 1e131071 has eight
-- letters in a request and a hundred kilobytes written out, and twenty thousand of them fit.
create function private.check_input_bounds(p_input jsonb) returns void
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_policy private.run_policy;
begin
  select p.* into v_policy from private.run_policy p;
  if p_input is null or jsonb_typeof(p_input) <> 'object' then
    perform private.refuse_input('invalid_request', '', 'Must be a JSON object');
  end if;
  -- A one-digit number takes two bytes as text and twelve as jsonb. No input of legal length has more.
  if pg_column_size(p_input) > 8 * v_policy.max_input_bytes then
    raise exception using errcode = 'PT413', message = 'input_too_large',
      detail = jsonb_build_object('max_bytes', v_policy.max_input_bytes)::text;
  end if;
  if jsonb_path_exists(p_input, format(
    'strict $.**{%s} ? (@.type() == "object" || @.type() == "array")', v_policy.max_input_depth
  )::jsonpath) then
    perform private.refuse_input('invalid_request', '',
      format('JSON may be nested %s levels deep', v_policy.max_input_depth));
  end if;
  -- No other part of the system could read what a double cannot hold.
  if jsonb_path_exists(p_input, 'strict $.** ? (@.type() == "number"
    && (@.abs() > 1.7976931348623157e308 || (@ != 0 && @.abs() < 5e-324)))') then
    perform private.refuse_input('invalid_request', '', 'Contains a number that is out of range');
  end if;
  -- Harmless here, but not in code that merges the input into an object later.
  if jsonb_path_exists(p_input, 'strict $.** ? (@.type() == "object").keyvalue() ? (
    @.key == "__proto__" || (@.key == "constructor" && exists (@.value.prototype)))') then
    perform private.refuse_input('invalid_request', '', 'Contains a forbidden member name');
  end if;
  -- guards G16: input bytes
  if octet_length(p_input::text) > v_policy.max_input_bytes then
    raise exception using errcode = 'PT413', message = 'input_too_large',
      detail = jsonb_build_object('max_bytes', v_policy.max_input_bytes)::text;
  end if;
end $$;

create function private.has_parent(p_field text, p_id uuid, p_workspace_id uuid) returns boolean
language plpgsql stable security definer set search_path = ''
as $$
begin
  return case p_field
    when 'planId' then exists (select from public.cmo_marketing_plans t
      where t.id = p_id and t.workspace_id = p_workspace_id)
    when 'funnelId' then exists (select from public.cmo_funnels t
      where t.id = p_id and t.workspace_id = p_workspace_id)
    when 'stageId' then exists (select from public.cmo_funnel_stages t
      where t.id = p_id and t.workspace_id = p_workspace_id)
    when 'campaignId' then exists (select from public.cmo_campaigns t
      where t.id = p_id and t.workspace_id = p_workspace_id)
  end;
end $$;

-- Rows that an input names must be the workspace's own. A foreign id and an unknown one are refused
-- alike. Agents treat null and an empty string at the top level as absent; so does this. The worker
-- checks again, because a row may be deleted while the run is queued.
create function private.check_parents(p_input jsonb, p_workspace_id uuid) returns void
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_parent record;
begin
  for v_parent in
    select n.field, n.kind, p_input -> n.field as value, p_input ->> n.field as id
    from (values
      ('planId', 'marketing plan'), ('funnelId', 'funnel'),
      ('stageId', 'funnel stage'), ('campaignId', 'campaign')
    ) as n (field, kind)
    where p_input ->> n.field <> ''
  loop
    if jsonb_typeof(v_parent.value) <> 'string'
      or v_parent.id !~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then
      perform private.refuse_input('invalid_request', v_parent.field,
        format('Must be the id of a %s', v_parent.kind));
    end if;
    if not private.has_parent(v_parent.field, v_parent.id::uuid, p_workspace_id) then
      perform private.refuse_input('invalid_input', v_parent.field, format(
        'There is no such %s in this workspace. Check the id, or leave it out', v_parent.kind));
    end if;
  end loop;
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
