-- Every table that a run can save into says which run saved a row, and for whom: also the brand,
-- the segments and the offers, which a conversation saves when it is asked to, and the children.

alter table public.cmo_funnel_stages add column created_by uuid default auth.uid();
alter table public.cmo_campaign_channels add column created_by uuid default auth.uid();
alter table public.cmo_content_variants add column created_by uuid default auth.uid();
alter table public.cmo_recommendations add column created_by uuid default auth.uid();

do $$
declare
  v_table text;
begin
  foreach v_table in array array['cmo_brand_profiles', 'cmo_icp_segments', 'cmo_offers'] loop
    execute format('alter table public.%I add column agent_run_id uuid', v_table);
    execute format(
      'alter table public.%I add foreign key (agent_run_id, workspace_id)
         references public.agent_runs (id, workspace_id) on delete set null (agent_run_id)', v_table);
    execute format('create index on public.%I (agent_run_id)', v_table);
    execute format(
      'comment on column public.%I.agent_run_id is ''The run that saved or changed it last.''', v_table);
  end loop;
end $$;
