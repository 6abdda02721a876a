-- What a workspace is and plans: brand, segments, offers, marketing plans, funnels and stages.
--
-- Column names, types and defaults are those that the existing screens read and write. Every
-- table carries workspace_id and tenant_id, children too; references are composite, so that a
-- row can only hang under a parent of its own workspace.

create table public.cmo_brand_profiles (
  id uuid primary key default gen_random_uuid(),
  workspace_id uuid not null unique,
  tenant_id uuid not null,
  brand_name text not null,
  tagline text,
  mission_statement text,
  brand_voice text,
  brand_tone text,
  brand_personality jsonb default '[]',
  core_values jsonb default '[]',
  brand_colors jsonb default '{}',
  brand_fonts jsonb default '{}',
  logo_url text,
  website_url text,
  industry text,
  competitors jsonb default '[]',
  unique_value_proposition text,
  key_differentiators jsonb default '[]',
  messaging_pillars jsonb default '[]',
  content_themes jsonb default '[]',
  created_by uuid default auth.uid(),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  foreign key (workspace_id, tenant_id) references public.workspaces (id, tenant_id) on delete cascade
);

create table public.cmo_icp_segments (
  id uuid primary key default gen_random_uuid(),
  workspace_id uuid not null,
  tenant_id uuid not null,
  segment_name text not null,
  segment_code text,
  segment_description text,
  company_size text,
  demographics jsonb default '{}',
  psychographics jsonb default '{}',
  pain_points jsonb default '[]',
  goals jsonb default '[]',
  buying_triggers jsonb default '[]',
  objections jsonb default '[]',
  preferred_channels jsonb default '[]',
  content_preferences jsonb default '{}',
  budget_range jsonb default '{}',
  decision_criteria jsonb default '[]',
  industry_verticals jsonb default '[]',
  job_titles jsonb default '[]',
  is_primary boolean default false,
  is_active boolean default true,
  priority_score integer default 50,
  created_by uuid default auth.uid(),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  foreign key (workspace_id, tenant_id) references public.workspaces (id, tenant_id) on delete cascade
);
create index cmo_icp_segments_workspace_idx on public.cmo_icp_segments (workspace_id, created_at desc);

create table public.cmo_offers (
  id uuid primary key default gen_random_uuid(),
  workspace_id uuid not null,
  tenant_id uuid not null,
  offer_name text not null,
  offer_type text not null,
  description text,
  key_benefits jsonb default '[]',
  features jsonb default '[]',
  pricing_model text,
  price_range jsonb default '{}',
  target_segments jsonb default '[]',
  use_cases jsonb default '[]',
  success_metrics jsonb default '[]',
  testimonials jsonb default '[]',
  case_studies jsonb default '[]',
  competitive_positioning text,
  launch_date date,
  status text default 'active',
  is_flagship boolean default false,
  landing_page_url text,
  demo_url text,
  created_by uuid default auth.uid(),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  foreign key (workspace_id, tenant_id) references public.workspaces (id, tenant_id) on delete cascade
);
create index cmo_offers_workspace_idx on public.cmo_offers (workspace_id, created_at desc);

create table public.cmo_marketing_plans (
  id uuid primary key default gen_random_uuid(),
  workspace_id uuid not null,
  tenant_id uuid not null,
  agent_run_id uuid,
  plan_name text not null,
  plan_type text not null default '90-day',
  status text not null default 'draft',
  start_date date,
  end_date date,
  executive_summary text,
  primary_objectives jsonb default '[]',
  key_metrics jsonb default '[]',
  budget_allocation jsonb default '{}',
  month_1_plan jsonb default '{}',
  month_2_plan jsonb default '{}',
  month_3_plan jsonb default '{}',
  channel_mix jsonb default '[]',
  content_calendar_outline jsonb default '[]',
  campaign_themes jsonb default '[]',
  resource_requirements jsonb default '[]',
  dependencies jsonb default '[]',
  risks_mitigations jsonb default '[]',
  target_icp_segments jsonb default '[]',
  target_offers jsonb default '[]',
  generation_context jsonb default '{}',
  created_by uuid default auth.uid(),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (id, workspace_id),
  foreign key (workspace_id, tenant_id) references public.workspaces (id, tenant_id) on delete cascade
);
create index cmo_marketing_plans_workspace_idx on public.cmo_marketing_plans (workspace_id, created_at desc);
create index cmo_marketing_plans_agent_run_idx on public.cmo_marketing_plans (agent_run_id);

create table public.cmo_funnels (
  id uuid primary key default gen_random_uuid(),
  workspace_id uuid not null,
  tenant_id uuid not null,
  agent_run_id uuid,
  plan_id uuid,
  funnel_name text not null,
  funnel_type text not null default 'marketing',
  description text,
  target_icp_segments jsonb default '[]',
  target_offers jsonb default '[]',
  total_budget numeric default 0,
  expected_conversion_rate numeric default 0,
  expected_revenue numeric default 0,
  status text not null default 'draft',
  created_by uuid default auth.uid(),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (id, workspace_id),
  foreign key (workspace_id, tenant_id) references public.workspaces (id, tenant_id) on delete cascade,
  foreign key (plan_id, workspace_id) references public.cmo_marketing_plans (id, workspace_id)
    on delete set null (plan_id)
);
create index cmo_funnels_workspace_idx on public.cmo_funnels (workspace_id, created_at desc);
create index cmo_funnels_plan_idx on public.cmo_funnels (plan_id);
create index cmo_funnels_agent_run_idx on public.cmo_funnels (agent_run_id);

create table public.cmo_funnel_stages (
  id uuid primary key default gen_random_uuid(),
  workspace_id uuid not null,
  tenant_id uuid not null,
  agent_run_id uuid,
  funnel_id uuid not null,
  stage_name text not null,
  stage_type text not null,
  stage_order integer not null default 0,
  description text,
  objective text,
  kpis jsonb default '[]',
  campaign_types jsonb default '[]',
  channels jsonb default '[]',
  content_assets jsonb default '[]',
  target_icps jsonb default '[]',
  linked_offers jsonb default '[]',
  entry_criteria text,
  exit_criteria text,
  expected_volume integer default 0,
  conversion_rate_target numeric default 0,
  budget_allocation numeric default 0,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  foreign key (workspace_id, tenant_id) references public.workspaces (id, tenant_id) on delete cascade,
  foreign key (funnel_id, workspace_id) references public.cmo_funnels (id, workspace_id) on delete cascade
);
create index cmo_funnel_stages_workspace_idx on public.cmo_funnel_stages (workspace_id, created_at desc);
create index cmo_funnel_stages_funnel_idx on public.cmo_funnel_stages (funnel_id, stage_order);
create index cmo_funnel_stages_agent_run_idx on public.cmo_funnel_stages (agent_run_id);
