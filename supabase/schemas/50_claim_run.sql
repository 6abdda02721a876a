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
language sql stable set search_path = ''
as $$
  select case when p_run.started_at is null then p_run.expires_at <= now() else p_run.deadline_at <= now() end
$$;

-- Why a run cannot be claimed; null when it can. Whatever the reason, the job is done.
create function private.refused_claim(p_run public.agent_runs) returns text
language sql stable set search_path = ''
as $$
  select case
    when p_run.id is null then 'missing'
    when p_run.status = 'cancelled' then 'cancelled'
    -- guards G3, G11
    when p_run.status <> 'running' then 'terminal'
    when p_run.phase = 'active' then 'held'
    when p_run.cancel_requested_at is not null then 'cancelled'
    when private.is_overdue(p_run) then 'expired'
  end
$$;

create function public.claim_run(p_run_id uuid, p_worker_id uuid) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v_run public.agent_runs;
  v_refusal text;
begin
  -- While this lock is held the sweep cannot mark the worker lost. It therefore sees the claim.
  perform from public.workers w
  -- guards G5: living worker
  where w.id = p_worker_id and w.lost_at is null and w.lease_expires_at > now()
  for key share;
  if not found then
    return jsonb_build_object('kind', 'worker_lost');
  end if;

  -- Decided on the locked row, so that the answer is true at the moment of the refusal.
  select r.* into v_run from public.agent_runs r where r.id = p_run_id for update;
  v_refusal := private.refused_claim(v_run);
  if v_refusal is not null then
    return jsonb_strip_nulls(jsonb_build_object('kind', v_refusal, 'attempt', v_run.attempt));
  end if;

  update public.agent_runs r set
    phase = 'active',
    attempt = r.attempt + 1,
    worker_id = p_worker_id,
    claimed_at = now(),
    started_at = coalesce(r.started_at, now()),
    queued_ms = coalesce(r.queued_ms, private.ms_since(r.created_at)),
    deadline_at = coalesce(r.deadline_at, now() + (select p.work_limit from private.run_policy p)),
    enqueue_after = null,
    -- The text of the previous attempt is superseded from here on.
    output_text = null,
    text_length = 0,
    truncated = false
  where r.id = p_run_id
  returning * into v_run;
  perform private.open_attempt(v_run);

  return jsonb_build_object('kind', 'claimed', 'run', to_jsonb(v_run), 'workspace', (
    select jsonb_build_object('id', w.id, 'name', w.name,
      'time_zone', w.time_zone, 'currency', w.currency, 'language', w.language)
    from public.workspaces w where w.id = v_run.workspace_id));
end $$;

grant execute on function public.heartbeat_worker(uuid), public.claim_run(uuid, uuid) to service_role;
