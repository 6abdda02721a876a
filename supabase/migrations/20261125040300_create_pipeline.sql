-- Accepting and cancelling a pipeline. Users can call both with the project's public key, so
-- whatever the API refuses is refused here.

-- A pipeline with its runs, in their order.
create function private.show_pipeline(p_pipeline_id uuid) returns jsonb
language sql stable set search_path = ''
as $$
  select jsonb_build_object('pipeline', to_jsonb(p), 'runs', (
    select jsonb_agg(to_jsonb(r) order by r.pipeline_step) from public.agent_runs r where r.pipeline_id = p.id))
  from public.pipelines p where p.id = p_pipeline_id
$$;

-- Steps are some of the four, each at most once, in their order: a later one builds on an earlier.
create function private.check_steps(p_steps text[], p_inputs jsonb) returns void
language plpgsql stable set search_path = ''
as $$
declare
  v_order constant text[] := array['strategy', 'funnels', 'campaigns', 'content'];
  v_known text[] := array(select o from unnest(v_order) with ordinality as u (o, n)
    where o = any (p_steps) order by n);
begin
  if coalesce(cardinality(p_steps), 0) = 0 or p_steps <> v_known then
    perform private.refuse_input('invalid_request', 'steps',
      'Have to be some of strategy, funnels, campaigns, content, in this order');
  end if;
  perform private.check_input_bounds(p_inputs);
  if exists (select from jsonb_each(p_inputs) i where i.key <> all (p_steps) or jsonb_typeof(i.value) <> 'object') then
    perform private.refuse_input('invalid_request', 'payload', 'Holds an object for each step, and nothing else');
  end if;
end $$;

create function private.find_repeated_pipeline(p_id uuid, p_key text, p_hash text, p_workspace_id uuid)
returns uuid
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_pipeline public.pipelines;
begin
  select p.* into v_pipeline from public.pipelines p
  where p.created_by = auth.uid() and p.idempotency_key = p_key
    and p.tenant_id = private.tenant_of(p_workspace_id, null);
  if found and v_pipeline.request_hash <> p_hash then
    raise exception using errcode = 'PT422', message = 'idempotency_mismatch';
  end if;
  if not found then
    select p.* into v_pipeline from public.pipelines p
    where p.id = p_id and p.created_by = auth.uid() and p.workspace_id = p_workspace_id;
  end if;
  return v_pipeline.id;
end $$;

-- The pipeline's row and its first run, or neither. That run is accepted by create_run, with all
-- that it checks and counts.
create function public.create_pipeline(
  p_id uuid,
  p_steps text[],
  p_inputs jsonb,
  p_workspace_id uuid default null,
  p_tenant_claim uuid default null,
  p_idempotency_key text default null
) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v_workspace_id uuid;
  v_hash text;
  v_repeated_id uuid;
  v_run_id uuid := gen_random_uuid();
begin
  if auth.uid() is null then
    raise exception using errcode = 'PT401', message = 'invalid_token';
  end if;
  if p_idempotency_key collate "C" !~ '^[ -~]{1,255}$' then
    raise exception using errcode = 'PT400', message = 'invalid_idempotency_key';
  end if;
  if p_id is null then
    perform private.refuse_input('invalid_request', 'id', 'Has to be an id');
  end if;
  perform private.check_steps(p_steps, p_inputs);
  v_workspace_id := coalesce(p_workspace_id, private.implied_workspace_id());
  v_hash := encode(sha256(convert_to(
    jsonb_build_array(p_steps, v_workspace_id, p_inputs)::text, 'UTF8')), 'hex');
  if private.user_has_workspace_access(v_workspace_id) then
    v_repeated_id := private.find_repeated_pipeline(p_id, p_idempotency_key, v_hash, v_workspace_id);
    if v_repeated_id is not null then
      return private.show_pipeline(v_repeated_id) || '{"created": false}';
    end if;
  end if;

  perform private.check_run_access(v_workspace_id);
  insert into public.pipelines (
    id, tenant_id, workspace_id, created_by, steps, inputs, idempotency_key, request_hash
  ) values (
    p_id, private.tenant_of(v_workspace_id, p_tenant_claim), v_workspace_id, auth.uid(), p_steps,
    p_inputs, p_idempotency_key, v_hash
  )
  -- Of requests that race, the others wait here for the first, and then find its row.
  on conflict do nothing;
  if not found then
    v_repeated_id := private.find_repeated_pipeline(p_id, p_idempotency_key, v_hash, v_workspace_id);
    if v_repeated_id is null then
      raise exception using errcode = 'PT409', message = 'id_taken';
    end if;
    return private.show_pipeline(v_repeated_id) || '{"created": false}';
  end if;
  perform public.create_run(p_id => v_run_id, p_mode => p_steps[1],
    p_input => coalesce(p_inputs -> p_steps[1], '{}'), p_workspace_id => v_workspace_id, p_save => true);
  update public.agent_runs r set pipeline_id = p_id, pipeline_step = 1 where r.id = v_run_id;
  return private.show_pipeline(p_id) || '{"created": true}';
end $$;

-- Cancels the run that the pipeline stands at, whose end ends the pipeline. While that run is
-- locked nobody moves the pipeline on; if it has just ended, the next one is looked at. Asking
-- again, or after the end, changes nothing and answers with the row.
create function public.cancel_pipeline(p_pipeline_id uuid) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v_pipeline public.pipelines;
  v_run public.agent_runs;
begin
  loop
    select p.* into v_pipeline from public.pipelines p
    where p.id = p_pipeline_id and private.user_has_workspace_access(p.workspace_id);
    if not found then
      raise exception using errcode = 'PT404', message = 'pipeline_not_found';
    end if;
    perform private.check_run_access(v_pipeline.workspace_id);
    exit when v_pipeline.status <> 'running';

    select r.* into v_run from public.agent_runs r
    where r.pipeline_id = p_pipeline_id and r.pipeline_step = v_pipeline.step
    for update;
    if v_run.status = 'running' then
      update public.pipelines p set cancel_requested_at = coalesce(p.cancel_requested_at, now())
      where p.id = p_pipeline_id;
      perform public.cancel_run(v_run.id);
      exit;
    end if;
  end loop;
  return private.show_pipeline(p_pipeline_id);
end $$;

revoke all on function public.create_pipeline(uuid, text[], jsonb, uuid, uuid, text),
  public.cancel_pipeline(uuid) from public, anon, authenticated, service_role;
grant execute on function public.create_pipeline(uuid, text[], jsonb, uuid, uuid, text),
  public.cancel_pipeline(uuid) to authenticated;
revoke all on all functions in schema private from public;
