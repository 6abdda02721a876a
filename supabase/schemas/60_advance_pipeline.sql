-- A pipeline advances when the run of its current step ends, whoever ends it.

-- The input of a step: what was asked for it, and the ids of the rows that earlier steps saved, under
-- the names that its agent expects.
create function private.step_input(p_pipeline public.pipelines, p_mode text) returns jsonb
language sql stable set search_path = ''
as $$
  select coalesce(p_pipeline.inputs -> p_mode, '{}') || coalesce((
    select jsonb_object_agg(n.field, s.id)
    from (values
      ('funnels', 'planId', 'cmo_marketing_plans'),
      ('campaigns', 'planId', 'cmo_marketing_plans'),
      ('campaigns', 'funnelId', 'cmo_funnels'),
      ('content', 'campaignId', 'cmo_campaigns')
    ) as n (mode, field, table_name)
    join lateral (
      select a ->> 'id' as id
      from public.agent_runs r, jsonb_array_elements(r.artifacts) a
      where r.pipeline_id = p_pipeline.id and a ->> 'table' = n.table_name
      order by r.pipeline_step desc
      limit 1
    ) s on true
    where n.mode = p_mode
  ), '{}')
$$;

create function private.finalize_pipeline(p_pipeline_id uuid, p_status text, p_failure jsonb default '{}')
returns void
language sql set search_path = ''
as $$
  update public.pipelines p set
    status = p_status,
    completed_at = now(),
    failed_step = p_failure ->> 'step',
    error_code = p_failure ->> 'code',
    error_message = p_failure ->> 'message'
  where p.id = p_pipeline_id
$$;

-- Inserts the run of the next step. It was accepted with its pipeline: no limit is checked again but that of
-- the budget, of which each run reserves its own part.
create function private.insert_next_step(p_pipeline public.pipelines) returns void
language plpgsql set search_path = ''
as $$
declare
  v_step integer := p_pipeline.step + 1;
  v_mode text := p_pipeline.steps[v_step];
  v_reserve bigint := private.reserve_budget(p_pipeline.tenant_id, p_pipeline.workspace_id, v_mode);
begin
  insert into public.agent_runs (
    id, tenant_id, workspace_id, created_by, agent, mode, input, save_artifacts, on_rate_limit,
    reserved_micros, status, phase, output, enqueue_after, expires_at, pipeline_id, pipeline_step
  )
  select
    private.uuid_v7(), p_pipeline.tenant_id, p_pipeline.workspace_id, p_pipeline.created_by,
    private.agent_of_mode(v_mode), v_mode, private.step_input(p_pipeline, v_mode), true, 'wait',
    v_reserve, 'running', 'queued', null,
    now() + p.first_enqueue_after, now() + p.wait_limit, p_pipeline.id, v_step
  from private.run_policy p;
  update public.pipelines p set step = v_step where p.id = p_pipeline.id;
end $$;

-- Continues after a completed step if the pipeline's creator still may run. A reason not to continue
-- ends the pipeline, not the run, which has completed. A failure of the database itself is thrown, so
-- that the worker finalizes again.
create function private.start_next_step(p_pipeline public.pipelines) returns void
language plpgsql set search_path = ''
as $$
declare
  v_mode text := p_pipeline.steps[p_pipeline.step + 1];
  v_refusal text := private.refused_membership(p_pipeline.created_by, p_pipeline.workspace_id);
  v_detail text;
begin
  -- guards G16: creator
  if v_refusal is not null then
    perform private.finalize_pipeline(p_pipeline.id, 'failed', jsonb_build_object('step', v_mode, 'code', v_refusal,
      'message', 'The user who started the pipeline may not run in this workspace any longer, so it stopped. What it had saved is kept.'));
    return;
  end if;
  perform private.insert_next_step(p_pipeline);
exception when sqlstate 'PT402' then
  get stacked diagnostics v_detail = pg_exception_detail;
  perform private.finalize_pipeline(p_pipeline.id, 'failed', jsonb_build_object('step', v_mode, 'code', sqlerrm,
    'message', coalesce(nullif(v_detail, '')::jsonb ->> 'message', private.failure_message(sqlerrm)) || ' What was saved is kept; start the rest as a new pipeline.'));
when others then
  -- 40 rollback, 53 resources, 55 state, 57 operator, 58 system, XX internal.
  if left(sqlstate, 2) in ('40', '53', '55', '57', '58', 'XX') then
    raise;
  end if;
  perform private.finalize_pipeline(p_pipeline.id, 'failed', jsonb_build_object('step', v_mode, 'code', 'internal',
    'message', 'The next step could not be started. What was saved is kept. Start the rest as a new pipeline.'));
end $$;

create function private.advance_pipeline() returns trigger
language plpgsql set search_path = ''
as $$
declare
  v_pipeline public.pipelines;
begin
  -- Only the end of the current step's run advances a pipeline, and a run ends once.
  select p.* into v_pipeline from public.pipelines p
  where p.id = new.pipeline_id and p.status = 'running' and p.step = new.pipeline_step
  for update;
  if not found then
    return null;
  end if;
  if new.status = 'failed' then
    perform private.finalize_pipeline(v_pipeline.id, 'failed', jsonb_build_object(
      'step', new.mode, 'code', new.error_code, 'message', new.error_message));
  elsif new.status = 'cancelled' or v_pipeline.cancel_requested_at is not null then
    perform private.finalize_pipeline(v_pipeline.id, 'cancelled');
  elsif v_pipeline.step = cardinality(v_pipeline.steps) then
    perform private.finalize_pipeline(v_pipeline.id, 'completed');
  else
    perform private.start_next_step(v_pipeline);
  end if;
  return null;
end $$;

create trigger advance_pipeline after update of status on public.agent_runs
  for each row when (new.pipeline_id is not null and old.status = 'running' and new.status <> 'running')
  execute function private.advance_pipeline();
