-- The rows that an input names: the plan that a funnel serves, the campaign that a text is for.
-- They are the workspace's own, or the run is not accepted. A foreign id and one that does not
-- exist are refused alike. The worker looks again: a row may be deleted while the run waits.

create function private.has_parent(p_field text, p_id uuid, p_workspace_id uuid) returns boolean
language sql stable security definer set search_path = ''
as $$
  select case p_field
    when 'planId' then exists (select from public.cmo_marketing_plans t
      where t.id = p_id and t.workspace_id = p_workspace_id)
    when 'funnelId' then exists (select from public.cmo_funnels t
      where t.id = p_id and t.workspace_id = p_workspace_id)
    when 'stageId' then exists (select from public.cmo_funnel_stages t
      where t.id = p_id and t.workspace_id = p_workspace_id)
    when 'campaignId' then exists (select from public.cmo_campaigns t
      where t.id = p_id and t.workspace_id = p_workspace_id)
  end
$$;

-- Agents take a null and an empty string for absent, at the top level; so does this.
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
        'Has to be an id');
    end if;
    if not private.has_parent(v_parent.field, v_parent.id::uuid, p_workspace_id) then
      perform private.refuse_input('invalid_input', v_parent.field, format(
        'Names no %s of this workspace. Check the id, or leave it out', v_parent.kind));
    end if;
  end loop;
end $$;

create or replace function public.create_run(
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
  -- A range in any other collation than C would let letters of other alphabets in.
  if p_idempotency_key collate "C" !~ '^[ -~]{1,255}$' then
    raise exception using errcode = 'PT400', message = 'invalid_idempotency_key';
  end if;
  if p_id is null then
    perform private.refuse_input('invalid_request', 'id', 'Has to be an id');
  end if;
  perform private.check_input_bounds(p_input);

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
  perform private.check_parents(p_input, v_workspace_id);
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

revoke all on all functions in schema private from public;
