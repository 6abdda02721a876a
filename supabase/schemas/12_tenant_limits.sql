-- What a tenant may use, in one place. The row without a tenant holds the defaults. A tenant's own row
-- overrides them column by column, until its end if it has one. Every decision reads the rows anew, so
-- that a change works from the next request on.

create table private.tenant_limits (
  -- No reference: in an adopted project a workspace without a tenant is its own.
  tenant_id uuid unique nulls not distinct,
  until timestamptz,
  weight double precision check (weight > 0),
  max_running integer check (max_running > 0),
  max_queued integer check (max_queued >= 0),
  runs_per_minute integer check (runs_per_minute >= 0),
  runs_per_hour integer check (runs_per_hour >= 0),
  runs_per_day integer check (runs_per_day >= 0),
  user_runs_per_minute integer check (user_runs_per_minute >= 0),
  user_runs_per_hour integer check (user_runs_per_hour >= 0),
  user_runs_per_day integer check (user_runs_per_day >= 0),
  max_streams integer check (max_streams >= 0),
  max_user_streams integer check (max_user_streams >= 0),
  budget_run_micros bigint check (budget_run_micros >= 0),
  budget_day_micros bigint check (budget_day_micros >= 0),
  budget_month_micros bigint check (budget_month_micros >= 0),
  constraint tenant_limits_defaults_are_whole check (tenant_id is not null or (
    until is null and num_nulls(weight, max_running, max_queued, runs_per_minute, runs_per_hour, runs_per_day,
      user_runs_per_minute, user_runs_per_hour, user_runs_per_day, max_streams, max_user_streams) = 0))
);
alter table private.tenant_limits enable row level security;

comment on column private.tenant_limits.tenant_id is 'Null in the row of the defaults.';
comment on column private.tenant_limits.until is 'The override ends then. Null: it stays.';
comment on column private.tenant_limits.weight is
  'Its share of the workers while others wait: twice the weight is twice the time of slots.';
comment on column private.tenant_limits.max_running is
  'Runs at a time while other tenants wait. Nobody is held back by it while nobody else waits.';
comment on column private.tenant_limits.max_queued is
  'Runs that wait for a worker: minutes of work for a tenant, and far less than wait_limit for the others.';
comment on column private.tenant_limits.runs_per_minute is
  'Accepted ones, of all users of the tenant: one a second is more than people start, and fewer than a loop.';
comment on column private.tenant_limits.runs_per_hour is
  'A campaign that is planned all day long starts some dozens.';
comment on column private.tenant_limits.runs_per_day is
  'Of UTC. What is accepted counts, whatever becomes of it: who cancels a run gets nothing back.';
comment on column private.tenant_limits.user_runs_per_minute is
  'The same for one user of the tenant. As much as the tenant may: a lower one keeps something for the others.';
comment on column private.tenant_limits.user_runs_per_hour is 'The same for one user of the tenant.';
comment on column private.tenant_limits.user_runs_per_day is 'The same for one user of the tenant.';
comment on column private.tenant_limits.max_streams is
  'Open at a time, of all users of the tenant: some tabs for each person of a team.';
comment on column private.tenant_limits.max_user_streams is
  'Open at a time by one user: each of their tabs follows a run or two.';
comment on column private.tenant_limits.budget_run_micros is
  'Millionths of the currency of the prices. Null in all three budgets: no limit.';

insert into private.tenant_limits (
  weight, max_running, max_queued, runs_per_minute, runs_per_hour, runs_per_day,
  user_runs_per_minute, user_runs_per_hour, user_runs_per_day, max_streams, max_user_streams)
values (1, 10, 50, 60, 500, 2000, 60, 500, 2000, 50, 10);

create function private.limits_of(p_tenant_id uuid) returns private.tenant_limits
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_defaults private.tenant_limits;
  v_own private.tenant_limits;
begin
  select l.* into v_defaults from private.tenant_limits l where l.tenant_id is null;
  select l.* into v_own from private.tenant_limits l
  where l.tenant_id = p_tenant_id and (l.until is null or l.until > now());
  if not found then
    return v_defaults;
  end if;
  return jsonb_populate_record(v_defaults, jsonb_strip_nulls(to_jsonb(v_own)));
end $$;
