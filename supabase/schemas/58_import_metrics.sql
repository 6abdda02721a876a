-- Metrics that a marketer brings along: a table of days, from a spreadsheet or a report.
--
-- All lines are checked before the first is written, and each refused line is named with its reason.
-- With one refused line nothing is written. The same table can be imported again: a day of a campaign
-- and a channel is replaced, not counted twice.

create function private.metrics_line_error(p_workspace_id uuid, p_line jsonb) returns jsonb
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_name text;
begin
  if jsonb_typeof(p_line) <> 'object' then
    return jsonb_build_object('path', '', 'message', 'Must be an object');
  end if;
  select k into v_name from jsonb_object_keys(p_line) k
  where k not in ('snapshot_date', 'metric_type', 'campaign_id', 'campaign', 'channel_id', 'channel',
    'impressions', 'clicks', 'conversions', 'cost', 'revenue') order by k limit 1;
  if v_name is not null then
    return jsonb_build_object('path', left(v_name, 100), 'message', 'Is not a known column');
  end if;
  if coalesce(p_line ->> 'snapshot_date', '') !~ '^(20\d\d)-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$'
    or not pg_input_is_valid(p_line ->> 'snapshot_date', 'date') then
    return jsonb_build_object('path', 'snapshot_date', 'message', 'Must be a day, written as 2026-01-31');
  end if;
  if (p_line ->> 'snapshot_date')::date > now()::date + 1 then
    return jsonb_build_object('path', 'snapshot_date', 'message', 'Must not lie in the future');
  end if;
  if coalesce(p_line ->> 'metric_type', 'daily') not in ('daily', 'weekly', 'monthly') then
    return jsonb_build_object('path', 'metric_type', 'message', 'Must be daily, weekly or monthly');
  end if;
  foreach v_name in array array['impressions', 'clicks', 'conversions'] loop
    if coalesce(p_line ->> v_name, '0') !~ '^\d{1,9}$' then
      return jsonb_build_object('path', v_name, 'message', 'Must be a whole number from 0');
    end if;
  end loop;
  foreach v_name in array array['cost', 'revenue'] loop
    if coalesce(p_line ->> v_name, '0') !~ '^\d{1,12}(\.\d{1,6})?$' then
      return jsonb_build_object('path', v_name, 'message', 'Must be an amount from 0, such as 1234.50');
    end if;
  end loop;
  return private.metrics_parent_error(p_workspace_id, p_line);
end $$;

-- A campaign and a channel are named by id or by name. A name that two have names neither.
create function private.metrics_parent_error(p_workspace_id uuid, p_line jsonb) returns jsonb
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_campaigns uuid[] := private.metrics_campaigns(p_workspace_id, p_line);
begin
  if coalesce(p_line ->> 'campaign_id', p_line ->> 'campaign') is not null
    and cardinality(v_campaigns) <> 1 then
    return jsonb_build_object('path',
      case when p_line ->> 'campaign_id' is null then 'campaign' else 'campaign_id' end,
      'message', case when cardinality(v_campaigns) = 0
        then 'This workspace has no such campaign'
        else 'Several campaigns have this name. Use campaign_id' end);
  end if;
  if coalesce(p_line ->> 'channel_id', p_line ->> 'channel') is not null
    and cardinality(private.metrics_channels(p_workspace_id, p_line)) <> 1 then
    return jsonb_build_object('path',
      case when p_line ->> 'channel_id' is null then 'channel' else 'channel_id' end,
      'message', 'The campaign has no such channel, or several. Use channel_id');
  end if;
  return null;
end $$;

create function private.metrics_campaigns(p_workspace_id uuid, p_line jsonb) returns uuid[]
language sql stable security definer set search_path = ''
as $$
  select coalesce(array_agg(c.id), '{}') from public.cmo_campaigns c
  where c.workspace_id = p_workspace_id and case
    when p_line ->> 'campaign_id' is not null then c.id::text = lower(p_line ->> 'campaign_id')
    else lower(c.campaign_name) = lower(trim(p_line ->> 'campaign'))
  end
$$;

create function private.metrics_channels(p_workspace_id uuid, p_line jsonb) returns uuid[]
language sql stable security definer set search_path = ''
as $$
  select coalesce(array_agg(c.id), '{}') from public.cmo_campaign_channels c
  where c.workspace_id = p_workspace_id
    and (coalesce(p_line ->> 'campaign_id', p_line ->> 'campaign') is null
      or c.campaign_id = any (private.metrics_campaigns(p_workspace_id, p_line)))
    and case
      when p_line ->> 'channel_id' is not null then c.id::text = lower(p_line ->> 'channel_id')
      else lower(c.channel_name) = lower(trim(p_line ->> 'channel'))
    end
$$;

-- Lines with the number that a person sees, as records to be written.
create function private.metrics_records(p_workspace_id uuid, p_lines jsonb) returns table (
  line bigint, campaign_id uuid, channel_id uuid, snapshot_date date, metric_type text,
  impressions integer, clicks integer, conversions integer, cost numeric, revenue numeric
)
language sql stable security definer set search_path = ''
as $$
  select l.line,
    (private.metrics_campaigns(p_workspace_id, l.value))[1],
    (private.metrics_channels(p_workspace_id, l.value))[1],
    (l.value ->> 'snapshot_date')::date, coalesce(l.value ->> 'metric_type', 'daily'),
    coalesce(l.value ->> 'impressions', '0')::integer, coalesce(l.value ->> 'clicks', '0')::integer,
    coalesce(l.value ->> 'conversions', '0')::integer,
    coalesce(l.value ->> 'cost', '0')::numeric, coalesce(l.value ->> 'revenue', '0')::numeric
  from jsonb_array_elements(p_lines) with ordinality l (value, line)
