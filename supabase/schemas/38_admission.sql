-- Whether one more run of a tenant is accepted. Counted here, so that calling the function directly gains
-- nothing over the API.
--
-- Submissions are counted in fixed windows: the minute, the hour and the day of UTC, for the tenant and for
-- each of its users. A row holds the counts of the windows in which it was counted last; later windows begin
-- at zero. A submission counts when it is accepted and is never given back, whatever becomes of its run. One
-- that is refused counts nothing, because the refusal rolls back.
--
-- Locks: a submission holds the row of its tenant from before it counts until it commits, so that the next
-- one counts what it has added. While it holds that row it waits for the row in tenant_flow alone, and nobody
-- waits the other way round.

create table private.submission_counts (
  tenant_id uuid not null,
  user_id uuid,
  counted_at timestamptz not null,
  -- Changes once a day, so that the other updates write no index.
  counted_on date not null,
  in_minute integer not null default 0,
  in_hour integer not null default 0,
  in_day integer not null default 0,
  unique nulls not distinct (tenant_id, user_id)
)
with (fillfactor = 50);
create index submission_counts_day_idx on private.submission_counts (counted_on);
alter table private.submission_counts enable row level security;

comment on column private.submission_counts.user_id is
  'Null: all users of the tenant together. That row is the lock of its submissions.';
comment on column private.submission_counts.counted_at is 'Names the windows to which the counts belong.';

-- The end of the window that contains a moment. No time zone of a session moves it.
create function private.window_end(p_window text, p_at timestamptz) returns timestamptz
language plpgsql stable set search_path = ''
as $$
begin
  return date_trunc(p_window, p_at, 'UTC')
    + case p_window when 'minute' then interval '1 minute' when 'hour' then interval '1 hour' else interval '24 hours' end;
end $$;

-- The counts with one more submission.
create function private.next_counts(p_tenant_id uuid, p_user_id uuid, p_at timestamptz)
returns private.submission_counts
language plpgsql stable set search_path = ''
as $$
declare
  v_counts private.submission_counts;
begin
  select p_tenant_id, p_user_id, p_at, (p_at at time zone 'UTC')::date,
    -- guards G28: minute
    1 + coalesce(max(c.in_minute) filter (where private.window_end('minute', c.counted_at) > p_at), 0),
    1 + coalesce(max(c.in_hour) filter (where private.window_end('hour', c.counted_at) > p_at), 0),
    1 + coalesce(max(c.in_day) filter (where private.window_end('day', c.counted_at) > p_at), 0)
  into v_counts
  from private.submission_counts c
  where c.tenant_id = p_tenant_id and c.user_id is not distinct from p_user_id;
  return v_counts;
end $$;

create function private.save_counts(p_counts private.submission_counts) returns void
language plpgsql set search_path = ''
as $$
begin
  insert into private.submission_counts as c select (p_counts).*
  on conflict (tenant_id, user_id) do update set
    counted_at = excluded.counted_at,
    counted_on = excluded.counted_on,
    in_minute = excluded.in_minute,
    in_hour = excluded.in_hour,
    in_day = excluded.in_day;
end $$;

-- What a tenant and its users may submit: what the API shows as its policy.
create function private.show_rates(p_limits private.tenant_limits) returns jsonb
language plpgsql immutable set search_path = ''
as $$
begin
  return jsonb_build_object(
    'queued', p_limits.max_queued,
    'tenant', jsonb_build_object('minute', p_limits.runs_per_minute, 'hour', p_limits.runs_per_hour,
      'day', p_limits.runs_per_day),
    'user', jsonb_build_object('minute', p_limits.user_runs_per_minute, 'hour', p_limits.user_runs_per_hour,
      'day', p_limits.user_runs_per_day));
end $$;

