-- Budgets: what the runs of a tenant may cost in a day, in a month, and each of them.
--
-- A run reserves when it is accepted. While its answer streams, its worker draws more in steps, before the
-- reserve is used up. When an attempt ends, its cost is booked as spent, and when the run ends, what is
-- left of the reserve returns. Nobody reserves beyond a budget. The gateway's own figures come last and
-- are booked as they are: they may exceed what was reserved, and then the budget by as much.
--
-- Days and months are those of UTC. Everything that a run costs counts in the day and the month in which
-- it was accepted, so that its reserve is found again after midnight.
--
-- Only tenants with a budget have rows here. For all others nothing is locked and nothing is written.
--
-- Locks: the run, then the budgets of its tenant, the month before the day, then its row in tenant_flow.

create table private.budgets (
  -- No reference: what was spent stays spent.
  tenant_id uuid not null,
  period text not null check (period in ('day', 'month')),
  starts_on date not null,
  spent_micros bigint not null check (spent_micros >= 0),
  reserved_micros bigint not null check (reserved_micros >= 0),
  primary key (tenant_id, period, starts_on)
)
with (fillfactor = 50);
alter table private.budgets enable row level security;

comment on column private.budgets.starts_on is 'The first day of the period, in UTC.';
comment on column private.budgets.spent_micros is 'What attempts have cost that have ended.';
comment on column private.budgets.reserved_micros is
  'The sum of reserved_micros over the runs of the period that have not ended.';

-- Whether a budget is set for the tenant or for everybody. Asked for each run, so that it comes before
-- anything that costs more.
create function private.has_budget(p_tenant_id uuid) returns boolean
language plpgsql stable security definer set search_path = ''
as $$
begin
  return exists (
    select from private.tenant_limits l
    where (l.tenant_id is null or l.tenant_id = p_tenant_id)
      and num_nonnulls(l.budget_run_micros, l.budget_day_micros, l.budget_month_micros) > 0
  );
end $$;

-- The periods that have a budget, at that time: the month before the day.
create function private.budget_periods(p_limits private.tenant_limits, p_at timestamptz)
returns table (period text, starts_on date, opens_at timestamptz, cap_micros bigint)
language plpgsql stable set search_path = ''
as $$
declare
  v_at timestamp := p_at at time zone 'UTC';
begin
  return query
  select p.period, date_trunc(p.period, v_at)::date,
    (date_trunc(p.period, v_at) + p.length) at time zone 'UTC', p.cap_micros
  from (values
    ('month', interval '1 month', p_limits.budget_month_micros),
    ('day', interval '1 day', p_limits.budget_day_micros)
  ) as p (period, length, cap_micros)
  where p.cap_micros is not null;
end $$;

-- Begins the periods that have no row yet. A budget that is set in the middle of one counts what the runs
-- of the period have cost and reserved already.
create function private.open_budgets(p_tenant_id uuid, p_limits private.tenant_limits, p_at timestamptz)
returns void
language plpgsql set search_path = ''
as $$
begin
  if not exists (
    select from private.budget_periods(p_limits, p_at) p
    where not exists (
      select from private.budgets b
      where b.tenant_id = p_tenant_id and b.period = p.period and b.starts_on = p.starts_on)
  ) then
    return;
  end if;
  insert into private.budgets (tenant_id, period, starts_on, spent_micros, reserved_micros)
  select p_tenant_id, p.period, p.starts_on, sums.cost_micros, sums.reserved_micros
  from private.budget_periods(p_limits, p_at) p
  cross join lateral (
    select coalesce(sum(r.cost_micros), 0) as cost_micros, coalesce(sum(r.reserved_micros), 0) as reserved_micros
    from public.workspaces w
    join public.agent_runs r on r.workspace_id = w.id
    where coalesce(w.tenant_id, w.id) = p_tenant_id
      and r.created_at >= p.starts_on::timestamp at time zone 'UTC' and r.created_at < p.opens_at
  ) sums
  on conflict do nothing;
end $$;

