-- Leases and claims. A worker process renews its lease each second, and may claim queued runs while
-- the lease holds. Each claim is a new attempt; its number fences every later write.

-- Renews the worker's lease, or begins it. `lost` is final: the process starts again under a new id
-- and finalizes nothing. `held` and `cancel` are the runs that the ledger believes it works on.
create function public.heartbeat_worker(p_worker_id uuid) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v_lease interval := (select p.lease from private.run_policy p);
begin
  insert into public.workers as w (id, lease_expires_at) values (p_worker_id, now() + v_lease)
  on conflict (id) do update set
    lease_expires_at = now() + v_lease,
    -- After a gap the worker counts as new and may take over no runs until a lease has passed. Half a
    -- lease is already a gap: when the database was unavailable for a little less than a lease, some
    -- leases have expired and others have not.
    alive_since = case when w.lease_expires_at < now() + v_lease / 2 then now() else w.alive_since end
  where w.lost_at is null;
  if not found then
    return jsonb_build_object('lost', true, 'held', 0, 'cancel', '[]'::jsonb);
  end if;

  return (
    select jsonb_build_object(
      'lost', false,
      'held', count(*),
      'cancel', coalesce(
        jsonb_agg(jsonb_build_object('id', r.id, 'attempt', r.attempt))
          -- guards G10: without the hint
          filter (where r.cancel_requested_at is not null), '[]'))
    from public.agent_runs r
    where r.worker_id = p_worker_id and r.phase = 'active'
  );
end $$;

-- Whether it is too late to start the run. The sweep ends such runs.
create function private.is_overdue(p_run public.agent_runs) returns boolean
language plpgsql stable set search_path = ''
as $$
begin
  return case when p_run.started_at is null then p_run.expires_at <= now() else p_run.deadline_at <= now() end;
end $$;

-- Why a run cannot be claimed; null when it can. Whatever the reason, the job is done.
create function private.refused_claim(p_run public.agent_runs) returns text
language plpgsql stable set search_path = ''
as $$
begin
  return case
    when p_run.id is null then 'missing'
    when p_run.status = 'cancelled' then 'cancelled'
    -- guards G3, G11
    when p_run.status <> 'running' then 'terminal'
    when p_run.phase = 'active' then 'held'
    when p_run.cancel_requested_at is not null then 'cancelled'
    when private.is_overdue(p_run) then 'expired'
  end;
end $$;

-- While this lock is held the sweep cannot mark the worker lost. It therefore sees the claim.
create function private.lock_living_worker(p_worker_id uuid) returns boolean
language plpgsql set search_path = ''
as $$
begin
  perform from public.workers w
  -- guards G5: living worker
  where w.id = p_worker_id and w.lost_at is null and w.lease_expires_at > now()
  for key share;
  return found;
end $$;

-- Begins an attempt of a run that the caller has locked, and returns what its worker needs.
create function private.begin_attempt(
  p_run_id uuid, p_worker_id uuid, p_slot_charge double precision, p_lane_id integer default null)
returns jsonb
language plpgsql set search_path = ''
as $$
declare
  v_run public.agent_runs;
begin
  update public.agent_runs r set
    phase = 'active',
    attempt = r.attempt + 1,
    worker_id = p_worker_id,
    claimed_at = now(),
    started_at = coalesce(r.started_at, now()),
    queued_ms = coalesce(r.queued_ms, private.ms_since(r.created_at)),
    deadline_at = coalesce(r.deadline_at, now() + (select p.work_limit from private.run_policy p)),
    enqueue_after = null,
    not_before = null,
    slot_charge = p_slot_charge,
    lane_id = p_lane_id,
    -- The text of the previous attempt is superseded from here on.
    output_text = null,
    text_length = 0,
    truncated = false
  where r.id = p_run_id
  returning * into v_run;
  perform private.open_attempt(v_run);
  return jsonb_build_object('kind', 'claimed', 'run', to_jsonb(v_run),
    'has_budget', private.has_budget(v_run.tenant_id), 'workspace', (
    select jsonb_build_object('id', w.id, 'name', w.name,
      'time_zone', w.time_zone, 'currency', w.currency, 'language', w.language)
    from public.workspaces w where w.id = v_run.workspace_id));
end $$;

-- Claims one run by its id, whoever's turn it is: how tests get a run into a worker's hands.
create function public.claim_run(p_run_id uuid, p_worker_id uuid) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v_run public.agent_runs;
  v_refusal text;
begin
  if not private.lock_living_worker(p_worker_id) then
    return jsonb_build_object('kind', 'worker_lost');
  end if;
  -- Decided on the locked row, so that the answer is true at the moment of the refusal.
  select r.* into v_run from public.agent_runs r where r.id = p_run_id for update;
  v_refusal := private.refused_claim(v_run);
  if v_refusal is not null then
    return jsonb_strip_nulls(jsonb_build_object('kind', v_refusal, 'attempt', v_run.attempt));
  end if;
  return private.begin_attempt(p_run_id, p_worker_id, 0);
end $$;

-- The next run of a tenant, locked; null if it has none that may start. A run that somebody else has
-- locked is being cancelled or swept.
create function private.take_next_run(p_tenant_id uuid) returns uuid
language plpgsql set search_path = ''
as $$
begin
  return (
    select r.id from public.agent_runs r
    where r.tenant_id = p_tenant_id and r.phase = 'queued' and private.may_start(r)
    order by r.priority desc, r.created_at, r.id limit 1
    for update skip locked
  );
end $$;

