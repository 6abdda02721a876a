-- A claim whose reply was lost: the ledger says that a living worker holds a run, and the worker does
-- not know about it. The count in the heartbeat's reply shows the difference, and the worker calls this.
--
-- p_held is the list of {id, attempt} that the worker works on. Runs beyond that list, claimed so long ago
-- that the reply to the claim has arrived or never will, are released and due at once.
--
-- The first time counts as no retry, because nobody worked on the run. From the second time on it
-- counts, so that a run whose replies are lost again and again ends.

create function public.reconcile_worker(p_worker_id uuid, p_held jsonb) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v_lost constant jsonb := '{"outcome": "lost", "reason": "reply_lost"}';
  v_policy private.run_policy;
  v_run public.agent_runs;
  v_counted integer;
  v_ended jsonb := '[]';
  v_released jsonb := '[]';
begin
  -- A missing list is not an empty one: it would release everything that the worker holds.
  if p_held is null or jsonb_typeof(p_held) <> 'array' then
    raise exception using errcode = 'PT400', message = 'invalid_request',
      hint = 'p_held must be the list of {id, attempt} that the worker holds.';
  end if;
  select p.* into v_policy from private.run_policy p;
  -- This and the sweep hold the rows of several tenants, in no order.
  perform from private.sweep_state s for update;

  for v_run in
    select r.* from public.agent_runs r
    where r.worker_id = p_worker_id and r.phase = 'active'
      and r.claimed_at <= now() - v_policy.reconcile_after
      and not exists (
        select from jsonb_array_elements(p_held) h
        where (h ->> 'id')::uuid = r.id and (h ->> 'attempt')::integer = r.attempt
      )
    -- A run that is being finalized or released right now is no longer held a moment later.
    for update skip locked
  loop
    v_counted := (select least(count(*), 1) from public.agent_run_attempts a
      where a.run_id = v_run.id and a.reason = 'reply_lost');
    -- guards G11: lost replies
    update public.agent_runs r set infra_retries = r.infra_retries + v_counted where r.id = v_run.id
    returning * into v_run;
    if v_run.cancel_requested_at is not null then
      v_run := private.mark_finalized(v_run.id, 'cancelled', p_outcome => v_lost);
    elsif v_run.infra_retries >= v_policy.max_infra_retries then
      v_run := private.mark_finalized(v_run.id, 'failed', '{"error_code": "worker_lost"}', v_lost);
    else
      v_run := private.mark_released(v_run.id, 'reply_lost', now(), p_outcome => v_lost);
    end if;
    if v_run.status = 'running' then
      v_released := v_released || jsonb_build_object('id', v_run.id, 'attempt', v_run.attempt);
    else
      v_ended := v_ended || jsonb_build_object('id', v_run.id, 'attempt', v_run.attempt);
    end if;
  end loop;
  return jsonb_build_object('ended', v_ended, 'released', v_released);
end $$;

grant execute on function public.reconcile_worker(uuid, jsonb) to service_role;