-- What is left of the tenant's budgets, whose rows are locked: {left, least}. A grant of less than `least`
-- is not worth a call: it is a ten-thousandth of the budget. Null when only runs have a budget.
create function private.lock_budgets(p_tenant_id uuid, p_limits private.tenant_limits, p_at timestamptz)
returns table (left_micros bigint, least_micros bigint)
language plpgsql set search_path = ''
as $$
begin
  perform private.open_budgets(p_tenant_id, p_limits, p_at);
  return query
  select min(l.left_micros), max(l.least_micros)
  from (
    select p.cap_micros - b.spent_micros - b.reserved_micros as left_micros, p.cap_micros / 10000 + 1 as least_micros
    from private.budget_periods(p_limits, p_at) p
    join private.budgets b on b.tenant_id = p_tenant_id and b.period = p.period and b.starts_on = p.starts_on
    order by b.period desc
    -- guards G30: one at a time
    for no key update of b
  ) l;
end $$;

-- Reserves in the budgets of the tenant, and returns how much: what is due, and of what is wanted beyond it
-- no more than a part of what is left, so that runs hold little that others need, when little is left. What
-- is left, when that is less; 0 when it is not worth a call.
create function private.take_budget(
  p_tenant_id uuid, p_limits private.tenant_limits, p_at timestamptz,
  p_due_micros bigint, p_more_micros bigint, p_parts integer)
returns bigint
language plpgsql set search_path = ''
as $$
declare
  v_left bigint;
  v_least bigint;
  v_got bigint := p_due_micros + p_more_micros;
begin
  if v_got <= 0 then
    return 0;
  end if;
  select l.left_micros, l.least_micros into v_left, v_least
  from private.lock_budgets(p_tenant_id, p_limits, p_at) l;
  if v_left is not null then
    if v_left < v_least then
      return 0;
    end if;
    -- guards G30: small steps
    v_got := p_due_micros + least(p_more_micros, greatest(v_left / p_parts, v_least));
    -- guards G30: within the budget
    v_got := least(v_got, v_left);
    perform private.book(p_tenant_id, p_at, 0, v_got);
  end if;
  return v_got;
end $$;

-- Adds to what was spent and to what is reserved in the periods of that time, if they have rows.
create function private.book(
  p_tenant_id uuid, p_at timestamptz, p_spent_micros bigint, p_reserved_micros bigint)
returns void
language plpgsql set search_path = ''
as $$
declare
  v_day date := (p_at at time zone 'UTC')::date;
begin
  if p_spent_micros = 0 and p_reserved_micros = 0 then
    return;
  end if;
  -- One after the other, in the order of all locks.
  for v_period in 0..1 loop
    update private.budgets b set
      spent_micros = b.spent_micros + p_spent_micros,
      -- A wrong count must not keep a run from ending.
      reserved_micros = greatest(0, b.reserved_micros + p_reserved_micros)
    where b.tenant_id = p_tenant_id
      and b.period = case v_period when 0 then 'month' else 'day' end
      and b.starts_on = case v_period when 0 then date_trunc('month', v_day)::date else v_day end;
  end loop;
end $$;

-- What a run of this mode has cost lately in this workspace; null when none was completed yet.
create function private.typical_cost(p_workspace_id uuid, p_mode text) returns bigint
language plpgsql stable set search_path = ''
as $$
begin
  return (
    select nullif(ceil(avg(l.cost_micros)), 0)::bigint
    from (
      select r.cost_micros from public.agent_runs r
      where r.workspace_id = p_workspace_id and r.mode = p_mode and r.status = 'completed'
      order by r.created_at desc, r.id desc
      limit 20
    ) l
  );
end $$;

-- Which budget is used up, and what to do: {budget, cap_micros, left_micros, message}, and for a day and a
-- month also when it opens: {opens_at, retry_after}.
create function private.explain_budget(p_tenant_id uuid, p_limits private.tenant_limits, p_at timestamptz)
returns jsonb
language plpgsql stable set search_path = ''
as $$
declare
  v_ask constant text := ' Ask whoever manages your plan to raise it.';
  v_fullest record;
