-- The tables that screens follow live. The publication belongs to Supabase's Realtime and does not
-- exist without it. Subscribers receive only the rows that row level security lets them read.

do $$
declare
  v_table text;
begin
  if not exists (select from pg_catalog.pg_publication where pubname = 'supabase_realtime') then
    return;
  end if;
  foreach v_table in array array[
    'agent_runs', 'cmo_brand_profiles', 'cmo_icp_segments', 'cmo_offers', 'cmo_marketing_plans',
    'cmo_funnels', 'cmo_funnel_stages', 'cmo_campaigns', 'cmo_campaign_channels',
    'cmo_content_assets', 'cmo_content_variants', 'cmo_metrics_snapshots', 'cmo_recommendations'
  ] loop
    execute format('alter publication supabase_realtime add table public.%I', v_table);
  end loop;
end $$;
