-- How a pipeline moves on: by the end of the run it stands at, whoever ends it.

-- Who is a member is decided here, for my_roles and for whoever asks of a user who is not there.
create function private.roles_of(p_user_id uuid) returns table (workspace_id uuid, role text)
language sql stable security definer set search_path = ''
as $$
  select w.id, 'owner' from public.workspaces w where w.owner_id = p_user_id
  union
  select m.workspace_id, m.role from public.workspace_members m where m.user_id = p_user_id
$$;

create or replace function private.my_roles() returns table (workspace_id uuid, role text)
language sql stable security definer set search_path = ''
as $$ select r.workspace_id, r.role from private.roles_of((select auth.uid())) r $$;

-- Why a user may not run in a workspace; null when they may.
create function private.refused_membership(p_user_id uuid, p_workspace_id uuid) returns text
language sql stable security definer set search_path = ''
as $$
  select case
    when bool_or(r.role <> 'viewer') then null
    when count(*) > 0 then 'role_forbidden'
    else 'workspace_forbidden'
  end
  from private.roles_of(p_user_id) r where r.workspace_id = p_workspace_id
$$;

-- What a step's run is given: what was asked for it, and over that the rows that earlier steps
-- saved, under the names that its agent takes.
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

create function private.end_pipeline(p_pipeline_id uuid, p_status text, p_failure jsonb default '{}')
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

-- Inserts the run of the step after the one that has ended. It is accepted already, with its
-- pipeline: no quota is asked again.
create function private.insert_next_step(p_pipeline public.pipelines) returns void
language plpgsql set search_path = ''
as $$
declare
  v_step integer := p_pipeline.step + 1;
  v_mode text := p_pipeline.steps[v_step];
begin
  insert into public.agent_runs (
    id, tenant_id, workspace_id, created_by, agent, mode, input, save_artifacts, on_rate_limit,
    request_hash, enqueue_after, expires_at, pipeline_id, pipeline_step
  )
  select
    gen_random_uuid(), p_pipeline.tenant_id, p_pipeline.workspace_id, p_pipeline.created_by,
    private.agent_of_mode(v_mode), v_mode, private.step_input(p_pipeline, v_mode), true, 'wait',
    p_pipeline.request_hash, now() + p.first_enqueue_after, now() + p.wait_limit, p_pipeline.id, v_step
  from private.run_policy p;
  update public.pipelines p set step = v_step where p.id = p_pipeline.id;
end $$;

-- Goes on after a completed step, if its creator still may; what keeps it from going on ends the
-- pipeline and not the run, which has completed. Trouble of the database itself is thrown, so that
-- the worker finalizes again.
create function private.start_next_step(p_pipeline public.pipelines) returns void
language plpgsql set search_path = ''
as $$
declare
  v_mode text := p_pipeline.steps[p_pipeline.step + 1];
  v_refusal text := private.refused_membership(p_pipeline.created_by, p_pipeline.workspace_id);
begin
  if v_refusal is not null then
    perform private.end_pipeline(p_pipeline.id, 'failed', jsonb_build_object('step', v_mode, 'code', v_refusal,
      'message', 'Who started the pipeline may not run in this workspace any more, so it went no further. What it had saved is kept.'));
    return;
  end if;
  perform private.insert_next_step(p_pipeline);
exception when others then
  -- 40 rollback, 53 resources, 55 state, 57 operator, 58 system, XX internal.
  if left(sqlstate, 2) in ('40', '53', '55', '57', '58', 'XX') then
    raise;
  end if;
  perform private.end_pipeline(p_pipeline.id, 'failed', jsonb_build_object('step', v_mode, 'code', 'internal',
    'message', 'The next step could not be started. What was saved is kept; start the rest as a new pipeline.'));
end $$;

create function private.advance_pipeline() returns trigger
language plpgsql set search_path = ''
as $$
declare
  v_pipeline public.pipelines;
begin
  -- Only the end of the run it stands at moves a pipeline, and a run ends once.
  select p.* into v_pipeline from public.pipelines p
  where p.id = new.pipeline_id and p.status = 'running' and p.step = new.pipeline_step
  for update;
  if not found then
    return null;
  end if;
  if new.status = 'failed' then
    perform private.end_pipeline(v_pipeline.id, 'failed', jsonb_build_object(
      'step', new.mode, 'code', new.error_code, 'message', new.error_message));
  elsif new.status = 'cancelled' or v_pipeline.cancel_requested_at is not null then
    perform private.end_pipeline(v_pipeline.id, 'cancelled');
  elsif v_pipeline.step = cardinality(v_pipeline.steps) then
    perform private.end_pipeline(v_pipeline.id, 'completed');
  else
    perform private.start_next_step(v_pipeline);
  end if;
  return null;
end $$;

create trigger advance_pipeline after update of status on public.agent_runs
  for each row when (new.pipeline_id is not null and old.status = 'running' and new.status <> 'running')
  execute function private.advance_pipeline();

-- The run that waits after this one in its pipeline, for whoever ended this one: {id, attempt}.
create function private.next_of(p_run_id uuid) returns jsonb
language sql stable set search_path = ''
as $$
  select jsonb_build_object('next', jsonb_build_object('id', n.id, 'attempt', n.attempt))
  from public.agent_runs r
  join public.agent_runs n on n.pipeline_id = r.pipeline_id and n.pipeline_step = r.pipeline_step + 1
  where r.id = p_run_id and n.phase = 'queued'
$$;

-- As before, and `next` names the run that its end has put into the queue. The worker adds its
-- job, and the sweep does where that is lost: a repeat of the call is told of it again.
create or replace function public.finalize_run(p_run_id uuid, p_attempt integer, p_result jsonb) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v_run public.agent_runs;
  v_ending jsonb;
begin
  if p_result ->> 'status' is null or p_result ->> 'status' not in ('completed', 'failed', 'cancelled') then
    raise exception using errcode = 'PT400', message = 'invalid_request',
      hint = 'status is completed, failed or cancelled.';
  end if;
  v_run := private.lock_held_run(p_run_id, p_attempt);
  if v_run.id is null then
    return private.not_applied(p_run_id) || coalesce(private.next_of(p_run_id), '{}');
  end if;
  v_ending := private.ending_of(v_run, p_result);
  v_run := private.end_run(p_run_id, v_ending ->> 'status', v_ending);
  return jsonb_build_object('applied', true, 'run', to_jsonb(v_run)) || coalesce(private.next_of(p_run_id), '{}');
end $$;

revoke all on all functions in schema private from public;
