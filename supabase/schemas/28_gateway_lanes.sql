-- Lanes: one for each key and model of a gateway, shared by all workers that use it. What one worker
-- learns of a gateway holds for all of them: that it asks to wait, that it wants to be paid, that a model
-- is down.
--
-- A lane is open, and then it costs a claim one look and no lock. It is paused when the gateway refuses;
-- after the pause one claim probes, and nobody else starts until the probe's answer begins. After a rate
-- limit the lane is limited for a while: the number of its runs doubles up to what worked before, then
-- grows by steps, and a refusal meanwhile cuts it (46_lane_reports.sql).
--
-- Locks: a claim that holds a tenant's row never waits for a lane. A report waits for its lane, before its
-- run moves and so before any tenant's row.

create table private.gateway_lanes (
  lane text primary key check (lane ~ '^[0-9a-f]{16}:.{1,200}$'),
  id integer not null generated always as identity unique,
  gateway text not null,
  model text not null,
  rank smallint not null,
  seen_at timestamptz not null default now(),
  reason text check (reason in ('rate_limited', 'payment_required', 'gateway_error', 'gateway_timeout')),
  paused_at timestamptz,
  paused_until timestamptz,
  pauses integer not null default 0,
  probing boolean not null default false,
  reopened_at timestamptz,
  max_running integer check (max_running > 0),
  worked_running integer check (worked_running > 0),
  failures integer not null default 0,
  failing_since timestamptz,
  constraint gateway_lanes_pause_is_whole check (
    (paused_until is null) = (reason is null) and (paused_until is null) = (paused_at is null)),
  constraint gateway_lanes_limit_is_whole check (
    reopened_at is null or num_nulls(max_running, worked_running) = 0)
)
-- A few rows that change often while a gateway fails.
with (fillfactor = 50);
alter table private.gateway_lanes enable row level security;

comment on column private.gateway_lanes.lane is
  'The gateway and the model as its workers name them. The gateway is a hash of its address and key.';
comment on column private.gateway_lanes.rank is 'The place of the model among those of its workers.';
comment on column private.gateway_lanes.seen_at is 'When a worker last said that it uses the lane.';
comment on column private.gateway_lanes.paused_until is
  'Nothing starts before. Then one claim probes, and until its end the time is that of the next probe.';
comment on column private.gateway_lanes.pauses is 'In a row, without an answer between them.';
comment on column private.gateway_lanes.reopened_at is 'Since when the lane is limited.';
comment on column private.gateway_lanes.max_running is 'How many ran when it was reopened.';
comment on column private.gateway_lanes.worked_running is 'How many ran before the gateway refused.';
comment on column private.gateway_lanes.failures is 'Of calls in a row, before any text.';

create function private.count_in_lane(p_lane_id integer, p_enough integer) returns integer
language plpgsql stable set search_path = ''
as $$
begin
  return (select count(*) from (
    select from public.agent_runs r where r.phase = 'active' and r.lane_id = p_lane_id limit p_enough
  ) enough);
end $$;

-- How many runs of a limited lane may be active; null when any number may.
create function private.lane_allowance(p_lane private.gateway_lanes) returns integer
language plpgsql stable set search_path = ''
as $$
declare
  v_policy private.run_policy;
  v_turns double precision;
  v_doublings double precision;
begin
  select p.* into v_policy from private.run_policy p;
  if p_lane.reopened_at is null or p_lane.reopened_at <= now() - v_policy.lane_trusted_after then
    return null;
  end if;
  v_turns := extract(epoch from now() - p_lane.reopened_at)
    / extract(epoch from v_policy.lane_doubles_every);
  v_doublings := greatest(0, log(2, p_lane.worked_running::numeric / p_lane.max_running));
  if v_turns < v_doublings then
    return floor(p_lane.max_running * power(2, v_turns));
  end if;
  -- guards G28: additive increase
  return p_lane.worked_running
    + floor((v_turns - v_doublings) * greatest(1, p_lane.worked_running / 10.0));
end $$;

-- Whether workers use their next model meanwhile.
create function private.is_broken(p_lane private.gateway_lanes) returns boolean
language plpgsql stable set search_path = ''
as $$
begin
  return coalesce(p_lane.paused_until > now(), false) and p_lane.reason in ('gateway_error', 'gateway_timeout');
end $$;

-- What a claim may do in a lane that is not open: {kind: gated} to enter it, or {kind: paused, until}.
create function private.judge_lane(p_lane private.gateway_lanes) returns jsonb
language plpgsql stable set search_path = ''
as $$
declare
  v_every interval := (select p.lane_doubles_every from private.run_policy p);
  v_until timestamptz := p_lane.paused_until;
  v_allowance integer;
begin
  if v_until is null then
    v_allowance := private.lane_allowance(p_lane);
    if v_allowance is null then
      return jsonb_build_object('kind', 'open', 'id', p_lane.id);
    end if;
    -- guards G28: limited lane
    if private.count_in_lane(p_lane.id, v_allowance) >= v_allowance then
      v_until := now() + v_every / 4;
    end if;
  elsif v_until > now() and (p_lane.probing or private.is_broken(p_lane)) then
    -- The probe may be answered at any moment, and the worker may use its next model instead.
    v_until := least(v_until, now() + v_every);
  end if;
  -- guards G28: paused lane
  if v_until > now() then
    return jsonb_build_object('kind', 'paused', 'until', v_until);
  end if;
  return jsonb_build_object('kind', 'gated', 'id', p_lane.id);
end $$;

-- {kind: open}, and nothing else need be asked; or as judge_lane answers. Takes no lock.
create function private.look_at_lane(p_lane text) returns jsonb
language plpgsql stable set search_path = ''
as $$
declare
  v_lane private.gateway_lanes;
