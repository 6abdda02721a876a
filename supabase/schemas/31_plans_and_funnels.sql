-- What a workspace plans: marketing plans, funnels and their stages. The rules are in 30_brand.sql.

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
  warnings jsonb not null default '[]',
  created_by uuid default auth.uid(),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (id, workspace_id),
  foreign key (workspace_id, tenant_id) references public.workspaces (id, tenant_id) on delete cascade,
  foreign key (agent_run_id, workspace_id) references public.agent_runs (id, workspace_id)
    on delete set null (agent_run_id)
);
create index cmo_marketing_plans_workspace_idx on public.cmo_marketing_plans (workspace_id, created_at desc);
create index cmo_marketing_plans_agent_run_idx on public.cmo_marketing_plans (agent_run_id);

create trigger fill_tenant before insert or update of workspace_id, tenant_id on public.cmo_marketing_plans
  for each row execute function private.fill_tenant();
create trigger keep_origin before update on public.cmo_marketing_plans
  for each row execute function private.keep_origin();
create trigger touch_updated_at before update on public.cmo_marketing_plans
  for each row execute function private.touch_updated_at();

alter table public.cmo_marketing_plans enable row level security;
create policy members_select on public.cmo_marketing_plans for select to authenticated
  using (workspace_id in (select private.my_workspace_ids()));
create policy runners_insert on public.cmo_marketing_plans for insert to authenticated
  with check (workspace_id in (select private.my_runnable_workspace_ids())
    and created_by = (select auth.uid()) and agent_run_id is null);
create policy runners_update on public.cmo_marketing_plans for update to authenticated
  using (workspace_id in (select private.my_runnable_workspace_ids()))
  with check (workspace_id in (select private.my_runnable_workspace_ids()));
grant select on public.cmo_marketing_plans to authenticated, service_role;
grant insert, update on public.cmo_marketing_plans to authenticated;

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
  warnings jsonb not null default '[]',
  created_by uuid default auth.uid(),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (id, workspace_id),
  foreign key (workspace_id, tenant_id) references public.workspaces (id, tenant_id) on delete cascade,
  foreign key (agent_run_id, workspace_id) references public.agent_runs (id, workspace_id)
    on delete set null (agent_run_id),
  foreign key (plan_id, workspace_id) references public.cmo_marketing_plans (id, workspace_id)
    on delete set null (plan_id)
);
create index cmo_funnels_workspace_idx on public.cmo_funnels (workspace_id, created_at desc);
create index cmo_funnels_plan_idx on public.cmo_funnels (plan_id);
create index cmo_funnels_agent_run_idx on public.cmo_funnels (agent_run_id);

create trigger fill_tenant before insert or update of workspace_id, tenant_id on public.cmo_funnels
  for each row execute function private.fill_tenant();
create trigger keep_origin before update on public.cmo_funnels
  for each row execute function private.keep_origin();
create trigger touch_updated_at before update on public.cmo_funnels
  for each row execute function private.touch_updated_at();

alter table public.cmo_funnels enable row level security;
create policy members_select on public.cmo_funnels for select to authenticated
  using (workspace_id in (select private.my_workspace_ids()));
create policy runners_insert on public.cmo_funnels for insert to authenticated
  with check (workspace_id in (select private.my_runnable_workspace_ids())
    and created_by = (select auth.uid()) and agent_run_id is null);
create policy runners_update on public.cmo_funnels for update to authenticated
  using (workspace_id in (select private.my_runnable_workspace_ids()))
  with check (workspace_id in (select private.my_runnable_workspace_ids()));
grant select on public.cmo_funnels to authenticated, service_role;
grant insert, update on public.cmo_funnels to authenticated;

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
  warnings jsonb not null default '[]',
  created_by uuid default auth.uid(),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  foreign key (workspace_id, tenant_id) references public.workspaces (id, tenant_id) on delete cascade,
  foreign key (agent_run_id, workspace_id) references public.agent_runs (id, workspace_id)
    on delete set null (agent_run_id),
  foreign key (funnel_id, workspace_id) references public.cmo_funnels (id, workspace_id) on delete cascade
);
create index cmo_funnel_stages_workspace_idx on public.cmo_funnel_stages (workspace_id, created_at desc);
create index cmo_funnel_stages_funnel_idx on public.cmo_funnel_stages (funnel_id, stage_order);
create index cmo_funnel_stages_agent_run_idx on public.cmo_funnel_stages (agent_run_id);

create trigger fill_from_parent before insert or update of funnel_id, workspace_id, tenant_id
  on public.cmo_funnel_stages
  for each row execute function private.fill_from_parent('cmo_funnels', 'funnel_id');
create trigger keep_origin before update on public.cmo_funnel_stages
  for each row execute function private.keep_origin();
create trigger touch_updated_at before update on public.cmo_funnel_stages
  for each row execute function private.touch_updated_at();

alter table public.cmo_funnel_stages enable row level security;
create policy members_select on public.cmo_funnel_stages for select to authenticated
  using (workspace_id in (select private.my_workspace_ids()));
create policy runners_insert on public.cmo_funnel_stages for insert to authenticated
  with check (workspace_id in (select private.my_runnable_workspace_ids())
    and created_by = (select auth.uid()) and agent_run_id is null);
create policy runners_update on public.cmo_funnel_stages for update to authenticated
  using (workspace_id in (select private.my_runnable_workspace_ids()))
  with check (workspace_id in (select private.my_runnable_workspace_ids()));
grant select on public.cmo_funnel_stages to authenticated, service_role;
grant insert, update on public.cmo_funnel_stages to authenticated;
