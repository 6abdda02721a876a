-- What the caller's workspaces have used, in groups, and what a run of each mode has typically cost. Whoever
-- may read the runs of a workspace may read what they cost, and nobody else.

-- The time zone in which days begin: the one that is asked for, else that of the one workspace it is about.
create function private.usage_time_zone(p_time_zone text, p_workspace_ids uuid[]) returns text
language plpgsql stable set search_path = ''
as $$
begin
  if p_time_zone is not null
    and not exists (select from pg_catalog.pg_timezone_names z where z.name = p_time_zone) then
    perform private.refuse_input('invalid_request', 'time_zone',
      'Must be the name of a time zone, such as Europe/Berlin');
  end if;
  return coalesce(p_time_zone, (
    select z.name from public.workspaces w
    join pg_catalog.pg_timezone_names z on z.name = w.time_zone
    where cardinality(p_workspace_ids) = 1 and w.id = p_workspace_ids[1]
  ), 'UTC');
end $$;

create function private.check_usage_request(p_group_by text, p_from date, p_to date) returns void
language plpgsql stable set search_path = ''
as $$
begin
  if p_group_by is null or p_group_by not in ('tenant', 'workspace', 'user', 'mode', 'model', 'day') then
    perform private.refuse_input('invalid_request', 'group_by',
      'Must be tenant, workspace, user, mode, model or day');
  end if;
  if p_from > p_to or not isfinite(p_from) or not isfinite(p_to) then
    perform private.refuse_input('invalid_request', 'from', 'Must not be after to');
  end if;
  if p_to - p_from > 366 then
    perform private.refuse_input('invalid_request', 'from', 'Must be at most a year before to');
  end if;
end $$;

-- The calls of the attempts that began in a period. An attempt without a call is there once. Thoughts are
-- output: where a total is more than its parts, they are the rest.
create function private.usage_calls(p_workspace_ids uuid[], p_from timestamptz, p_to timestamptz)
returns table (
  run_id uuid, attempt integer, has_call boolean, tenant uuid, workspace uuid, "user" uuid, mode text,
  model text, began_at timestamptz, prompt bigint, cached bigint, total bigint, completion bigint,
  micros bigint, is_estimated boolean, is_unpriced boolean
)
language plpgsql stable set search_path = ''
as $$
begin
  return query
  select a.run_id, a.attempt, c.call is not null, r.tenant_id, a.workspace_id, r.created_by, r.mode,
    lower(c.call ->> 'model'), a.started_at,
    private.count_in(c.call -> 'usage', 'prompt_tokens', 10000000),
    private.count_in(c.call -> 'usage', 'cached_tokens', 10000000),
    private.count_in(c.call -> 'usage', 'total_tokens', 10000000),
    private.count_in(c.call -> 'usage', 'completion_tokens', 10000000),
    coalesce(private.count_in(c.call, 'cost_micros', 9000000000000), 0),
    coalesce(c.call -> 'estimated' = 'true', false), coalesce(c.call -> 'unpriced' = 'true', false)
  from public.agent_run_attempts a
  join public.agent_runs r on r.id = a.run_id
  left join lateral jsonb_array_elements(a.calls) c (call) on true
  where a.workspace_id = any (p_workspace_ids) and a.started_at >= p_from and a.started_at < p_to;
end $$;

-- Rows in the order in which a person reads them: days by time, all else by cost. `key` is null in the last,
-- which is about everything.
create function private.usage_groups(
  p_group_by text, p_workspace_ids uuid[], p_from timestamptz, p_to timestamptz, p_time_zone text)
returns table (is_total boolean, key text, figures jsonb)
language plpgsql stable set search_path = ''
as $$
begin
  return query
  select grouping(c.key) = 1, c.key, jsonb_build_object(
    'runs', count(distinct c.run_id), 'attempts', count(distinct (c.run_id, c.attempt)),
    'calls', count(*) filter (where c.has_call),
    'prompt_tokens', coalesce(sum(c.prompt), 0), 'cached_tokens', coalesce(sum(c.cached), 0),
    'completion_tokens', coalesce(sum(greatest(coalesce(c.completion, 0),
      coalesce(c.total, 0) - coalesce(c.prompt, 0))), 0),
    'cost_micros', coalesce(sum(c.micros), 0),
    'estimated_micros', coalesce(sum(c.micros) filter (where c.is_estimated), 0),
    'unpriced_calls', count(*) filter (where c.is_unpriced))
  from (
    select u.*, case p_group_by
      when 'tenant' then u.tenant::text
      when 'workspace' then u.workspace::text
      when 'user' then u."user"::text
      when 'mode' then u.mode
      when 'model' then coalesce(u.model, '')
      else to_char(u.began_at at time zone p_time_zone, 'YYYY-MM-DD')
    end as key
    from private.usage_calls(p_workspace_ids, p_from, p_to) u
  ) c
  group by grouping sets ((c.key), ())
  order by 1, case when p_group_by = 'day' then c.key end, sum(c.micros) desc nulls last, c.key;
