-- Whose turn it is. A job in the queue says that there is work; the claim decides which run, in the
-- order of start-time fair queueing over the time of slots.
--
-- A tenant has one row. Its virtual time is the slot-seconds that it has used, divided by its weight. The
-- claim takes the waiting tenant that is furthest behind, and charges it what its runs took so far on
-- average; the end of the run corrects that to what it took. Who comes back from idleness begins at the
-- virtual time of now: no credit for time away, no penalty.
--
-- `waiting` and `capped` are hints that heal: the claim looks at the runs, and the sweep wakes tenants.
--
-- Locks: a tenant's row is the last that a transaction waits for, which is why the triggers are deferred
-- to its end. A claim waits for one only while it holds none, and for nothing afterwards. Functions that
-- change several tenants take the sweep's lock first.

create table private.tenant_flow (
  tenant_id uuid primary key,
  vtime double precision not null default 0,
  mean_seconds double precision not null default 30,
  waiting boolean not null default false,
  capped boolean not null default false
)
with (fillfactor = 50);
create index tenant_flow_turn_idx on private.tenant_flow (capped, vtime, tenant_id) where waiting;
create index tenant_flow_vtime_idx on private.tenant_flow (vtime);
alter table private.tenant_flow enable row level security;

comment on column private.tenant_flow.vtime is 'Slot-seconds used, divided by the weight at the time.';
comment on column private.tenant_flow.mean_seconds is
  'What its runs took lately: the charge of the next claim.';
comment on column private.tenant_flow.waiting is 'Has a queued run that may start.';
comment on column private.tenant_flow.capped is
  'Runs as much as it may while others wait.';

create index agent_runs_next_idx
  on public.agent_runs (tenant_id, priority desc, created_at, id) where phase = 'queued';
create index agent_runs_active_idx on public.agent_runs (tenant_id) where phase = 'active';
create index agent_runs_not_before_idx on public.agent_runs (not_before)
  where phase = 'queued' and not_before is not null;

-- Whether a worker may start a queued run now. In plpgsql, whose expressions keep their plan: a function
-- in SQL that takes a row would be planned at each call.
create function private.may_start(p_run public.agent_runs) returns boolean
language plpgsql stable set search_path = ''
as $$
begin
  return (p_run.not_before is null or p_run.not_before <= now())
    and case when p_run.started_at is null then p_run.expires_at > now() else p_run.deadline_at > now() end;
end $$;

create function private.has_next_run(p_tenant_id uuid) returns boolean
language plpgsql stable set search_path = ''
as $$
begin
  return exists (
    select from public.agent_runs r
    where r.tenant_id = p_tenant_id and r.phase = 'queued' and private.may_start(r)
  );
end $$;

-- The virtual time of what a tenant has used up to now: without the part of its charges that its runs have
-- not used yet, and may never use.
create function private.used_so_far(p_flow private.tenant_flow) returns double precision
language plpgsql stable set search_path = ''
as $$
begin
  return p_flow.vtime - coalesce((
    select sum(greatest(0, r.slot_charge - extract(epoch from clock_timestamp() - r.claimed_at)))
    from public.agent_runs r where r.tenant_id = p_flow.tenant_id and r.phase = 'active'), 0)
    / (private.limits_of(p_flow.tenant_id)).weight;
end $$;

-- The virtual time of now: what the tenant whose turn it is has used. A tenant that began at its charges
-- would wait for all of them when they are corrected.
create function private.flow_now() returns double precision
language plpgsql stable set search_path = ''
as $$
declare
  v_flow private.tenant_flow;
begin
  select f.* into v_flow from private.tenant_flow f where f.waiting order by f.capped, f.vtime limit 1;
  if not found then
    select f.* into v_flow from private.tenant_flow f order by f.vtime desc limit 1;
  end if;
  -- guards G27: used so far
  return coalesce(private.used_so_far(v_flow), 0);
end $$;