-- Claims the next run of a tenant whose row the caller has locked; null if it may have none now, which its
-- row then says. A tenant that runs as much as it may has more only when p_is_over_cap.
create function private.claim_of_tenant(
  p_flow private.tenant_flow, p_worker_id uuid, p_is_over_cap boolean, p_lane jsonb)
returns jsonb
language plpgsql set search_path = ''
as $$
declare
  v_limits private.tenant_limits := private.limits_of(p_flow.tenant_id);
  -- guards G27: cap
  v_running integer := private.count_running(p_flow.tenant_id, v_limits.max_running);
  v_run_id uuid;
  v_claim jsonb;
begin
  if v_running >= v_limits.max_running and not p_is_over_cap then
    update private.tenant_flow f set capped = true where f.tenant_id = p_flow.tenant_id;
    return null;
  end if;
  v_run_id := private.take_next_run(p_flow.tenant_id);
  if v_run_id is not null then
    if p_lane ->> 'kind' = 'gated' and not private.enter_lane((p_lane ->> 'id')::integer) then
      return '{"kind": "again"}';
    end if;
    v_claim := private.begin_attempt(v_run_id, p_worker_id, p_flow.mean_seconds, (p_lane ->> 'id')::integer);
  end if;
  update private.tenant_flow f set
    -- guards G27: charge
    vtime = f.vtime + case when v_run_id is null then 0 else f.mean_seconds / v_limits.weight end,
    -- Without a run it still waits if somebody else has locked the one that may start.
    -- guards G27: locked run
    waiting = private.has_next_run(f.tenant_id),
    capped = v_running + (v_run_id is not null)::integer >= v_limits.max_running
  where f.tenant_id = p_flow.tenant_id;
  return v_claim;
end $$;

-- Claims of the tenant that is furthest behind, and of the next if that has no run that may start. Null if
-- nobody waits. A tenant that another claim has locked is passed over; the claim waits for one only if all
-- of them are, and while it holds none itself.
create function private.claim_in_turn(
  p_worker_id uuid, p_tenants uuid[], p_may_wait boolean, p_lane jsonb)
returns jsonb
language plpgsql set search_path = ''
as $$
declare
  v_again constant jsonb := '{"kind": "again"}';
  v_first private.tenant_flow;
  v_next private.tenant_flow;
  v_flow private.tenant_flow;
  v_claim jsonb;
  v_holds boolean := false;
begin
  for v_next in
    select f.* from private.tenant_flow f
    where f.waiting and (p_tenants is null or f.tenant_id = any (p_tenants))
    -- guards G27: turn
    order by f.capped, f.vtime, f.tenant_id
    limit 30
  loop
    -- Whoever runs as much as it may comes only when no other waits.
    exit when v_next.capped and not v_first.capped;
    if v_first.tenant_id is null then
      v_first := v_next;
    end if;
    select f.* into v_flow from private.tenant_flow f where f.tenant_id = v_next.tenant_id
    for no key update skip locked;
    continue when not found;
    v_holds := true;
    -- It may have changed since it was read.
    continue when not v_flow.waiting or v_flow.capped and not v_next.capped;
    v_claim := private.claim_of_tenant(v_flow, p_worker_id, v_flow.capped, p_lane);
    if v_claim is not null then
      return v_claim;
    end if;
  end loop;
  if v_first.tenant_id is null then
    return null;
  elsif v_holds or not p_may_wait then
    return v_again;
  end if;
  select f.* into v_flow from private.tenant_flow f where f.tenant_id = v_first.tenant_id for no key update;
  if not v_flow.waiting or v_flow.capped and not v_first.capped then
    return v_again;
  end if;
  return coalesce(private.claim_of_tenant(v_flow, p_worker_id, v_flow.capped, p_lane), v_again);
end $$;

-- Claims the run whose turn it is (27_tenant_flow.sql). Answers `claimed` with the run, `empty`, `again`
-- (nothing was found, and the caller should ask once more), `paused` with the time until which the
-- gateway of this lane takes nothing, or `worker_lost`. p_tenants: a worker of these tenants alone.
create function public.claim_next(p_worker_id uuid, p_lane text default null, p_tenants uuid[] default null)
returns jsonb
language plpgsql security definer set search_path = ''
-- The plan for any tenant is the plan for all of them, however the tables looked when it was made.
set plan_cache_mode = 'force_generic_plan' set enable_seqscan = off
as $$
declare
  v_lane jsonb := private.look_at_lane(p_lane);
  v_answer jsonb;
begin
  if not private.lock_living_worker(p_worker_id) then
    return jsonb_build_object('kind', 'worker_lost');
  end if;
  if v_lane ->> 'kind' = 'paused' then
    return v_lane || jsonb_build_object('wait_ms', greatest(0, -private.ms_since((v_lane ->> 'until')::timestamptz)));
  end if;
  v_answer := private.claim_in_turn(p_worker_id, p_tenants, true, v_lane);
  if v_answer is null and private.wake_due_tenants(1, p_tenants) > 0 then
    v_answer := private.claim_in_turn(p_worker_id, p_tenants, false, v_lane);
  end if;
  if v_answer ->> 'kind' = 'claimed' then
    -- Whether the beginning of its answer may open the lane.
    return v_answer || jsonb_build_object('lane', p_lane, 'gated', v_lane ->> 'kind' = 'gated');
  end if;
  return coalesce(v_answer, '{"kind": "empty"}');
end $$;

grant execute on function public.heartbeat_worker(uuid), public.claim_run(uuid, uuid),
  public.claim_next(uuid, text, uuid[]) to service_role;
