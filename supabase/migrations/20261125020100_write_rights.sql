-- What signed-in users may write, table by table: what the screens in use write, and nothing else.
--
-- They save a brand, its segments and offers, plans, funnels and stages; they edit the brand, and
-- the progress of a recommendation. They delete nothing. Campaigns, content and metrics they only
-- read: runs save those through finalize_run, and whoever imports them does it in SQL.
--
-- Rights and policies say the same: a verb without a right has no policy either.

do $$
declare
  v_table text;
begin
  foreach v_table in array array[
    'cmo_brand_profiles', 'cmo_icp_segments', 'cmo_offers', 'cmo_marketing_plans', 'cmo_funnels',
    'cmo_funnel_stages', 'cmo_campaigns', 'cmo_campaign_channels', 'cmo_content_assets',
    'cmo_content_variants', 'cmo_metrics_snapshots', 'cmo_recommendations'
  ] loop
    execute format('revoke insert, update, delete on public.%I from authenticated', v_table);
    execute format('drop policy runners_insert on public.%I', v_table);
    execute format('drop policy runners_delete on public.%I', v_table);
  end loop;

  foreach v_table in array array[
    'cmo_icp_segments', 'cmo_offers', 'cmo_marketing_plans', 'cmo_funnels', 'cmo_funnel_stages',
    'cmo_campaigns', 'cmo_campaign_channels', 'cmo_content_assets', 'cmo_content_variants',
    'cmo_metrics_snapshots'
  ] loop
    execute format('drop policy runners_update on public.%I', v_table);
  end loop;

  -- Nobody signs for somebody else.
  foreach v_table in array array['cmo_brand_profiles', 'cmo_icp_segments', 'cmo_offers'] loop
    execute format(
      'create policy runners_insert on public.%I for insert to authenticated
         with check (workspace_id in (select private.my_runnable_workspace_ids())
           and created_by = (select auth.uid()))', v_table);
  end loop;
  -- And what says that a run saved it, was saved by a run.
  foreach v_table in array array['cmo_marketing_plans', 'cmo_funnels'] loop
    execute format(
      'create policy runners_insert on public.%I for insert to authenticated
         with check (workspace_id in (select private.my_runnable_workspace_ids())
           and created_by = (select auth.uid()) and agent_run_id is null)', v_table);
  end loop;
  create policy runners_insert on public.cmo_funnel_stages for insert to authenticated
    with check (workspace_id in (select private.my_runnable_workspace_ids())
      and agent_run_id is null);
end $$;

grant insert on public.cmo_brand_profiles, public.cmo_icp_segments, public.cmo_offers,
  public.cmo_marketing_plans, public.cmo_funnels, public.cmo_funnel_stages to authenticated;
grant update on public.cmo_brand_profiles to authenticated;
grant update (status, implemented_at) on public.cmo_recommendations to authenticated;

-- The screens upsert the brand with their user as creator: the last who saved it, or who it was.
create function private.keep_creator() returns trigger
language plpgsql set search_path = ''
as $$
begin
  if auth.uid() is not null and new.created_by is distinct from auth.uid() then
    raise exception using errcode = '42501', message = 'Nobody signs for somebody else.',
      hint = 'Leave created_by out: it is the one who saves.';
  end if;
  return new;
end $$;

create trigger keep_creator before update on public.cmo_brand_profiles
  for each row when (new.created_by is distinct from old.created_by)
  execute function private.keep_creator();

-- A claim is checked for those who have access. Others are refused by row level security whatever
-- they claim, or the refusals would tell which tenant a workspace belongs to.
create or replace function private.tenant_of(p_workspace_id uuid, p_claim uuid) returns uuid
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_tenant_id uuid;
begin
  select w.tenant_id into v_tenant_id from public.workspaces w where w.id = p_workspace_id;
  if p_claim is null or p_claim in (p_workspace_id, v_tenant_id, auth.uid())
    or (auth.uid() is not null and not private.user_has_workspace_access(p_workspace_id)) then
    return v_tenant_id;
  end if;
  raise exception using errcode = 'PT403', message = 'tenant_mismatch',
    hint = 'Leave tenant_id out: it is derived from the workspace.';
end $$;

revoke all on all functions in schema private from public;
