-- What a workspace does: campaigns and their channels. The rules are in 30_brand.sql.

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
  warnings jsonb not null default '[]',
  created_by uuid default auth.uid(),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (id, workspace_id),
  foreign key (workspace_id, tenant_id) references public.workspaces (id, tenant_id) on delete cascade,
  foreign key (agent_run_id, workspace_id) references public.agent_runs (id, workspace_id)
    on delete set null (agent_run_id),
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

create trigger fill_tenant before insert or update of workspace_id, tenant_id on public.cmo_campaigns
  for each row execute function private.fill_tenant();
create trigger keep_origin before update on public.cmo_campaigns
  for each row execute function private.keep_origin();
create trigger touch_updated_at before update on public.cmo_campaigns
  for each row execute function private.touch_updated_at();

alter table public.cmo_campaigns enable row level security;
create policy members_select on public.cmo_campaigns for select to authenticated
  using (workspace_id in (select private.my_workspace_ids()));
create policy runners_insert on public.cmo_campaigns for insert to authenticated
  with check (workspace_id in (select private.my_runnable_workspace_ids())
    and created_by = (select auth.uid()) and agent_run_id is null);
create policy runners_update on public.cmo_campaigns for update to authenticated
  using (workspace_id in (select private.my_runnable_workspace_ids()))
  with check (workspace_id in (select private.my_runnable_workspace_ids()));
grant select on public.cmo_campaigns to authenticated, service_role;
grant insert, update on public.cmo_campaigns to authenticated;

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
  warnings jsonb not null default '[]',
  created_by uuid default auth.uid(),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (id, workspace_id),
  foreign key (workspace_id, tenant_id) references public.workspaces (id, tenant_id) on delete cascade,
  foreign key (agent_run_id, workspace_id) references public.agent_runs (id, workspace_id)
    on delete set null (agent_run_id),
  foreign key (campaign_id, workspace_id) references public.cmo_campaigns (id, workspace_id)
    on delete cascade
);
create index cmo_campaign_channels_workspace_idx on public.cmo_campaign_channels (workspace_id, created_at desc);
create index cmo_campaign_channels_campaign_idx on public.cmo_campaign_channels (campaign_id);
create index cmo_campaign_channels_agent_run_idx on public.cmo_campaign_channels (agent_run_id);

create trigger fill_from_parent before insert or update of campaign_id, workspace_id, tenant_id
  on public.cmo_campaign_channels
  for each row execute function private.fill_from_parent('cmo_campaigns', 'campaign_id');
create trigger keep_origin before update on public.cmo_campaign_channels
  for each row execute function private.keep_origin();
create trigger touch_updated_at before update on public.cmo_campaign_channels
  for each row execute function private.touch_updated_at();

alter table public.cmo_campaign_channels enable row level security;
create policy members_select on public.cmo_campaign_channels for select to authenticated
  using (workspace_id in (select private.my_workspace_ids()));
create policy runners_insert on public.cmo_campaign_channels for insert to authenticated
  with check (workspace_id in (select private.my_runnable_workspace_ids())
    and created_by = (select auth.uid()) and agent_run_id is null);
create policy runners_update on public.cmo_campaign_channels for update to authenticated
  using (workspace_id in (select private.my_runnable_workspace_ids()))
  with check (workspace_id in (select private.my_runnable_workspace_ids()));
grant select on public.cmo_campaign_channels to authenticated, service_role;
grant insert, update on public.cmo_campaign_channels to authenticated;
