-- What workers report of a gateway, and what follows for its lane (28_gateway_lanes.sql). A worker reports
-- before it ends or releases the run, so that no other run starts in between.

-- At most one probe a second; a gateway that says when is asked then, one that does not soon.
create function private.pause_after_rate_limit(p_lane private.gateway_lanes, p_report jsonb)
returns interval
language plpgsql volatile set search_path = ''
as $$
declare
  v_policy private.run_policy;
  v_asked interval := (p_report ->> 'retry_after_ms')::numeric * interval '1 millisecond';
  v_backoff interval;
begin
  select p.* into v_policy from private.run_policy p;
  -- Spread, so that lanes that were refused together do not probe together.
  v_backoff := least(v_policy.lane_pause_max, v_policy.lane_pause_min * power(2, least(p_lane.pauses, 10)))
    * (0.5 + random() / 2);
  -- guards G28: pause
  return greatest(v_policy.lane_pause_min, least(v_policy.release_delay_max, coalesce(v_asked, v_backoff)));
end $$;

create function private.pause_lane(p_lane private.gateway_lanes, p_reason text, p_for interval)
returns void
language plpgsql set search_path = ''
as $$
begin
  update private.gateway_lanes l set
    reason = p_reason,
    paused_at = now(),
    paused_until = now() + p_for,
    pauses = l.pauses + 1,
    probing = false,
    reopened_at = null,
    failures = 0,
    failing_since = null
  where l.id = p_lane.id;
end $$;

-- Reports of calls that were under way when the lane was paused change nothing but a later time.
create function private.is_resting(p_lane private.gateway_lanes) returns boolean
language plpgsql stable set search_path = ''
as $$
begin
  return coalesce(p_lane.paused_until > now() and not p_lane.probing, false);
end $$;

create function private.report_rate_limit(p_lane private.gateway_lanes, p_report jsonb) returns void
language plpgsql set search_path = ''
as $$
declare
  v_for interval := private.pause_after_rate_limit(p_lane, p_report);
  v_running integer := private.count_in_lane(p_lane.id, null);
  v_allowance integer := private.lane_allowance(p_lane);
begin
  if private.is_resting(p_lane) then
    update private.gateway_lanes l set paused_until = greatest(l.paused_until, now() + v_for)
    where l.id = p_lane.id and l.reason = 'rate_limited' and p_report ? 'retry_after_ms';
    return;
  end if;
  perform private.pause_lane(p_lane, 'rate_limited', v_for);
  update private.gateway_lanes l set worked_running = greatest(1, case
    -- The probe was refused, which says nothing new.
    when p_lane.paused_until is not null then coalesce(p_lane.worked_running, v_running)
    -- guards G28: multiplicative decrease
    when v_allowance is not null then least(v_running, v_allowance) * 3 / 4
    else v_running - 1
  end)
  where l.id = p_lane.id;
end $$;

-- Nobody pays: that holds for all models of the key.
create function private.report_unpaid(p_lane private.gateway_lanes) returns void
language plpgsql set search_path = ''
as $$
declare
  v_for interval := (select p.lane_unpaid_pause from private.run_policy p);
  v_lane private.gateway_lanes;
begin
  for v_lane in select l.* from private.gateway_lanes l where l.gateway = p_lane.gateway loop
    if not (private.is_resting(v_lane) and v_lane.reason = 'payment_required') then
      perform private.pause_lane(v_lane, 'payment_required', v_for);
    end if;
  end loop;
end $$;

-- A call failed before any text. Some in a row, by whichever workers, break the model for a while.
create function private.report_failure(p_lane private.gateway_lanes, p_code text) returns void
language plpgsql set search_path = ''
as $$
declare
  v_policy private.run_policy;
  v_failures integer;
begin
  if private.is_resting(p_lane) then
    return;
  end if;
  select p.* into v_policy from private.run_policy p;
  v_failures := 1 + case
    when p_lane.failing_since > now() - v_policy.lane_failures_within then p_lane.failures else 0 end;
  -- guards G28: broken model
  if v_failures >= v_policy.lane_failures or p_lane.paused_until is not null then
    perform private.pause_lane(p_lane, p_code, least(v_policy.lane_broken_pause_max,
      v_policy.lane_broken_pause * power(2, least(p_lane.pauses, 10))));
  else
    update private.gateway_lanes l set
      failures = v_failures,
      failing_since = case when v_failures = 1 then now() else l.failing_since end
    where l.id = p_lane.id;
  end if;
end $$;

-- An answer began. Only one that was asked for after the pause began shows that it may end.
create function private.report_work(p_lane private.gateway_lanes, p_run_id uuid) returns void
language plpgsql set search_path = ''
as $$
begin
  update private.gateway_lanes l set failures = 0, failing_since = null
  where l.id = p_lane.id and l.failures > 0;
  -- guards G28: proof of a probe
  if not exists (select from public.agent_runs r where r.id = p_run_id and r.claimed_at > p_lane.paused_at) then
    return;
  end if;
  update private.gateway_lanes l set
    reason = null, paused_at = null, paused_until = null, pauses = 0, probing = false,
    reopened_at = case when l.reason = 'rate_limited' then now() end,
    max_running = greatest(1, private.count_in_lane(l.id, null)),
    worked_running = coalesce(l.worked_running, 1)
  where l.id = p_lane.id
    or (l.gateway = p_lane.gateway and l.reason = 'payment_required' and p_lane.reason = l.reason);
end $$;

-- p_report is {lane, kind, code?, retry_after_ms?, run_id?}. Answers with the lane's state; null for a lane that
-- no worker watches, and that is nobody's.
create function public.report_lane(p_report jsonb) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v_lane private.gateway_lanes;
begin
  -- All of the gateway, in one order: what is reported of one may concern the others.
  perform from private.gateway_lanes l where l.gateway = split_part(p_report ->> 'lane', ':', 1)
  order by l.lane for no key update;
  select l.* into v_lane from private.gateway_lanes l where l.lane = p_report ->> 'lane';
  if not found then
    return 'null';
  end if;
  case p_report ->> 'kind'
    when 'rate_limited' then perform private.report_rate_limit(v_lane, p_report);
    when 'payment_required' then perform private.report_unpaid(v_lane);
    when 'failed' then perform private.report_failure(v_lane, p_report ->> 'code');
    when 'worked' then perform private.report_work(v_lane, (p_report ->> 'run_id')::uuid);
    else raise exception using errcode = 'PT400', message = 'invalid_request',
      hint = 'kind must be rate_limited, payment_required, failed or worked.';
  end case;
  return private.watched_lanes(array[v_lane.lane]) -> 0;
end $$;
grant execute on function public.report_lane(jsonb) to service_role;

-- Runs whose callers wait at a screen and do not want to wait for the gateway: they end at once while the
-- whole pool is paused. Only the sweep calls this.
create function private.fail_impatient_runs() returns setof public.agent_runs
language plpgsql set search_path = ''
as $$
declare
  v_reason text := private.pool_pause() ->> 'reason';
  v_run public.agent_runs;
begin
  if v_reason is null or v_reason not in ('rate_limited', 'payment_required') then
    return;
  end if;
  for v_run in
    select r.* from public.agent_runs r
    where r.phase = 'queued' and r.on_rate_limit = 'fail'
    limit (select p.sweep_batch from private.run_policy p)
    for update skip locked
  loop
    return next private.mark_finalized(v_run.id, 'failed', jsonb_build_object('error_code', v_reason));
  end loop;
end $$;
