-- How rows of the cmo_* tables get their workspace and tenant, and who may touch them.
--
-- Clients in use insert without tenant_id, and children without either id: triggers fill both
-- and refuse a contradiction. The functions look with the owner's rights, so that a foreign
-- parent and a missing one are refused alike, by row level security.

create function private.fill_tenant() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
  if tg_op = 'UPDATE' and new.workspace_id is distinct from old.workspace_id then
    raise exception using errcode = '42501', message = 'A row stays in its workspace.',
      hint = 'Insert a copy into the other workspace instead.';
  end if;
  new.tenant_id := private.tenant_of(new.workspace_id, new.tenant_id);
  return new;
end $$;

-- Arguments: the parent's table, and the column here that names the parent.
create function private.fill_from_parent() returns trigger
language plpgsql security definer set search_path = ''
as $$
declare
  v_parent_id uuid := to_jsonb(new) ->> tg_argv[1];
  v_workspace_id uuid;
begin
  execute format('select p.workspace_id from public.%I p where p.id = $1', tg_argv[0])
    into v_workspace_id using v_parent_id;
  if new.workspace_id is distinct from v_workspace_id and new.workspace_id is not null then
    raise exception using errcode = '42501',
      message = format('%s names no row of this workspace.', tg_argv[1]),
      hint = 'Leave workspace_id out: it is taken from the parent.';
  end if;
  new.workspace_id := v_workspace_id;
  new.tenant_id := private.tenant_of(v_workspace_id, new.tenant_id);
  return new;
end $$;

create trigger fill_from_parent before insert or update of funnel_id, workspace_id, tenant_id
  on public.cmo_funnel_stages
  for each row execute function private.fill_from_parent('cmo_funnels', 'funnel_id');
create trigger fill_from_parent before insert or update of campaign_id, workspace_id, tenant_id
  on public.cmo_campaign_channels
  for each row execute function private.fill_from_parent('cmo_campaigns', 'campaign_id');
create trigger fill_from_parent before insert or update of asset_id, workspace_id, tenant_id
  on public.cmo_content_variants
  for each row execute function private.fill_from_parent('cmo_content_assets', 'asset_id');

do $$
declare
  v_table text;
begin
  foreach v_table in array array[
    'cmo_brand_profiles', 'cmo_icp_segments', 'cmo_offers', 'cmo_marketing_plans', 'cmo_funnels',
    'cmo_campaigns', 'cmo_content_assets', 'cmo_metrics_snapshots', 'cmo_recommendations'
  ] loop
    execute format(
      'create trigger fill_tenant before insert or update of workspace_id, tenant_id on public.%I
         for each row execute function private.fill_tenant()', v_table);
  end loop;

  -- Snapshots are facts of a day: they have no updated_at.
  foreach v_table in array array[
    'cmo_brand_profiles', 'cmo_icp_segments', 'cmo_offers', 'cmo_marketing_plans', 'cmo_funnels',
    'cmo_funnel_stages', 'cmo_campaigns', 'cmo_campaign_channels', 'cmo_content_assets',
    'cmo_content_variants', 'cmo_recommendations'
  ] loop
    execute format(
      'create trigger touch_updated_at before update on public.%I
         for each row execute function private.touch_updated_at()', v_table);
  end loop;

  foreach v_table in array array[
    'cmo_brand_profiles', 'cmo_icp_segments', 'cmo_offers', 'cmo_marketing_plans', 'cmo_funnels',
    'cmo_funnel_stages', 'cmo_campaigns', 'cmo_campaign_channels', 'cmo_content_assets',
    'cmo_content_variants', 'cmo_metrics_snapshots', 'cmo_recommendations'
  ] loop
    execute format('alter table public.%I enable row level security', v_table);
    execute format(
      'create policy members_select on public.%I for select to authenticated
         using (workspace_id in (select private.my_workspace_ids()))', v_table);
    execute format(
      'create policy runners_insert on public.%I for insert to authenticated
         with check (workspace_id in (select private.my_runnable_workspace_ids()))', v_table);
    execute format(
      'create policy runners_update on public.%I for update to authenticated
         using (workspace_id in (select private.my_runnable_workspace_ids()))
         with check (workspace_id in (select private.my_runnable_workspace_ids()))', v_table);
    execute format(
      'create policy runners_delete on public.%I for delete to authenticated
         using (workspace_id in (select private.my_runnable_workspace_ids()))', v_table);
    -- The service key reads; what it writes, it writes through the run RPCs.
    execute format('revoke all on public.%I from anon, authenticated, service_role', v_table);
    execute format('grant select, insert, update, delete on public.%I to authenticated', v_table);
    execute format('grant select on public.%I to service_role', v_table);
  end loop;
end $$;

revoke all on all functions in schema private from public;
