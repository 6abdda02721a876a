-- Artifacts: the rows that a completed run saves. The worker sends tables, ids and values. The tables
-- and columns that a run may write are listed here, one branch per table. Workspace, tenant, creator,
-- run and status come from the run itself.

-- With so many warnings, nobody should approve it without having read them.
create function private.status_of_draft(p_warnings jsonb) returns text
language sql stable set search_path = ''
as $$
  select case when jsonb_array_length(p_warnings) >= p.review_from_warnings
    then 'needs_review' else 'draft' end
  from private.run_policy p
$$;

-- Returns the id of the row that the artifact became. A draft has the status `draft`, or `needs_review`,
-- except for recommendations, whose screen calls it `pending`, their default. The brand and the segments have no
-- status, and children have that of their parents.
create function private.save_artifact(p_run public.agent_runs, p_artifact jsonb) returns uuid
language plpgsql set search_path = ''
as $$
declare
  v_placed jsonb := jsonb_build_object('id', p_artifact ->> 'id', 'agent_run_id', p_run.id,
    'workspace_id', p_run.workspace_id, 'tenant_id', p_run.tenant_id, 'created_by', p_run.created_by,
    'warnings', private.list_in(p_artifact, 'warnings'));
  v_drafted jsonb := v_placed || jsonb_build_object('status', private.status_of_draft(v_placed -> 'warnings'));
