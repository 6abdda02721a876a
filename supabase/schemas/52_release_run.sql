-- A worker releases the run that it holds: because the attempt failed in a way that another may not,
-- because the process is stopping, or because the gateway asked to wait. Only a failure counts, and
-- the last one ends the run with its own code. The worker that releases the run adds its job.

create function public.release_run(
  p_run_id uuid, p_attempt integer, p_release jsonb, p_tenants uuid[] default null
) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v_policy private.run_policy;
  v_kind text := p_release ->> 'kind';
  v_delay interval;
  v_run public.agent_runs;
begin
  if v_kind is null or v_kind not in ('failed', 'drain', 'rate_limited') then
    raise exception using errcode = 'PT400', message = 'invalid_request',
      hint = 'kind must be failed, drain or rate_limited.';
  end if;
  select p.* into v_policy from private.run_policy p;
  v_run := private.lock_held_run(p_run_id, p_attempt);
  if v_run.id is null then
    return private.not_applied(p_run_id, p_tenants);
  end if;

  if v_kind = 'failed' then
    update public.agent_runs r set app_retries = r.app_retries + 1 where r.id = p_run_id
    returning * into v_run;
  end if;

  if v_run.cancel_requested_at is not null then
    v_run := private.mark_finalized(p_run_id, 'cancelled', p_release);
  elsif v_kind = 'failed' and v_run.app_retries >= v_policy.max_app_retries then
    v_run := private.mark_finalized(p_run_id, 'failed', p_release || jsonb_build_object(
      'error_code', p_release ->> 'code', 'error_message', p_release ->> 'message'));
  else
    v_delay := greatest('0', least(v_policy.release_delay_max,
      coalesce((p_release ->> 'delay_ms')::numeric, 0) * interval '1 millisecond'));
    -- The sweep adds the job only after the worker had time to do so.
    v_run := private.mark_released(p_run_id,
      case when v_kind = 'failed' then coalesce(p_release ->> 'code', v_kind) else v_kind end,
      now() + v_delay + v_policy.first_enqueue_after, p_release, now() + nullif(v_delay, interval '0'));
  end if;
  return private.applied(v_run, p_tenants);
end $$;

grant execute on function public.release_run(uuid, integer, jsonb, uuid[]) to service_role;
