-- The sweep takes runs from lost workers, ends runs that no worker will end, and adds jobs again.
-- Every worker calls it each second. The first whose turn it is does the work, in bounded batches.

-- Whether a worker may declare others lost: only after it has itself been alive for a whole lease.
-- After an outage of the database all leases have expired, and those that live renew theirs first.
create function private.may_take_over(p_worker_id uuid) returns boolean
language sql stable set search_path = ''
as $$
  select exists (
    select from public.workers w, private.run_policy p
    where w.id = p_worker_id and w.lost_at is null
      -- guards G1: alive for a lease
      and w.lease_expires_at > now() and w.alive_since <= now() - p.lease
  )
$$;

-- True for the worker that moves the sweep's clock forward. A worker too young to take over waits for
-- a second period, in which no older one has come. Otherwise it would use up the turn of a worker that
-- may do everything, and readers of a lost run would wait.
create function private.take_sweep_turn(p_worker_id uuid) returns boolean
language plpgsql set search_path = ''
as $$
declare
  v_every interval := (select p.sweep_every from private.run_policy p);
begin
  if not private.may_take_over(p_worker_id) then
    -- guards G1: leave the turn
    v_every := 2 * v_every;
  end if;
  update private.sweep_state s set at = now() where s.at <= now() - v_every;
  return found;
end $$;

-- One statement, so that one snapshot judges the caller and the others.
create function private.mark_lost_workers(p_worker_id uuid) returns void
language plpgsql set search_path = ''
as $$
declare
  v_policy private.run_policy;
begin
  select p.* into v_policy from private.run_policy p;
  update public.workers w set lost_at = now()
  where w.id in (
    select l.id from public.workers l
    where l.lost_at is null and l.lease_expires_at < now()
      and private.may_take_over(p_worker_id)
    order by l.lease_expires_at
    limit v_policy.sweep_batch
    -- A worker whose claim or heartbeat is in progress is not lost. The next sweep looks again.
    for update of l skip locked
  );
end $$;

-- A statement of its own, so that it sees every claim that was committed before its worker was marked.
create function private.release_from_lost_workers() returns setof public.agent_runs
language plpgsql set search_path = ''
as $$
declare
  v_lost constant jsonb := '{"outcome": "lost", "reason": "worker_lost"}';
  v_policy private.run_policy;
  v_run public.agent_runs;
begin
  select p.* into v_policy from private.run_policy p;
  for v_run in
    select r.* from public.agent_runs r
    where r.phase = 'active'
      and exists (select from public.workers w where w.id = r.worker_id and w.lost_at is not null)
    order by r.claimed_at
    limit v_policy.sweep_batch
    for update of r skip locked
  loop
    update public.agent_runs r set infra_retries = r.infra_retries + 1 where r.id = v_run.id
    returning * into v_run;
    if v_run.cancel_requested_at is not null then
      return next private.mark_finalized(v_run.id, 'cancelled', p_outcome => v_lost);
    -- guards G1: third loss
    elsif v_run.infra_retries >= v_policy.max_infra_retries then
      return next private.mark_finalized(v_run.id, 'failed', '{"error_code": "worker_lost"}', v_lost);
    else
      return next private.mark_released(v_run.id, 'worker_lost', now(), p_outcome => v_lost);
    end if;
  end loop;
end $$;

-- Ends runs that waited or took too long, whoever holds them.
create function private.finalize_overdue_runs() returns setof public.agent_runs
language plpgsql set search_path = ''
as $$
declare
  v_policy private.run_policy;
  v_run public.agent_runs;
begin
  select p.* into v_policy from private.run_policy p;
  for v_run in
    select r.* from public.agent_runs r
    where (r.phase = 'queued' and r.started_at is null and r.expires_at <= now())
      or (r.status = 'running' and r.deadline_at <= now() - v_policy.end_grace)
    limit v_policy.sweep_batch
    for update skip locked
  loop
    if v_run.cancel_requested_at is not null then
      return next private.mark_finalized(v_run.id, 'cancelled');
    else
      return next private.mark_finalized(v_run.id, 'failed', jsonb_build_object('error_code',
        case when v_run.started_at is null then 'expired' else 'deadline_exceeded' end));
    end if;
  end loop;