begin
  case p_artifact ->> 'table'
    when 'cmo_brand_profiles' then
      return private.upsert_artifact('public.cmo_brand_profiles', null, v_placed,
        private.read_values(p_artifact, array[
          'brand_name', 'tagline', 'mission_statement', 'brand_voice', 'brand_tone',
          'brand_personality', 'core_values', 'brand_colors', 'brand_fonts', 'logo_url',
          'website_url', 'industry', 'competitors', 'unique_value_proposition',
          'key_differentiators', 'messaging_pillars', 'content_themes']));
    when 'cmo_icp_segments' then
      return private.upsert_artifact('public.cmo_icp_segments', 'segment_name', v_placed,
        private.read_values(p_artifact, array[
          'segment_name', 'segment_description', 'company_size', 'demographics', 'psychographics',
          'pain_points', 'goals', 'buying_triggers', 'objections', 'preferred_channels',
          'content_preferences', 'budget_range', 'decision_criteria', 'industry_verticals',
          'job_titles', 'is_primary', 'priority_score']));
    when 'cmo_offers' then
      -- What the owner sells already is no draft.
      if v_drafted ->> 'status' = 'draft' and p_artifact #>> '{values,status}' in ('active', 'archived') then
        v_drafted := v_drafted || jsonb_build_object('status', p_artifact #> '{values,status}');
      end if;
      return private.upsert_artifact('public.cmo_offers', 'offer_name', v_drafted,
        private.read_values(p_artifact, array[
          'offer_name', 'offer_type', 'description', 'key_benefits', 'features', 'pricing_model',
          'price_range', 'target_segments', 'use_cases', 'success_metrics',
          'competitive_positioning', 'launch_date', 'is_flagship', 'landing_page_url', 'demo_url']));
    when 'cmo_marketing_plans' then
      perform private.insert_row('public.cmo_marketing_plans', v_drafted || private.read_values(p_artifact, array[
        'plan_name', 'plan_type', 'start_date', 'end_date', 'executive_summary', 'primary_objectives',
        'key_metrics', 'budget_allocation', 'month_1_plan', 'month_2_plan', 'month_3_plan',
        'channel_mix', 'content_calendar_outline', 'campaign_themes', 'resource_requirements',
        'dependencies', 'risks_mitigations', 'target_icp_segments', 'target_offers',
        'generation_context']));
    when 'cmo_funnels' then
      perform private.check_reference(p_run, p_artifact, 'plan_id', 'public.cmo_marketing_plans');
      perform private.insert_row('public.cmo_funnels', v_drafted || private.read_values(p_artifact, array[
        'plan_id', 'funnel_name', 'funnel_type', 'description', 'target_icp_segments',
        'target_offers', 'total_budget', 'expected_conversion_rate', 'expected_revenue']));
    when 'cmo_funnel_stages' then
      perform private.check_parent(p_run, p_artifact, 'funnel_id', 'public.cmo_funnels');
      perform private.insert_row('public.cmo_funnel_stages', v_placed || private.read_values(p_artifact, array[
        'funnel_id', 'stage_name', 'stage_type', 'stage_order', 'description', 'objective', 'kpis',
        'campaign_types', 'channels', 'content_assets', 'target_icps', 'linked_offers',
        'entry_criteria', 'exit_criteria', 'expected_volume', 'conversion_rate_target',
        'budget_allocation']));
    when 'cmo_campaigns' then
      perform private.check_reference(p_run, p_artifact, 'plan_id', 'public.cmo_marketing_plans');
      perform private.check_reference(p_run, p_artifact, 'funnel_id', 'public.cmo_funnels');
      perform private.insert_row('public.cmo_campaigns', v_drafted || private.read_values(p_artifact, array[
        'plan_id', 'funnel_id', 'campaign_name', 'campaign_type', 'objective', 'description',
        'target_icp', 'target_offer', 'funnel_stage', 'start_date', 'end_date',
        'budget_allocation', 'primary_kpi', 'secondary_kpis', 'success_criteria', 'goal',
        'target_segment_codes', 'target_tags']));
    when 'cmo_campaign_channels' then
      perform private.check_parent(p_run, p_artifact, 'campaign_id', 'public.cmo_campaigns');
      perform private.insert_row('public.cmo_campaign_channels', v_placed || private.read_values(p_artifact, array[
        'campaign_id', 'channel_name', 'channel_type', 'priority', 'budget_percentage',
        'content_types', 'posting_frequency', 'targeting_notes', 'expected_metrics', 'is_paid',
        'utm_source', 'utm_medium', 'utm_campaign']));
    when 'cmo_content_assets' then
      perform private.check_reference(p_run, p_artifact, 'campaign_id', 'public.cmo_campaigns');
      perform private.save_content(v_drafted || private.read_values(p_artifact, array[
        'campaign_id', 'content_id', 'title', 'content_type', 'channel', 'funnel_stage',
        'target_icp', 'key_message', 'supporting_points', 'cta', 'tone',
        'estimated_production_time', 'dependencies', 'publish_date']));
    when 'cmo_content_variants' then
      perform private.check_parent(p_run, p_artifact, 'asset_id', 'public.cmo_content_assets');
      perform private.insert_row('public.cmo_content_variants', v_placed || private.read_values(p_artifact, array[
        'asset_id', 'variant_name', 'variant_type', 'subject_line', 'headline', 'body_content',
        'cta_text', 'visual_description', 'metadata']));
    when 'cmo_recommendations' then
      perform private.check_reference(p_run, p_artifact, 'campaign_id', 'public.cmo_campaigns');
      perform private.insert_row('public.cmo_recommendations', v_placed || private.read_values(p_artifact, array[
        'campaign_id', 'recommendation_type', 'priority', 'title', 'description', 'rationale',
        'expected_impact', 'effort_level', 'action_items']));
    else
      perform private.refuse_artifact('Runs cannot save into this table.');
  end case;
  return p_artifact ->> 'id';
end $$;

-- Saves all or nothing. Returns {saved: [{table, id}]}, or {refused: <sentence>} when something is
-- wrong with the artifacts. A failure of the database itself is thrown, so that the worker tries again.
create function private.save_artifacts(p_run public.agent_runs, p_artifacts jsonb) returns jsonb
language plpgsql set search_path = ''
as $$
declare
  v_artifacts jsonb := coalesce(nullif(p_artifacts, 'null'), '[]');
  v_artifact jsonb;
  v_ref jsonb;
  v_saved jsonb := '[]';
begin
  perform private.check_artifacts(v_artifacts);
  for v_artifact in select a from jsonb_array_elements(v_artifacts) a loop
    v_ref := jsonb_build_object('table', v_artifact ->> 'table', 'id', private.save_artifact(p_run, v_artifact));
    -- Two artifacts with one name are merged into one row.
    if not v_saved @> jsonb_build_array(v_ref) then
      v_saved := v_saved || v_ref;
    end if;
  end loop;
  return jsonb_build_object('saved', v_saved);
exception when others then
  -- 40 rollback, 53 resources, 55 state, 57 operator, 58 system, XX internal.
  if left(sqlstate, 2) in ('40', '53', '55', '57', '58', 'XX') then
    raise;
  end if;
  return jsonb_build_object('refused', format(
    'The answer is complete, but it could not be saved to %s: %s Copy what you need from the text, or run it again.',
    coalesce(v_artifact ->> 'table', 'the workspace'), rtrim(sqlerrm, '.') || '.'));
end $$;
