-- What a workspace does and learns: campaigns and channels, content and variants, measured
-- results, recommendations. The rules of the strategy tables hold here too.

create type public.data_mode as enum ('live', 'demo');

create table public.cmo_campaigns (
  id uuid primary key default gen_random_uuid(),
  workspace_id uuid not null,
  tenant_id uuid not null,
  agent_run_id uuid,
  funnel_id uuid,
  plan_id uuid,
  campaign_name text not null,
  campaign_type text not null,
  objective text,
  description text,
  target_icp text,
  target_offer text,
  funnel_stage text,
  start_date date,
  end_date date,
  budget_allocation numeric default 0,
  primary_kpi jsonb default '{}',
  secondary_kpis jsonb default '[]',
  success_criteria text,
  status text default 'draft',
  goal text check (goal in ('leads', 'meetings', 'revenue', 'engagement')),
  autopilot_enabled boolean not null default false,
  last_optimization_at timestamptz,
  last_optimization_note text,
  target_segment_codes text[] default '{}',
  target_tags text[],
  created_by uuid default auth.uid(),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (id, workspace_id),
  foreign key (workspace_id, tenant_id) references public.workspaces (id, tenant_id) on delete cascade,
  foreign key (funnel_id, workspace_id) references public.cmo_funnels (id, workspace_id)
    on delete set null (funnel_id),
  foreign key (plan_id, workspace_id) references public.cmo_marketing_plans (id, workspace_id)
    on delete set null (plan_id)
);
create index cmo_campaigns_workspace_idx on public.cmo_campaigns (workspace_id, created_at desc);
create index cmo_campaigns_status_idx on public.cmo_campaigns (workspace_id, status);
create index cmo_campaigns_funnel_idx on public.cmo_campaigns (funnel_id);
create index cmo_campaigns_plan_idx on public.cmo_campaigns (plan_id);
create index cmo_campaigns_agent_run_idx on public.cmo_campaigns (agent_run_id);

create table public.cmo_campaign_channels (
  id uuid primary key default gen_random_uuid(),
  workspace_id uuid not null,
  tenant_id uuid not null,
  agent_run_id uuid,
  campaign_id uuid not null,
  channel_name text not null,
  channel_type text,
  priority text default 'secondary',
  budget_percentage numeric default 0,
  content_types jsonb default '[]',
  posting_frequency text,
  targeting_notes text,
  expected_metrics jsonb default '{}',
  is_paid boolean,
  external_source text,
  external_account_id text,
  external_campaign_id text,
  external_adset_id text,
  external_ad_id text,
  utm_source text,
  utm_medium text,
  utm_campaign text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (id, workspace_id),
  foreign key (workspace_id, tenant_id) references public.workspaces (id, tenant_id) on delete cascade,
  foreign key (campaign_id, workspace_id) references public.cmo_campaigns (id, workspace_id)
    on delete cascade
);
create index cmo_campaign_channels_workspace_idx on public.cmo_campaign_channels (workspace_id, created_at desc);
create index cmo_campaign_channels_campaign_idx on public.cmo_campaign_channels (campaign_id);
create index cmo_campaign_channels_agent_run_idx on public.cmo_campaign_channels (agent_run_id);

create table public.cmo_content_assets (
  id uuid primary key default gen_random_uuid(),
  workspace_id uuid not null,
  tenant_id uuid not null,
  agent_run_id uuid,
  campaign_id uuid,
  content_id text,
  title text not null,
  content_type text not null,
  channel text,
  funnel_stage text,
  target_icp text,
  key_message text,
  supporting_points jsonb default '[]',
  cta text,
  tone text,
  estimated_production_time text,
  dependencies jsonb default '[]',
  publish_date date,
  status text default 'draft',
  created_by uuid default auth.uid(),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (id, workspace_id),
  foreign key (workspace_id, tenant_id) references public.workspaces (id, tenant_id) on delete cascade,
  foreign key (campaign_id, workspace_id) references public.cmo_campaigns (id, workspace_id)
    on delete set null (campaign_id)
);
create index cmo_content_assets_workspace_idx on public.cmo_content_assets (workspace_id, created_at desc);
create index cmo_content_assets_campaign_idx on public.cmo_content_assets (campaign_id);
create index cmo_content_assets_agent_run_idx on public.cmo_content_assets (agent_run_id);

create table public.cmo_content_variants (
  id uuid primary key default gen_random_uuid(),
  workspace_id uuid not null,
  tenant_id uuid not null,
  agent_run_id uuid,
  asset_id uuid not null,
  variant_name text not null,
  variant_type text default 'A',
  subject_line text,
  headline text,
  body_content text,
  cta_text text,
  visual_description text,
  metadata jsonb default '{}',
  performance_metrics jsonb default '{}',
  is_winner boolean default false,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  foreign key (workspace_id, tenant_id) references public.workspaces (id, tenant_id) on delete cascade,
  foreign key (asset_id, workspace_id) references public.cmo_content_assets (id, workspace_id)
    on delete cascade
);
create index cmo_content_variants_workspace_idx on public.cmo_content_variants (workspace_id, created_at desc);
create index cmo_content_variants_asset_idx on public.cmo_content_variants (asset_id);
create index cmo_content_variants_agent_run_idx on public.cmo_content_variants (agent_run_id);

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
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  foreign key (workspace_id, tenant_id) references public.workspaces (id, tenant_id) on delete cascade,
  foreign key (campaign_id, workspace_id) references public.cmo_campaigns (id, workspace_id)
    on delete set null (campaign_id)
);
create index cmo_recommendations_workspace_idx on public.cmo_recommendations (workspace_id, created_at desc);
create index cmo_recommendations_campaign_idx on public.cmo_recommendations (campaign_id);
create index cmo_recommendations_agent_run_idx on public.cmo_recommendations (agent_run_id);

-- The numbers a dashboard may show: of the mode the workspace is in, and no revenue that no
-- payment provider has confirmed. It reads with the caller's rights.
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

revoke all on public.v_cmo_metrics_by_workspace from anon, authenticated, service_role;
grant select on public.v_cmo_metrics_by_workspace to authenticated, service_role;