-- Refuses a run of a tenant of which as many wait as may. They are counted and not remembered, so that no
-- count can be wrong after a claim, a cancel or an outage.
create function private.check_queue(p_tenant_id uuid, p_limits private.tenant_limits) returns void
language plpgsql set search_path = ''
as $$
declare
  v_queued integer := (select count(*) from (
    select from public.agent_runs r
    where r.tenant_id = p_tenant_id and r.phase = 'queued' limit p_limits.max_queued
  ) enough);
  v_retry_after integer;
begin
  -- guards G28: queue
  if v_queued < p_limits.max_queued then
    return;
  end if;
  -- About when the next of them starts, if nobody else waits.
  select ceil(greatest(1, least(60, coalesce(max(f.mean_seconds), 30) / p_limits.max_running)))
  into v_retry_after from private.tenant_flow f where f.tenant_id = p_tenant_id;
  raise exception using errcode = 'PT429', message = 'queue_full', detail = jsonb_build_object(
    'message', format('As many runs of this tenant wait for a worker as may: %s. Retry when one of them has started, in about %s s.',
      p_limits.max_queued, v_retry_after),
    'scope', 'tenant', 'window', 'queue', 'limit', p_limits.max_queued, 'remaining', 0,
    'reset', v_retry_after, 'opens_at', null, 'retry_after', v_retry_after, 'rates', private.show_rates(p_limits))::text;
end $$;