$$;

-- What a line would be written over, so that two lines of one table cannot mean the same.
create function private.metrics_key(
  p_campaign_id uuid, p_channel_id uuid, p_snapshot_date date, p_metric_type text
) returns text
language sql immutable set search_path = ''
as $$
  -- The table has one row for a campaign, a day and a granularity, whatever its channel.
  select concat_ws(' ', coalesce(p_campaign_id, p_channel_id)::text, p_snapshot_date, p_metric_type)
$$;

create function private.metrics_errors(p_workspace_id uuid, p_lines jsonb) returns jsonb
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_errors jsonb;
begin
  select jsonb_agg(jsonb_build_object('line', e.line) || e.error order by e.line) into v_errors
  from (
    select l.line, private.metrics_line_error(p_workspace_id, l.value) as error
    from jsonb_array_elements(p_lines) with ordinality l (value, line)
  ) e
  where e.error is not null;
  if v_errors is not null then
    return v_errors;
  end if;
  select jsonb_agg(jsonb_build_object('line', d.line, 'path', 'snapshot_date',
    'message', format('Line %s has the same day of the same campaign or channel', d.first)) order by d.line)
  into v_errors
  from (
    select r.line, min(r.line) over (
      partition by private.metrics_key(r.campaign_id, r.channel_id, r.snapshot_date, r.metric_type)
    ) as first
    from private.metrics_records(p_workspace_id, p_lines) r
  ) d
  where d.line > d.first;
  return coalesce(v_errors, '[]');
end $$;

create function public.import_metrics(p_lines jsonb, p_dry_run boolean default false, p_workspace_id uuid default null)
returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v_policy private.run_policy;
  v_errors jsonb;
  v_inserted integer := 0;
  v_lines integer;
  v_workspace_id uuid;
begin
  perform private.check_user();
  v_workspace_id := coalesce(p_workspace_id, private.implied_workspace_id());
  perform private.check_run_access(v_workspace_id);
  select p.* into v_policy from private.run_policy p;
  if jsonb_typeof(p_lines) is distinct from 'array' or jsonb_array_length(p_lines) = 0
    or jsonb_array_length(p_lines) > v_policy.max_imported_lines then
    perform private.refuse_input('invalid_request', 'lines',
      format('Must be 1 to %s lines', v_policy.max_imported_lines));
  end if;
  v_lines := jsonb_array_length(p_lines);
  -- Two imports at once would both find that a day is not there yet.
  perform pg_advisory_xact_lock(hashtextextended('import_metrics ' || v_workspace_id, 0));
  v_errors := private.metrics_errors(v_workspace_id, p_lines);
  if v_errors = '[]' then
    v_inserted := v_lines - private.replace_metrics(v_workspace_id, p_lines, p_dry_run);
  end if;
  return jsonb_build_object('lines', v_lines, 'dry_run', p_dry_run, 'errors', v_errors,
    'imported', case when v_errors = '[]' and not p_dry_run then v_lines else 0 end,
    'new', v_inserted, 'replaced', case when v_errors = '[]' then v_lines - v_inserted else 0 end);
end $$;

-- How many days were there before. Nothing is written in a dry run.
create function private.replace_metrics(p_workspace_id uuid, p_lines jsonb, p_dry_run boolean)
returns integer
language plpgsql security definer set search_path = ''
as $$
declare
  v_replaced integer;
begin
  create temporary table imported_metrics on commit drop as
  select r.*, s.id as replaced_id
  from private.metrics_records(p_workspace_id, p_lines) r
  left join public.cmo_metrics_snapshots s on s.workspace_id = p_workspace_id
    and s.snapshot_date = r.snapshot_date and s.metric_type = r.metric_type
    and case when r.campaign_id is not null then s.campaign_id = r.campaign_id
      else s.campaign_id is null and s.channel_id is not distinct from r.channel_id end;
  select count(i.replaced_id) into v_replaced from pg_temp.imported_metrics i;
  if not p_dry_run then
    update public.cmo_metrics_snapshots s set channel_id = i.channel_id,
      impressions = i.impressions, clicks = i.clicks, conversions = i.conversions,
      cost = i.cost, revenue = i.revenue
    from pg_temp.imported_metrics i where i.replaced_id = s.id;
    insert into public.cmo_metrics_snapshots (workspace_id, campaign_id, channel_id, snapshot_date,
      metric_type, impressions, clicks, conversions, cost, revenue, data_mode)
    select p_workspace_id, i.campaign_id, i.channel_id, i.snapshot_date, i.metric_type, i.impressions,
      i.clicks, i.conversions, i.cost, i.revenue,
      (select case when w.demo_mode then 'demo' else 'live' end from public.workspaces w
        where w.id = p_workspace_id)::public.data_mode
    from pg_temp.imported_metrics i where i.replaced_id is null;
  end if;
  drop table pg_temp.imported_metrics;
  return v_replaced;
end $$;

grant execute on function public.import_metrics(jsonb, boolean, uuid) to authenticated;
