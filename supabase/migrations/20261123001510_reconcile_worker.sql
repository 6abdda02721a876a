-- A claim whose reply was lost: the ledger says that a living worker holds a run, and the worker
-- has never heard of it. The beat's count shows the difference, and here the worker puts it right.
--
-- p_held is the list of {id, attempt} that the worker works on. An entry without an attempt is a
-- claim of which the worker awaits the answer. What the ledger has beyond the list, claimed long
-- enough ago, goes back into the queue and is due at once.
--
-- This counts as no retry: nobody worked on the run. It can happen to a run again and again only
-- until its time limit, which its first claim has set.

create function public.reconcile_worker(p_worker_id uuid, p_held jsonb) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v_policy private.run_policy;
  v_run public.agent_runs;
  v_ended jsonb := '[]';
  v_requeued jsonb := '[]';
begin
  -- A list that is missing is not an empty one: it would give away all that the worker holds.
  if p_held is null or jsonb_typeof(p_held) <> 'array' then
    raise exception using errcode = 'PT400', message = 'invalid_request',
      hint = 'p_held is the list of {id, attempt} that the worker holds.';
  end if;
  select p.* into v_policy from private.run_policy p;

  for v_run in
    select r.* from public.agent_runs r
    where r.worker_id = p_worker_id and r.phase = 'active'
      and r.claimed_at <= now() - v_policy.reconcile_after
      and not exists (
        select from jsonb_array_elements(p_held) h
        where (h ->> 'id')::uuid = r.id and coalesce((h ->> 'attempt')::integer, r.attempt) = r.attempt
      )
    -- A run that is being settled right now is no longer held a moment later.
    for update skip locked
  loop
    perform private.close_attempt(v_run, '{"outcome": "lost", "reason": "reply_lost"}', '{}');
    if v_run.cancel_requested_at is not null then
      v_run := private.end_run(v_run.id, 'cancelled');
      v_ended := v_ended || jsonb_build_object('id', v_run.id, 'attempt', v_run.attempt);
    else
      v_run := private.requeue_run(v_run.id, 'reply_lost', now());
      v_requeued := v_requeued || jsonb_build_object('id', v_run.id, 'attempt', v_run.attempt);
    end if;
  end loop;
  return jsonb_build_object('ended', v_ended, 'requeued', v_requeued);
end $$;

revoke all on function public.reconcile_worker(uuid, jsonb)
  from public, anon, authenticated, service_role;
grant execute on function public.reconcile_worker(uuid, jsonb) to service_role;