end $$;

create function private.name_of_usage(p_group_by text, p_key text) returns text
language plpgsql stable set search_path = ''
as $$
begin
  return case p_group_by
    when 'workspace' then (select w.name from public.workspaces w where w.id = p_key::uuid)
    when 'tenant' then (select t.name from public.tenants t where t.id = p_key::uuid)
  end;
end $$;

-- Days are inclusive, in the time zone. Attempts count on the day on which they began. Without from and to:
-- the last 30 days.
create function public.usage_report(
  p_group_by text,
  p_from date default null,
  p_to date default null,
  p_workspace_id uuid default null,
  p_time_zone text default null
) returns jsonb
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_most constant integer := 1000;
  v_ids uuid[];
  v_zone text;
  v_from date;
  v_to date;
  v_rows jsonb;
  v_totals jsonb;
begin
  perform private.check_user();
  -- guards G18: usage
  v_ids := array(select distinct i from private.my_workspace_ids() i where p_workspace_id is null or i = p_workspace_id);
  if p_workspace_id is not null and cardinality(v_ids) = 0 then
    raise exception using errcode = 'PT403', message = 'workspace_forbidden';
  end if;
  v_zone := private.usage_time_zone(p_time_zone, v_ids);
  v_to := coalesce(p_to, greatest(p_from, (now() at time zone v_zone)::date));
  v_from := coalesce(p_from, v_to - 29);
  perform private.check_usage_request(p_group_by, v_from, v_to);

  select coalesce(jsonb_agg(jsonb_build_object('key', g.key, 'name', private.name_of_usage(p_group_by, g.key))
      || g.figures order by g.place) filter (where not g.is_total and g.place <= v_most), '[]'),
    jsonb_agg(g.figures) filter (where g.is_total) -> 0 || jsonb_build_object('groups', count(*) - 1)
  into v_rows, v_totals
  from private.usage_groups(p_group_by, v_ids, v_from::timestamp at time zone v_zone,
    (v_to + 1)::timestamp at time zone v_zone, v_zone) with ordinality g (is_total, key, figures, place);
  return jsonb_build_object('group_by', p_group_by, 'from', v_from, 'to', v_to, 'time_zone', v_zone,
    'currency', 'USD', 'rows', v_rows, 'totals', v_totals - 'groups',
    'truncated', (v_totals ->> 'groups')::integer > v_most);
end $$;

-- What completed runs of the last 30 days have cost in the caller's workspaces, for each mode that has any:
-- {mode: {runs, median_micros, p90_micros}}. Of each workspace the newest hundred runs of a mode are read,
-- by an index that has their order.
create function public.typical_costs() returns jsonb
language plpgsql stable security definer set search_path = ''
as $$
begin
  return (
    select coalesce(jsonb_object_agg(t.mode, t.figures), '{}') from (
      select m.mode, jsonb_build_object('runs', count(*),
        'median_micros', percentile_disc(0.5) within group (order by c.cost_micros),
        'p90_micros', percentile_disc(0.9) within group (order by c.cost_micros)) as figures
      -- guards G18: typical costs
      from (select distinct i from private.my_workspace_ids() i) w (id)
      cross join unnest(array['setup', 'strategy', 'funnels', 'campaigns', 'content', 'optimization']) m (mode)
      cross join lateral (
        select r.cost_micros from public.agent_runs r
        where r.workspace_id = w.id and r.status = 'completed' and r.status <> 'running' and r.mode = m.mode
          and r.phase is not null and r.created_at > now() - interval '30 days'
        order by r.created_at desc, r.id desc limit 100
      ) c
      group by m.mode
    ) t
  );
end $$;

grant execute on function public.usage_report(text, date, date, uuid, text), public.typical_costs()
  to authenticated;
