-- What a workspace publishes: content assets and their variants. The rules are in 30_brand.sql.

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
  warnings jsonb not null default '[]',
  created_by uuid default auth.uid(),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (id, workspace_id),
  foreign key (workspace_id, tenant_id) references public.workspaces (id, tenant_id) on delete cascade,
  foreign key (agent_run_id, workspace_id) references public.agent_runs (id, workspace_id)
    on delete set null (agent_run_id),
  foreign key (campaign_id, workspace_id) references public.cmo_campaigns (id, workspace_id)
    on delete set null (campaign_id)
);
create index cmo_content_assets_workspace_idx on public.cmo_content_assets (workspace_id, created_at desc);
create index cmo_content_assets_campaign_idx on public.cmo_content_assets (campaign_id);
create index cmo_content_assets_agent_run_idx on public.cmo_content_assets (agent_run_id);

create trigger fill_tenant before insert or update of workspace_id, tenant_id on public.cmo_content_assets
  for each row execute function private.fill_tenant();
create trigger keep_origin before update on public.cmo_content_assets
  for each row execute function private.keep_origin();
create trigger touch_updated_at before update on public.cmo_content_assets
  for each row execute function private.touch_updated_at();

alter table public.cmo_content_assets enable row level security;
create policy members_select on public.cmo_content_assets for select to authenticated
  using (workspace_id in (select private.my_workspace_ids()));
create policy runners_insert on public.cmo_content_assets for insert to authenticated
  with check (workspace_id in (select private.my_runnable_workspace_ids())
    and created_by = (select auth.uid()) and agent_run_id is null);
create policy runners_update on public.cmo_content_assets for update to authenticated
  using (workspace_id in (select private.my_runnable_workspace_ids()))
  with check (workspace_id in (select private.my_runnable_workspace_ids()));
grant select on public.cmo_content_assets to authenticated, service_role;
grant insert, update on public.cmo_content_assets to authenticated;

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
  warnings jsonb not null default '[]',
  created_by uuid default auth.uid(),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  foreign key (workspace_id, tenant_id) references public.workspaces (id, tenant_id) on delete cascade,
  foreign key (agent_run_id, workspace_id) references public.agent_runs (id, workspace_id)
    on delete set null (agent_run_id),
  foreign key (asset_id, workspace_id) references public.cmo_content_assets (id, workspace_id)
    on delete cascade
);
create index cmo_content_variants_workspace_idx on public.cmo_content_variants (workspace_id, created_at desc);
create index cmo_content_variants_asset_idx on public.cmo_content_variants (asset_id);
create index cmo_content_variants_agent_run_idx on public.cmo_content_variants (agent_run_id);

create trigger fill_from_parent before insert or update of asset_id, workspace_id, tenant_id
  on public.cmo_content_variants
  for each row execute function private.fill_from_parent('cmo_content_assets', 'asset_id');
create trigger keep_origin before update on public.cmo_content_variants
  for each row execute function private.keep_origin();
create trigger touch_updated_at before update on public.cmo_content_variants
  for each row execute function private.touch_updated_at();

alter table public.cmo_content_variants enable row level security;
create policy members_select on public.cmo_content_variants for select to authenticated
  using (workspace_id in (select private.my_workspace_ids()));
create policy runners_insert on public.cmo_content_variants for insert to authenticated
  with check (workspace_id in (select private.my_runnable_workspace_ids())
    and created_by = (select auth.uid()) and agent_run_id is null);
create policy runners_update on public.cmo_content_variants for update to authenticated
  using (workspace_id in (select private.my_runnable_workspace_ids()))
  with check (workspace_id in (select private.my_runnable_workspace_ids()));
grant select on public.cmo_content_variants to authenticated, service_role;
grant insert, update on public.cmo_content_variants to authenticated;
