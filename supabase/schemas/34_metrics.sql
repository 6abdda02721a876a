-- What a workspace measures and learns: metrics per day, the view that dashboards read, and
-- recommendations. The rules are in 30_brand.sql.

create type public.data_mode as enum ('live', 'demo');

-- Measured by day, week or month. There is no updated_at, and no version is kept of what is corrected:
-- an import replaces thousands of rows at a time.
create table public.cmo_metrics_snapshots (
  id uuid primary key default gen_random_uuid(),
  workspace_id uuid not null,
  tenant_id uuid not null,
  campaign_id uuid,
  channel_id uuid,
  snapshot_date date not null,
  metric_type text not null,
  impressions integer default 0,
  clicks integer default 0,
  conversions integer default 0,
  engagement_rate numeric default 0,
  conversion_rate numeric default 0,
  cost numeric default 0,
  revenue numeric default 0,
  roi numeric default 0,
  custom_metrics jsonb default '{}',
  data_mode public.data_mode not null default 'live',
  created_at timestamptz not null default now(),
  unique (campaign_id, snapshot_date, metric_type),
  foreign key (workspace_id, tenant_id) references public.workspaces (id, tenant_id) on delete cascade,
  foreign key (campaign_id, workspace_id) references public.cmo_campaigns (id, workspace_id)
    on delete set null (campaign_id),
  foreign key (channel_id, workspace_id) references public.cmo_campaign_channels (id, workspace_id)
    on delete set null (channel_id)
);
create index cmo_metrics_snapshots_workspace_idx on public.cmo_metrics_snapshots (workspace_id, snapshot_date desc);
create index cmo_metrics_snapshots_channel_idx on public.cmo_metrics_snapshots (channel_id);

create trigger fill_tenant before insert or update of workspace_id, tenant_id on public.cmo_metrics_snapshots
  for each row execute function private.fill_tenant();

alter table public.cmo_metrics_snapshots enable row level security;
create policy members_select on public.cmo_metrics_snapshots for select to authenticated
  using (workspace_id in (select private.my_workspace_ids()));
-- The campaign is checked here as well: of a foreign one, the unique constraint would reveal the days.
create policy runners_insert on public.cmo_metrics_snapshots for insert to authenticated
  with check (workspace_id in (select private.my_runnable_workspace_ids())
    and (campaign_id is null or exists (select from public.cmo_campaigns c
      where c.id = campaign_id and c.workspace_id = cmo_metrics_snapshots.workspace_id)));
create policy runners_update on public.cmo_metrics_snapshots for update to authenticated
  using (workspace_id in (select private.my_runnable_workspace_ids()))
  with check (workspace_id in (select private.my_runnable_workspace_ids())
    and (campaign_id is null or exists (select from public.cmo_campaigns c
      where c.id = campaign_id and c.workspace_id = cmo_metrics_snapshots.workspace_id)));
grant select on public.cmo_metrics_snapshots to authenticated, service_role;
grant insert on public.cmo_metrics_snapshots to authenticated;
grant update (campaign_id, channel_id, snapshot_date, metric_type, impressions, clicks, conversions,
  engagement_rate, conversion_rate, cost, revenue, roi, custom_metrics)
  on public.cmo_metrics_snapshots to authenticated;

-- The numbers that a dashboard may show: those of the workspace's mode, without revenue that no payment
-- provider has confirmed. The view reads with the caller's privileges.
create view public.v_cmo_metrics_by_workspace with (security_invoker = true) as
select
  m.id, m.workspace_id, m.tenant_id, m.campaign_id, m.channel_id, m.snapshot_date, m.metric_type,
  m.impressions, m.clicks, m.conversions, m.engagement_rate, m.conversion_rate, m.cost,
  case when w.demo_mode or w.stripe_connected then m.revenue else 0 end as revenue,
  case when w.demo_mode or w.stripe_connected then m.roi else 0 end as roi,
  m.custom_metrics, m.data_mode, m.created_at,
  w.demo_mode, w.stripe_connected,
  case
    when w.demo_mode then 'DEMO_MODE'
    when not w.stripe_connected then 'NO_STRIPE_CONNECTED'
    else 'LIVE_OK'
  end as data_quality_status
from public.cmo_metrics_snapshots m
join public.workspaces w on w.id = m.workspace_id and w.tenant_id = m.tenant_id
where m.data_mode = (case when w.demo_mode then 'demo' else 'live' end)::public.data_mode;
grant select on public.v_cmo_metrics_by_workspace to authenticated, service_role;

create table public.cmo_recommendations (
  id uuid primary key default gen_random_uuid(),
  workspace_id uuid not null,
  tenant_id uuid not null,
  agent_run_id uuid,
  campaign_id uuid,
  recommendation_type text not null,
  priority text default 'medium',
  title text not null,
  description text,
  rationale text,
  expected_impact text,
  effort_level text,
  action_items jsonb default '[]',
  status text default 'pending',
  implemented_at timestamptz,
  warnings jsonb not null default '[]',
  created_by uuid default auth.uid(),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  foreign key (workspace_id, tenant_id) references public.workspaces (id, tenant_id) on delete cascade,
  foreign key (agent_run_id, workspace_id) references public.agent_runs (id, workspace_id)
    on delete set null (agent_run_id),
  foreign key (campaign_id, workspace_id) references public.cmo_campaigns (id, workspace_id)
    on delete set null (campaign_id)
);
create index cmo_recommendations_workspace_idx on public.cmo_recommendations (workspace_id, created_at desc);
create index cmo_recommendations_campaign_idx on public.cmo_recommendations (campaign_id);
create index cmo_recommendations_agent_run_idx on public.cmo_recommendations (agent_run_id);

create trigger fill_tenant before insert or update of workspace_id, tenant_id on public.cmo_recommendations
  for each row execute function private.fill_tenant();
create trigger touch_updated_at before update on public.cmo_recommendations
  for each row execute function private.touch_updated_at();

alter table public.cmo_recommendations enable row level security;
create policy members_select on public.cmo_recommendations for select to authenticated
  using (workspace_id in (select private.my_workspace_ids()));
create policy runners_update on public.cmo_recommendations for update to authenticated
  using (workspace_id in (select private.my_runnable_workspace_ids()))
  with check (workspace_id in (select private.my_runnable_workspace_ids()));
grant select on public.cmo_recommendations to authenticated, service_role;
grant update (status, implemented_at) on public.cmo_recommendations to authenticated;
