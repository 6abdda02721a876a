-- Whose turn it is to sweep. A worker too young to take over from the lost may still end what is
-- overdue and enqueue what is due, but it must not use up the turn of one that may do all of it:
-- a worker that has just been restarted would make readers of a lost run wait.

create function private.may_take_over(p_worker_id uuid) returns boolean
language sql stable set search_path = ''
as $$
  select exists (
    select from public.workers w, private.run_policy p
    where w.id = p_worker_id and w.lost_at is null
      and w.lease_expires_at > now() and w.alive_since <= now() - p.lease
  )
$$;

-- True for whoever moves the sweep's clock forward. The young wait for a second period to pass:
-- then no elder has come by.
create function private.take_sweep_turn(p_worker_id uuid) returns boolean
language plpgsql set search_path = ''
as $$
declare
  v_every interval := (select p.sweep_every from private.run_policy p);
begin
  if not private.may_take_over(p_worker_id) then
    v_every := 2 * v_every;
  end if;
  update private.sweep_state s set at = now() where s.at <= now() - v_every;
  return found;
end $$;

-- As before, but that who may is asked where the turn is given as well. One statement, so that
-- the caller is judged by the same look at the table as the others.
create or replace function private.mark_lost_workers(p_worker_id uuid) returns void
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
    -- A worker that is claiming or beating right now is not lost; it is looked at again.
    for update of l skip locked
  );
end $$;

create or replace function public.sweep_runs(p_worker_id uuid, p_queue_lost boolean default false)
returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v_policy private.run_policy;
  v_ended jsonb;
  v_enqueue jsonb;
begin
  if not private.take_sweep_turn(p_worker_id) then
    return jsonb_build_object('swept', false, 'ended', '[]'::jsonb, 'enqueue', '[]'::jsonb);
  end if;
  select p.* into v_policy from private.run_policy p;

  perform private.mark_lost_workers(p_worker_id);
  with swept as (
    select * from private.end_overdue_runs()
    union all
    select * from private.take_from_lost_workers()
  )
  select coalesce(jsonb_agg(jsonb_build_object('id', s.id, 'attempt', s.attempt, 'status', s.status)), '[]')
  into v_ended from swept s where s.status <> 'running';

  select coalesce(jsonb_agg(jsonb_build_object('id', d.id, 'attempt', d.attempt)), '[]')
  into v_enqueue from private.take_due_runs(coalesce(p_queue_lost, false)) d;

  delete from public.workers w
  where w.lost_at < now() - v_policy.forget_workers_after
    and not exists (select from public.agent_runs r where r.worker_id = w.id and r.phase = 'active');
  return jsonb_build_object('swept', true, 'ended', v_ended, 'enqueue', v_enqueue);
end $$;

revoke all on all functions in schema private from public;
