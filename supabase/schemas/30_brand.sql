-- What a workspace is: its brand, the segments it sells to, its offers.
--
-- Rules of all cmo_* tables, in this file and the next four:
-- - Names, types and defaults of columns are those that the existing screens read and write.
-- - Every table has workspace_id and tenant_id, children too. References hold the workspace as well,
--   so that a row can only hang under a parent of its own workspace.
-- - created_by and agent_run_id say who saved a row and which run did; users cannot claim a run.
-- - warnings, [{kind, path, message}], is what the run knew to be wrong or doubted in what it saved.
-- - Users may insert and edit what a marketer edits. Of a recommendation they note the progress. They
--   delete nothing. Every change of a row is kept as a version (36_versions.sql). Runs save through
--   finalize_run. Privileges and policies agree: a verb without a privilege has no policy.
-- - The service key reads. What it writes, it writes through the run RPCs.

create table public.cmo_brand_profiles (
  id uuid primary key default gen_random_uuid(),
  workspace_id uuid not null unique,
  tenant_id uuid not null,
  agent_run_id uuid,
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
  warnings jsonb not null default '[]',
  created_by uuid default auth.uid(),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  foreign key (workspace_id, tenant_id) references public.workspaces (id, tenant_id) on delete cascade,
  foreign key (agent_run_id, workspace_id) references public.agent_runs (id, workspace_id)
    on delete set null (agent_run_id)
);
create index cmo_brand_profiles_agent_run_idx on public.cmo_brand_profiles (agent_run_id);
comment on column public.cmo_brand_profiles.agent_run_id is 'The run that saved or changed it last.';

create trigger fill_tenant before insert or update of workspace_id, tenant_id on public.cmo_brand_profiles
  for each row execute function private.fill_tenant();
create trigger keep_origin before update on public.cmo_brand_profiles
  for each row execute function private.keep_origin();
create trigger touch_updated_at before update on public.cmo_brand_profiles
  for each row execute function private.touch_updated_at();

alter table public.cmo_brand_profiles enable row level security;
create policy members_select on public.cmo_brand_profiles for select to authenticated
  using (workspace_id in (select private.my_workspace_ids()));
create policy runners_insert on public.cmo_brand_profiles for insert to authenticated
  with check (workspace_id in (select private.my_runnable_workspace_ids())
    and created_by = (select auth.uid()) and agent_run_id is null);
create policy runners_update on public.cmo_brand_profiles for update to authenticated
  using (workspace_id in (select private.my_runnable_workspace_ids()))
  with check (workspace_id in (select private.my_runnable_workspace_ids()));
grant select on public.cmo_brand_profiles to authenticated, service_role;
grant insert, update on public.cmo_brand_profiles to authenticated;

create table public.cmo_icp_segments (
  id uuid primary key default gen_random_uuid(),
  workspace_id uuid not null,
  tenant_id uuid not null,
  agent_run_id uuid,
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
  warnings jsonb not null default '[]',
  created_by uuid default auth.uid(),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  foreign key (workspace_id, tenant_id) references public.workspaces (id, tenant_id) on delete cascade,
  foreign key (agent_run_id, workspace_id) references public.agent_runs (id, workspace_id)
    on delete set null (agent_run_id)
);
create index cmo_icp_segments_workspace_idx on public.cmo_icp_segments (workspace_id, created_at desc);
create index cmo_icp_segments_agent_run_idx on public.cmo_icp_segments (agent_run_id);
comment on column public.cmo_icp_segments.agent_run_id is 'The run that saved or changed it last.';

create trigger fill_tenant before insert or update of workspace_id, tenant_id on public.cmo_icp_segments
  for each row execute function private.fill_tenant();
create trigger keep_origin before update on public.cmo_icp_segments
  for each row execute function private.keep_origin();
create trigger touch_updated_at before update on public.cmo_icp_segments
  for each row execute function private.touch_updated_at();

alter table public.cmo_icp_segments enable row level security;
create policy members_select on public.cmo_icp_segments for select to authenticated
  using (workspace_id in (select private.my_workspace_ids()));
create policy runners_insert on public.cmo_icp_segments for insert to authenticated
  with check (workspace_id in (select private.my_runnable_workspace_ids())
    and created_by = (select auth.uid()) and agent_run_id is null);
create policy runners_update on public.cmo_icp_segments for update to authenticated
  using (workspace_id in (select private.my_runnable_workspace_ids()))
  with check (workspace_id in (select private.my_runnable_workspace_ids()));
grant select on public.cmo_icp_segments to authenticated, service_role;
grant insert, update on public.cmo_icp_segments to authenticated;

create table public.cmo_offers (
  id uuid primary key default gen_random_uuid(),
  workspace_id uuid not null,
  tenant_id uuid not null,
  agent_run_id uuid,
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
  warnings jsonb not null default '[]',
  created_by uuid default auth.uid(),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  foreign key (workspace_id, tenant_id) references public.workspaces (id, tenant_id) on delete cascade,
  foreign key (agent_run_id, workspace_id) references public.agent_runs (id, workspace_id)
    on delete set null (agent_run_id)
);
create index cmo_offers_workspace_idx on public.cmo_offers (workspace_id, created_at desc);
create index cmo_offers_agent_run_idx on public.cmo_offers (agent_run_id);
comment on column public.cmo_offers.agent_run_id is 'The run that saved or changed it last.';

create trigger fill_tenant before insert or update of workspace_id, tenant_id on public.cmo_offers
  for each row execute function private.fill_tenant();
create trigger keep_origin before update on public.cmo_offers
  for each row execute function private.keep_origin();
create trigger touch_updated_at before update on public.cmo_offers
  for each row execute function private.touch_updated_at();

alter table public.cmo_offers enable row level security;
create policy members_select on public.cmo_offers for select to authenticated
  using (workspace_id in (select private.my_workspace_ids()));
create policy runners_insert on public.cmo_offers for insert to authenticated
  with check (workspace_id in (select private.my_runnable_workspace_ids())
    and created_by = (select auth.uid()) and agent_run_id is null);
create policy runners_update on public.cmo_offers for update to authenticated
  using (workspace_id in (select private.my_runnable_workspace_ids()))
  with check (workspace_id in (select private.my_runnable_workspace_ids()));
grant select on public.cmo_offers to authenticated, service_role;
grant insert, update on public.cmo_offers to authenticated;
