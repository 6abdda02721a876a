-- Accepts a pipeline: its row and its first run, or neither. Users can call it with the project's public
-- key, so that whatever the API refuses is refused here as well.

-- A pipeline with its runs, in their order.
create function private.show_pipeline(p_pipeline_id uuid) returns jsonb
language sql stable set search_path = ''
as $$
  select jsonb_build_object('pipeline', to_jsonb(p), 'runs', (
    select jsonb_agg(to_jsonb(r) order by r.pipeline_step) from public.agent_runs r where r.pipeline_id = p.id))
  from public.pipelines p where p.id = p_pipeline_id
$$;

-- Steps are some of the four, each at most once and in their order: a later one builds on an earlier.
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
      'Must be a subset of strategy, funnels, campaigns, content, without repetition and in this order');
  end if;
  perform private.check_input_bounds(p_inputs);
  if exists (select from jsonb_each(p_inputs) i where i.key <> all (p_steps) or jsonb_typeof(i.value) <> 'object') then
    perform private.refuse_input('invalid_request', 'payload', 'Must contain an object for each step, and nothing else');
  end if;
end $$;

-- The caller's earlier pipeline that this request repeats; null if there is none.
create function private.find_repeated_pipeline(p_id uuid, p_key text, p_hash text, p_workspace_id uuid)
returns uuid
language plpgsql stable security definer set search_path = ''
as $$
declare
  -- Before the query: what refuses another request must not depend on the order of its conditions.
  v_id uuid := coalesce(private.target_of_key('pipeline', p_key, p_hash, p_workspace_id), p_id);
begin
  select p.id into v_id from public.pipelines p
  where p.id = v_id and p.created_by = auth.uid() and p.workspace_id = p_workspace_id;
  return v_id;
end $$;

-- The first run is accepted by create_run, with everything that it checks and counts.
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
  v_is_new boolean;
  v_run_id uuid := private.uuid_v7();
  v_accepted jsonb;
begin
  perform private.check_user();
  perform private.check_idempotency_key(p_idempotency_key);
  if p_id is null then
    perform private.refuse_input('invalid_request', 'id', 'Must be a UUID');
  end if;
  perform private.check_steps(p_steps, p_inputs);
  v_workspace_id := coalesce(
    p_workspace_id, private.workspace_of_key('pipeline', p_idempotency_key), private.implied_workspace_id());
  v_hash := encode(sha256(convert_to(
    jsonb_build_array(p_steps, v_workspace_id, p_inputs)::text, 'UTF8')), 'hex');
  if private.user_has_workspace_access(v_workspace_id) then
    v_repeated_id := private.find_repeated_pipeline(p_id, p_idempotency_key, v_hash, v_workspace_id);
    if v_repeated_id is not null then
      return private.show_pipeline(v_repeated_id) || '{"created": false}';
    end if;
  end if;

  perform private.check_run_access(v_workspace_id);
  v_is_new := private.take_key('pipeline', p_idempotency_key, v_hash, v_workspace_id, p_id);
  if v_is_new then
    insert into public.pipelines (id, tenant_id, workspace_id, created_by, steps, inputs)
    values (p_id, private.tenant_of(v_workspace_id, p_tenant_claim), v_workspace_id, auth.uid(), p_steps, p_inputs)
    -- Of concurrent requests with one id, the later ones wait here for the first, then find its row.
    on conflict do nothing;
    v_is_new := found;
  end if;
  if not v_is_new then
    v_repeated_id := private.find_repeated_pipeline(p_id, p_idempotency_key, v_hash, v_workspace_id);
    if v_repeated_id is null then
      raise exception using errcode = 'PT409', message = 'id_taken';
    end if;
    return private.show_pipeline(v_repeated_id) || '{"created": false}';
  end if;
  v_accepted := public.create_run(p_id => v_run_id, p_mode => p_steps[1],
    p_input => coalesce(p_inputs -> p_steps[1], '{}'), p_workspace_id => v_workspace_id, p_save => true);
  update public.agent_runs r set pipeline_id = p_id, pipeline_step = 1 where r.id = v_run_id;
  return private.show_pipeline(p_id) || jsonb_build_object('created', true, 'rate_limit', v_accepted -> 'rate_limit');
end $$;

grant execute on function public.create_pipeline(uuid, text[], jsonb, uuid, uuid, text) to authenticated;