end $$;

-- The runs whose job is to be added again. A queue that came back empty has lost all of them.
create function private.take_due_runs(p_queue_lost boolean) returns table (id uuid, attempt integer)
language plpgsql set search_path = ''
as $$
declare
  v_policy private.run_policy;
begin
  select p.* into v_policy from private.run_policy p;
  if p_queue_lost then
    update public.agent_runs r set enqueue_after = now(), enqueue_count = 0 where r.phase = 'queued';
  end if;
  return query
  with due as (
    select r.id from public.agent_runs r
    -- guards G1, G13: enqueue again
    where r.phase = 'queued' and r.enqueue_after <= now()
    order by r.enqueue_after
    limit v_policy.sweep_batch
    for update skip locked
  )
  update public.agent_runs r set
    enqueue_count = r.enqueue_count + 1,
    -- Ten doublings exceed any maximum, and an interval cannot overflow.
    -- guards G1, G13: next look
    enqueue_after = now() + least(v_policy.enqueue_backoff_max,
      v_policy.enqueue_backoff * power(2, least(r.enqueue_count, 10)))
  from due where r.id = due.id
  returning r.id, r.attempt;
end $$;

-- Heals the hints by which claims find whose turn it is: the tenants of runs that are due are woken, and
-- a limit that was raised works at once.
create function private.heal_tenant_flow(p_due uuid[]) returns void
language plpgsql set search_path = ''
as $$
declare
  v_batch integer := (select p.sweep_batch from private.run_policy p);
begin
  perform private.wake_due_tenants(v_batch, null);
  perform private.wake_tenant(t.tenant_id) from (
    select distinct r.tenant_id from public.agent_runs r
    left join private.tenant_flow f on f.tenant_id = r.tenant_id
    where r.id = any (p_due) and f.waiting is not true
  ) t;
  update private.tenant_flow f set capped = false
  where f.tenant_id in (
    select c.tenant_id from private.tenant_flow c
    where c.waiting and c.capped
      and private.count_running(c.tenant_id, (private.limits_of(c.tenant_id)).max_running)
        < (private.limits_of(c.tenant_id)).max_running
    limit v_batch
    for no key update skip locked
  );
end $$;

-- Removes lost workers after a day, unless they still hold a run.
create function private.forget_lost_workers() returns void
language sql set search_path = ''
as $$
  delete from public.workers w
  where w.lost_at < now() - (select p.forget_workers_after from private.run_policy p)
    and not exists (select from public.agent_runs r where r.worker_id = w.id and r.phase = 'active')
$$;

-- Returns {swept, ended, enqueue}: the runs whose end to announce, and those whose job to add.
create function public.sweep_runs(p_worker_id uuid, p_queue_lost boolean default false) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v_ended jsonb;
  v_enqueue jsonb;
begin
  if not private.take_sweep_turn(p_worker_id) then
    return jsonb_build_object('swept', false, 'ended', '[]'::jsonb, 'enqueue', '[]'::jsonb);
  end if;

  -- guards G1: lost workers
  perform private.mark_lost_workers(p_worker_id);
  with swept as (
    select * from private.finalize_overdue_runs()
    union all
    select * from private.release_from_lost_workers()
  )
  select coalesce(jsonb_agg(jsonb_build_object('id', s.id, 'attempt', s.attempt, 'status', s.status)), '[]')
  into v_ended from swept s where s.status <> 'running';

  select coalesce(jsonb_agg(jsonb_build_object('id', d.id, 'attempt', d.attempt)), '[]')
  into v_enqueue from private.take_due_runs(coalesce(p_queue_lost, false)) d;

  perform private.forget_lost_workers();
  perform private.forget_expired_keys();
  -- Last, because the rows of tenants are the last for which a transaction waits.
  perform private.heal_tenant_flow(array(select (e ->> 'id')::uuid from jsonb_array_elements(v_enqueue) e));
  return jsonb_build_object('swept', true, 'ended', v_ended, 'enqueue', v_enqueue);
end $$;

grant execute on function public.sweep_runs(uuid, boolean) to service_role;