begin
  select p.*, greatest(0, p.cap_micros - b.spent_micros - b.reserved_micros) as left_micros into v_fullest
  from private.budget_periods(p_limits, p_at) p
  join private.budgets b on b.tenant_id = p_tenant_id and b.period = p.period and b.starts_on = p.starts_on
  where p.cap_micros - b.spent_micros - b.reserved_micros <= p.cap_micros / 10000
  order by p.opens_at desc limit 1;
  if not found then
    return jsonb_build_object('budget', 'run', 'cap_micros', p_limits.budget_run_micros, 'left_micros', 0,
      'message', 'The budget for one run is used up. Ask for less at once.' || v_ask);
  end if;
  return jsonb_build_object(
    'budget', v_fullest.period, 'cap_micros', v_fullest.cap_micros, 'left_micros', v_fullest.left_micros,
    'opens_at', v_fullest.opens_at,
    'retry_after', greatest(1, ceil(extract(epoch from v_fullest.opens_at - now())))::integer,
    'message', format('The budget for AI runs of this %s is used up. It opens again on %s at 00:00 UTC.',
      v_fullest.period, to_char(v_fullest.opens_at at time zone 'UTC', 'YYYY-MM-DD')) || v_ask);
end $$;

-- Reserves what a run of this mode needs at first, or refuses it. Returns the reserve: what such a run costs
-- as a rule, so that what is accepted can end, but no more than a quarter of what is left, so that a rule
-- that is somewhat too high refuses nobody. Without such runs a guess is reserved, or a hundredth of what is
-- left.
create function private.reserve_budget(p_tenant_id uuid, p_workspace_id uuid, p_mode text) returns bigint
language plpgsql set search_path = ''
as $$
declare
  v_limits private.tenant_limits;
  v_typical bigint;
  v_first bigint := (select p.first_reserve_micros from private.run_policy p);
  v_reserve bigint;
begin
  if not private.has_budget(p_tenant_id) then
    return 0;
  end if;
  v_limits := private.limits_of(p_tenant_id);
  if num_nonnulls(v_limits.budget_run_micros, v_limits.budget_day_micros, v_limits.budget_month_micros) = 0 then
    return 0;
  end if;
  v_typical := private.typical_cost(p_workspace_id, p_mode);
  v_reserve := private.take_budget(p_tenant_id, v_limits, now(),
    p_due_micros => 0, p_more_micros => least(v_limits.budget_run_micros, coalesce(v_typical, v_first)),
    p_parts => case when v_typical is null then 100 else 4 end);
  -- guards G30: refused
  if v_reserve = 0 then
    raise exception using errcode = 'PT402', message = 'budget_exceeded',
      detail = private.explain_budget(p_tenant_id, v_limits, now())::text;
  end if;
  return v_reserve;
end $$;

-- Books what an attempt has cost. Returns what stays reserved for the run; nothing when it is over.
create function private.settle_budget(p_run public.agent_runs, p_cost_micros bigint, p_is_over boolean)
returns bigint
language plpgsql set search_path = ''
as $$
declare
  v_kept bigint := case when p_is_over then 0 else greatest(0, p_run.reserved_micros - p_cost_micros) end;
begin
  -- guards G30: settled
  perform private.book(p_run.tenant_id, p_run.created_at, p_cost_micros, v_kept - p_run.reserved_micros);
  return v_kept;
end $$;

-- A deleted run returns its reserve; what its attempt has cost until then was spent.
create function private.settle_deleted_run() returns trigger
language plpgsql set search_path = ''
as $$
begin
  perform private.settle_budget(old,
    case when old.phase = 'active' then (private.cost_of(old, '{}') ->> 'micros')::bigint else 0 end,
    p_is_over => true);
  return old;
end $$;

create trigger settle_deleted_run before delete on public.agent_runs
  for each row when (old.phase <> 'done') execute function private.settle_deleted_run();

