-- Cancelling. A queued run is cancelled at once. For an active run the cancel is requested: its worker
-- ends it, or the sweep when that worker is lost. Once requested, the run never completes. The call is
-- idempotent, also after the end: a repeat returns the row.

create function public.cancel_run(p_run_id uuid) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v_run public.agent_runs;
begin
  select r.* into v_run from public.agent_runs r
  where r.id = p_run_id and private.user_has_workspace_access(r.workspace_id)
  for update;
  if not found then
    raise exception using errcode = 'PT404', message = 'run_not_found';
  end if;
  perform private.check_run_access(v_run.workspace_id);

  if v_run.status = 'running' and v_run.cancel_requested_at is null then
    update public.agent_runs r set cancel_requested_at = now() where r.id = p_run_id
    returning * into v_run;
  end if;
  if private.run_state(v_run) = 'queued' then
    v_run := private.mark_finalized(p_run_id, 'cancelled');
  end if;
  return jsonb_build_object('run', to_jsonb(v_run));
end $$;

grant execute on function public.cancel_run(uuid) to authenticated;