create function private.refuse_rate(p_rate jsonb, p_opens_at timestamptz) returns void
language plpgsql set search_path = ''
as $$
begin
  raise exception using errcode = 'PT429', message = 'rate_limited', detail = (p_rate || jsonb_build_object(
    'message', format('%1$s as many runs as allowed in this %2$s: %3$s. The next %2$s begins at %4$s UTC: retry in %5$s s.',
      case p_rate ->> 'scope' when 'user' then 'You have started' else 'The users of this tenant have started' end,
      p_rate ->> 'window', p_rate ->> 'limit',
      to_char(p_opens_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS'), p_rate ->> 'reset'),
    'retry_after', p_rate -> 'reset'))::text;
end $$;

-- Refuses a run that exceeds what its tenant or its user may submit, or counts it. Returns the window in which
-- fewest are left. Whoever counts has locked the submissions of the tenant. Of several windows that are used
-- up, the one that opens last is named.
create function private.admit_run(p_tenant_id uuid, p_user_id uuid, p_counts boolean default true) returns jsonb
language plpgsql set search_path = ''
as $$
declare
  v_limits private.tenant_limits := private.limits_of(p_tenant_id);
  -- Not now(), at which this submission may have begun to wait for others.
  -- guards G14: window
  v_at timestamptz := clock_timestamp();
  v_tenant private.submission_counts;
  v_user private.submission_counts;
  v_window record;
  v_rate jsonb;
begin
  perform private.check_queue(p_tenant_id, v_limits);
  v_tenant := private.next_counts(p_tenant_id, null, v_at);
  -- guards G28: user
  v_user := private.next_counts(p_tenant_id, p_user_id, v_at);
  select w.*, private.window_end(w.name, v_at) as opens_at, w.used > w.most as is_over into v_window
  from (values
    ('tenant', 'minute', v_limits.runs_per_minute, v_tenant.in_minute),
    ('tenant', 'hour', v_limits.runs_per_hour, v_tenant.in_hour),
    ('tenant', 'day', v_limits.runs_per_day, v_tenant.in_day),
    ('user', 'minute', v_limits.user_runs_per_minute, v_user.in_minute),
    ('user', 'hour', v_limits.user_runs_per_hour, v_user.in_hour),
    ('user', 'day', v_limits.user_runs_per_day, v_user.in_day)
  ) as w (scope, name, most, used)
  order by w.used > w.most desc, case when w.used > w.most then private.window_end(w.name, v_at) end desc,
    w.most - w.used, private.window_end(w.name, v_at) desc, w.scope
  limit 1;

  v_rate := jsonb_build_object(
    'scope', v_window.scope, 'window', v_window.name, 'limit', v_window.most,
    'remaining', greatest(0, v_window.most - v_window.used),
    'reset', ceil(extract(epoch from v_window.opens_at - v_at))::integer,
    'opens_at', v_window.opens_at, 'rates', private.show_rates(v_limits));
  -- guards G28: windows
  if v_window.is_over then
    perform private.refuse_rate(v_rate, v_window.opens_at);
  end if;
  if p_counts then
    perform private.save_counts(v_tenant);
    perform private.save_counts(v_user);
  end if;
  return v_rate;
end $$;

-- From here to the commit, nobody else submits for this tenant. While others do, a submission that would be
-- refused now is refused without waiting: a flood takes no connections from other tenants. Nothing that was
-- counted is given back, so that waiting would not help it.
create function private.lock_submissions(p_tenant_id uuid, p_user_id uuid, p_run_id uuid) returns void
language plpgsql set search_path = ''
as $$
begin
  -- guards G28: one after the other
  perform from private.submission_counts c where c.tenant_id = p_tenant_id and c.user_id is null for no key update skip locked;
  if found then
    return;
  end if;
  begin
    perform private.admit_run(p_tenant_id, p_user_id, p_counts => false);
  exception when sqlstate 'PT429' then
    -- What has used up the last place may have been the same request.
    if not exists (select from public.agent_runs r where r.id = p_run_id) then
      raise;
    end if;
  end;
  loop
    perform from private.submission_counts c where c.tenant_id = p_tenant_id and c.user_id is null for no key update;
    exit when found;
    -- The first submission, or the sweep has just removed the row.
    insert into private.submission_counts (tenant_id, counted_at, counted_on)
    values (p_tenant_id, now(), (now() at time zone 'UTC')::date)
    on conflict do nothing;
  end loop;
end $$;

-- Refuses the retry of a run that another retry is already repeating. The caller has locked the submissions of
-- the tenant, so that of parallel retries the later ones see the first.
create function private.check_retry_in_flight(p_retry_of uuid) returns void
language plpgsql set search_path = ''
as $$
declare
  v_other_id uuid;
begin
  if p_retry_of is null then
    return;
  end if;
  select r.id into v_other_id from public.agent_runs r
  where r.retry_of = p_retry_of and r.status = 'running' limit 1;
  -- guards G28: one retry
  if v_other_id is not null then
    raise exception using errcode = 'PT409', message = 'retry_in_flight', detail = jsonb_build_object(
      'message', format('Run %s is already a retry of this run. Wait for it to end, or cancel it.', v_other_id),
      'run_id', v_other_id)::text;
  end if;
end $$;

-- Removes counts whose windows are all over, one batch at a time.
create function private.forget_submission_counts() returns void
language plpgsql set search_path = ''
as $$
begin
  delete from private.submission_counts c
  where c.ctid = any (array(
    select o.ctid from private.submission_counts o
    where o.counted_on < (now() at time zone 'UTC')::date
    limit (select p.sweep_batch from private.run_policy p)
    for update skip locked));
end $$;

-- How many streams the caller's tenant may have open, and the caller in it, by the workspace that a request
-- means; the key is that of a request to create a run. Of other tenants it reveals nothing.
create function public.stream_limits(p_workspace_id uuid default null, p_idempotency_key text default null)
returns jsonb
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_workspace_id uuid;
  v_limits private.tenant_limits;
  v_tenant_id uuid;
begin
  perform private.check_user();
  v_workspace_id := coalesce(
    p_workspace_id, private.workspace_of_key('run', p_idempotency_key), private.implied_workspace_id());
  -- guards G18: stream limits
  if not private.user_has_workspace_access(v_workspace_id) then
    raise exception using errcode = 'PT403', message = 'workspace_forbidden';
  end if;
  v_tenant_id := private.tenant_of(v_workspace_id, null);
  v_limits := private.limits_of(v_tenant_id);
  return jsonb_build_object('tenant_id', v_tenant_id,
    'max_streams', v_limits.max_streams, 'max_user_streams', v_limits.max_user_streams);
end $$;

grant execute on function public.stream_limits(uuid, text) to authenticated;
