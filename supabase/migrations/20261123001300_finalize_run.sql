-- A worker ends the run it holds. Only the attempt that holds it can; a requested cancel wins
-- over whatever the worker reports; artifacts are saved in the same transaction, and only if the
-- run completes. Repeating the call changes nothing and answers with the row.

-- The ending that a report amounts to: {status, …answer}.
create function private.ending_of(p_run public.agent_runs, p_result jsonb) returns jsonb
language plpgsql set search_path = ''
as $$
declare
  v_outcome jsonb;
begin
  if p_run.cancel_requested_at is not null then
    return p_result || '{"status": "cancelled"}';
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

create function public.finalize_run(p_run_id uuid, p_attempt integer, p_result jsonb) returns jsonb
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
    return private.not_applied(p_run_id);
  end if;
  v_ending := private.ending_of(v_run, p_result);
  v_run := private.end_run(p_run_id, v_ending ->> 'status', v_ending);
  return jsonb_build_object('applied', true, 'run', to_jsonb(v_run));
end $$;

revoke all on function public.finalize_run(uuid, integer, jsonb)
  from public, anon, authenticated, service_role;
grant execute on function public.finalize_run(uuid, integer, jsonb) to service_role;
revoke all on all functions in schema private from public;