-- The calls of an attempt as if its last one had a million more tokens of answer.
create function private.with_longer_answer(p_calls jsonb) returns jsonb
language plpgsql immutable set search_path = ''
as $$
declare
  v_usage jsonb := p_calls -> -1 -> 'usage';
begin
  return jsonb_set(p_calls, '{-1,usage}', v_usage || jsonb_build_object(
    'completion_tokens', (v_usage ->> 'completion_tokens')::bigint + 1000000,
    'total_tokens', (v_usage ->> 'total_tokens')::bigint + 1000000));
end $$;

-- Reserves more for an attempt that streams. p_calls is what the worker has counted so far: its calls as it
-- will report them, the last one with the tokens of its prompt and of its answer. Prices are in SQL alone,
-- so the answer is in tokens: `granted` with the tokens to which the answer of that call may grow (null:
-- any number), `refused` with the reason, or `superseded`.
create function public.draw_budget(p_run_id uuid, p_attempt integer, p_calls jsonb) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  -- guards G30: fence
  v_run public.agent_runs := private.lock_held_run(p_run_id, p_attempt);
  v_limits private.tenant_limits;
  v_used bigint;
  -- Of a million tokens of answer.
  v_price bigint;
  v_due bigint;
  v_want bigint;
  v_got bigint;
  v_tokens bigint;
begin
  if jsonb_typeof(p_calls) is distinct from 'array' or jsonb_array_length(p_calls) = 0 then
    raise exception using errcode = 'PT400', message = 'invalid_request',
      hint = 'p_calls must be the list of calls of the attempt, with their usage.';
  end if;
  if v_run.id is null then
    return '{"kind": "superseded"}';
  end if;
  v_limits := private.limits_of(v_run.tenant_id);
  if num_nonnulls(v_limits.budget_run_micros, v_limits.budget_day_micros, v_limits.budget_month_micros) = 0 then
    return '{"kind": "granted", "tokens": null}';
  end if;

  -- What is billed if the worker is lost.
  update public.agent_run_attempts a set calls = jsonb_set(p_calls, '{-1,estimated}', 'true')
  where a.run_id = v_run.id and a.attempt = v_run.attempt;
  v_used := (private.cost_of(v_run, jsonb_build_object('calls', p_calls)) ->> 'micros')::bigint;
  v_price := (private.cost_of(v_run, jsonb_build_object('calls', private.with_longer_answer(p_calls)))
    ->> 'micros')::bigint - v_used;
  -- Two or three pieces of an answer; less would not be worth a call.
  v_due := greatest(0, v_used + v_price * 8 / 1000000 - v_run.reserved_micros);
  v_want := v_used - v_run.reserved_micros + 1 + coalesce(private.typical_cost(v_run.workspace_id, v_run.mode),
    (select p.first_reserve_micros from private.run_policy p)) / 5;
  -- What one run may cost holds for all of its attempts.
  v_want := least(greatest(v_due, v_want), v_limits.budget_run_micros - v_run.cost_micros - v_run.reserved_micros);
  v_got := private.take_budget(v_run.tenant_id, v_limits, v_run.created_at,
    p_due_micros => least(v_due, v_want), p_more_micros => greatest(0, v_want - v_due), p_parts => 100);
  if v_got > 0 then
    update public.agent_runs r set reserved_micros = r.reserved_micros + v_got where r.id = v_run.id;
  end if;

  v_tokens := (v_run.reserved_micros + v_got - v_used) * 1000000 / nullif(v_price, 0);
  -- guards G30: drawn
  if v_tokens < 1 or v_run.reserved_micros + v_got < v_used then
    return jsonb_build_object('kind', 'refused')
      || private.explain_budget(v_run.tenant_id, v_limits, v_run.created_at);
  end if;
  return jsonb_build_object('kind', 'granted', 'tokens',
    v_tokens + (p_calls -> -1 -> 'usage' ->> 'completion_tokens')::bigint);
end $$;

grant execute on function public.draw_budget(uuid, integer, jsonb) to service_role;
