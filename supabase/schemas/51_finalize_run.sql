-- A worker ends the run that it holds. Only the attempt that holds the run can; a requested cancel
-- takes precedence over the worker's report, and without one no report cancels; artifacts are saved in
-- the same transaction, and only if the run completes. The call is idempotent: a repeat returns the row.

-- The ending that a report leads to: {status, …answer}.
create function private.decide_ending(p_run public.agent_runs, p_result jsonb) returns jsonb
language plpgsql set search_path = ''
as $$
declare
  v_outcome jsonb;
begin
  -- guards G10: cancel first
  if p_run.cancel_requested_at is not null then
    return p_result || '{"status": "cancelled"}';
  end if;
  -- A worker that reports a cancel nobody asked for has a bug, or is of another version.
  -- guards G10: no cancel
  if p_result ->> 'status' = 'cancelled' then
    return (p_result - 'error_message') || '{"status": "failed", "error_code": "internal"}';
  end if;
  if p_result ->> 'status' <> 'completed' or not p_run.save_artifacts then
    return p_result - 'saved';
  end if;
  v_outcome := private.save_artifacts(p_run, p_result -> 'artifacts');
  if v_outcome ? 'saved' then
    return p_result || v_outcome;
  end if;
  return p_result || jsonb_build_object('status', 'failed',
    'error_code', 'artifacts_rejected', 'error_message', v_outcome ->> 'refused');
end $$;

-- The queued run that follows this one in its pipeline: {next: {id, attempt}}, or {}.
create function private.next_of(p_run_id uuid) returns jsonb
language plpgsql stable set search_path = ''
as $$
begin
  return coalesce((
    select jsonb_build_object('next', jsonb_build_object('id', n.id, 'attempt', n.attempt))
    from public.agent_runs r
    join public.agent_runs n on n.pipeline_id = r.pipeline_id and n.pipeline_step = r.pipeline_step + 1
    where r.id = p_run_id and n.phase = 'queued'
  ), '{}');
end $$;

-- `next` is the run that this end has put into the queue. The worker adds its job, and the sweep does
-- when that is lost: a repeat of the call names the run again. `waiting` says whether a worker of
-- p_tenants (null: of all) may find another run now.
create function public.finalize_run(
  p_run_id uuid, p_attempt integer, p_result jsonb, p_tenants uuid[] default null
) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v_run public.agent_runs;
  v_ending jsonb;
begin
  if p_result ->> 'status' is null or p_result ->> 'status' not in ('completed', 'failed', 'cancelled') then
    raise exception using errcode = 'PT400', message = 'invalid_request',
      hint = 'status must be completed, failed or cancelled.';
  end if;
  v_run := private.lock_held_run(p_run_id, p_attempt);
  if v_run.id is null then
    return private.not_applied(p_run_id, p_tenants) || private.next_of(p_run_id);
  end if;
  v_ending := private.decide_ending(v_run, p_result);
  v_run := private.mark_finalized(p_run_id, v_ending ->> 'status', v_ending);
  return private.applied(v_run, p_tenants) || private.next_of(p_run_id);
end $$;

grant execute on function public.finalize_run(uuid, integer, jsonb, uuid[]) to service_role;