begin
  select l.* into v_lane from private.gateway_lanes l where l.lane = p_lane;
  if v_lane.paused_until is null and v_lane.reopened_at is null then
    return jsonb_build_object('kind', 'open', 'id', v_lane.id);
  end if;
  return private.judge_lane(v_lane);
end $$;

-- Whether a claim that has found its run may start it in a gated lane; after a pause it is the probe.
-- Another claim may be entering just now: to wait for it could be a deadlock, since this one holds the row
-- of a tenant.
create function private.enter_lane(p_lane_id integer) returns boolean
language plpgsql set search_path = ''
as $$
declare
  v_lane private.gateway_lanes;
begin
  select l.* into v_lane from private.gateway_lanes l where l.id = p_lane_id
  -- guards G28: one at a time
  for no key update skip locked;
  if not found or private.judge_lane(v_lane) ->> 'kind' = 'paused' then
    return false;
  end if;
  if v_lane.paused_until is not null then
    -- guards G28: one probe
    update private.gateway_lanes l set
      probing = true, paused_until = now() + (select p.lane_probe from private.run_policy p)
    where l.id = p_lane_id;
  end if;
  return true;
end $$;

-- What keeps the whole pool from starting runs: {reason, until}; null when some worker may start one. A
-- worker uses the first of its models that is not broken, and waits for that one.
create function private.pool_pause() returns jsonb
language plpgsql stable set search_path = ''
as $$
declare
  v_pause jsonb;
begin
  with chosen as (
    select distinct on (l.gateway) l.reason, l.paused_until
    from private.gateway_lanes l, private.run_policy p
    where l.seen_at > now() - p.lane_seen_within
    order by l.gateway, private.is_broken(l), l.rank, l.lane
  )
  select jsonb_build_object('reason', c.reason, 'until', c.paused_until) into v_pause
  from chosen c
  where not exists (
    select from chosen o where o.paused_until is null or o.paused_until <= now())
  order by c.paused_until limit 1;
  return v_pause;
end $$;

-- Refuses a run that the gateway would refuse: one that nobody pays for, and one whose caller does not
-- want to wait. Others wait in the queue.
create function private.check_gateway(p_on_rate_limit text) returns void
language plpgsql stable set search_path = ''
as $$
declare
  v_pause jsonb := private.pool_pause();
  v_reason text := v_pause ->> 'reason';
  v_status text := case
    when v_reason = 'payment_required' then 'PT402'
    when v_reason = 'rate_limited' and p_on_rate_limit = 'fail' then 'PT429'
  end;
begin
  if v_status is not null then
    -- guards G16: gateway
    raise exception using errcode = v_status, message = v_reason, detail = jsonb_build_object(
      'message', private.failure_message(v_reason),
      'retry_after', greatest(1, ceil(extract(epoch from (v_pause ->> 'until')::timestamptz - now()))))::text;
  end if;
end $$;

create function private.describe_lane(p_lane private.gateway_lanes) returns jsonb
language plpgsql stable set search_path = ''
as $$
declare
  v_allowance integer := private.lane_allowance(p_lane);
begin
  return jsonb_build_object(
    'model', p_lane.model,
    'state', case
      when p_lane.probing and p_lane.paused_until > now() then 'probing'
      when p_lane.paused_until > now() then 'paused'
      when p_lane.paused_until is not null then 'due'
      when v_allowance is not null then 'limited'
      else 'open'
    end,
    'reason', p_lane.reason,
    'until', p_lane.paused_until,
    'max_running', v_allowance);
end $$;

-- For workers, who choose among them.
create function private.watched_lanes(p_lanes text[]) returns jsonb
language plpgsql stable set search_path = ''
as $$
begin
  return (
    select coalesce(jsonb_agg(private.describe_lane(l)
      || jsonb_build_object('lane', l.lane, 'failures', l.failures) order by l.rank, l.lane), '[]')
    from private.gateway_lanes l where l.lane = any (p_lanes));
end $$;

-- A worker says each second which lanes it uses, in the order of its models, and learns their states.
create function public.watch_lanes(p_lanes text[]) returns jsonb
language plpgsql security definer set search_path = ''
as $$
begin
  insert into private.gateway_lanes (lane, gateway, model, rank)
  select u.lane, split_part(u.lane, ':', 1), substr(u.lane, strpos(u.lane, ':') + 1), u.place
  from unnest(p_lanes) with ordinality u (lane, place)
  where not exists (select from private.gateway_lanes l where l.lane = u.lane)
  order by u.lane
  on conflict do nothing;
  if found then
    delete from private.gateway_lanes l
    where l.seen_at < now() - (select p.forget_workers_after from private.run_policy p);
  end if;
  update private.gateway_lanes l set seen_at = now(), rank = array_position(p_lanes, l.lane)
  where l.lane = any (p_lanes)
    and l.seen_at < now() - (select p.lane_seen_within / 3 from private.run_policy p);
  return private.watched_lanes(p_lanes);
end $$;

-- What an operator and a reader may know of the gateways that are in use: no address and no key.
create function public.gateway_state() returns jsonb
language sql stable security definer set search_path = ''
as $$
  select jsonb_build_object('pause', private.pool_pause(), 'lanes', (
    select coalesce(jsonb_agg(private.describe_lane(l) order by l.gateway, l.rank), '[]')
    from private.gateway_lanes l, private.run_policy p where l.seen_at > now() - p.lane_seen_within))
$$;

grant execute on function public.watch_lanes(text[]) to service_role;
grant execute on function public.gateway_state() to anon, authenticated;