-- Locks before it looks, so that it comes after a claim that finds nothing just now.
create function private.wake_tenant(p_tenant_id uuid) returns void
language plpgsql set search_path = ''
-- As for a claim: a plan that was made for few tenants would read all of them.
set plan_cache_mode = 'force_generic_plan' set enable_seqscan = off
as $$
begin
  insert into private.tenant_flow (tenant_id) values (p_tenant_id) on conflict do nothing;
  -- guards G27: wake
  perform from private.tenant_flow f where f.tenant_id = p_tenant_id for no key update;
  update private.tenant_flow f set
    waiting = true,
    -- guards G27: no credit
    vtime = greatest(f.vtime, private.flow_now())
  where f.tenant_id = p_tenant_id and not f.waiting and private.has_next_run(p_tenant_id);
end $$;

-- Wakes tenants whose runs have waited for their time. Returns how many.
create function private.wake_due_tenants(p_max integer, p_tenants uuid[]) returns integer
language plpgsql set search_path = ''
as $$
declare
  v_tenant_id uuid;
  v_woken integer := 0;
begin
  for v_tenant_id in
    select distinct r.tenant_id from public.agent_runs r
    left join private.tenant_flow f on f.tenant_id = r.tenant_id
    where r.phase = 'queued' and r.not_before <= now() and private.may_start(r) and f.waiting is not true
      and (p_tenants is null or r.tenant_id = any (p_tenants))
    order by r.tenant_id
    limit p_max
  loop
    perform private.wake_tenant(v_tenant_id);
    v_woken := v_woken + 1;
  end loop;
  return v_woken;
end $$;

-- Whether a worker of these tenants may find a run; null: of all tenants.
create function private.is_anybody_waiting(p_tenants uuid[]) returns boolean
language plpgsql stable set search_path = ''
as $$
begin
  return exists (
    select from private.tenant_flow f
    where f.waiting and (p_tenants is null or f.tenant_id = any (p_tenants))
  );
end $$;

-- Counts up to p_enough.
create function private.count_running(p_tenant_id uuid, p_enough integer) returns integer
language plpgsql stable set search_path = ''
as $$
begin
  return (select count(*) from (
    select from public.agent_runs r where r.tenant_id = p_tenant_id and r.phase = 'active' limit p_enough
  ) enough);
end $$;

-- A slot is free: the tenant pays for what it used beyond the charge, and may come again.
create function private.leave_slot(p_run public.agent_runs) returns void
language plpgsql set search_path = ''
as $$
declare
  v_used double precision := greatest(0, extract(epoch from clock_timestamp() - p_run.claimed_at));
  v_limits private.tenant_limits := private.limits_of(p_run.tenant_id);
begin
  -- Locks before it counts.
  perform private.wake_tenant(p_run.tenant_id);
  update private.tenant_flow f set
    -- guards G27: slot-seconds
    vtime = f.vtime + (v_used - p_run.slot_charge) / v_limits.weight,
    mean_seconds = 0.8 * f.mean_seconds + 0.2 * v_used,
    capped = f.capped
      -- guards G27: uncap
      and private.count_running(p_run.tenant_id, v_limits.max_running) >= v_limits.max_running
  where f.tenant_id = p_run.tenant_id;
end $$;

-- Runs at the end of a transaction, as whoever began it.
create function private.turn_tenant() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
  if tg_op = 'UPDATE' then
    perform private.leave_slot(new);
  else
    perform private.wake_tenant(new.tenant_id);
  end if;
  return null;
end $$;

create constraint trigger turn_tenant_of_queued after insert on public.agent_runs
  deferrable initially deferred
  for each row when (new.phase = 'queued') execute function private.turn_tenant();
create constraint trigger turn_tenant_of_ended after update of phase on public.agent_runs
  deferrable initially deferred
  for each row when (old.phase = 'active' and new.phase <> 'active') execute function private.turn_tenant();
