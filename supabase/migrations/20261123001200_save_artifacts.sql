-- Artifacts: the rows that a completed run saves. The worker sends tables, ids and values; the
-- tables and columns that may be written stand here, one branch a table, and workspace, tenant,
-- creator and run come from the run itself. References are held by the tables' own keys.

-- The members of p_values that are columns a run may set. A null is as good as absent.
create function private.pick(p_values jsonb, p_columns text[]) returns jsonb
language sql immutable set search_path = ''
as $$
  select coalesce(jsonb_object_agg(v.key, v.value), '{}')
  from jsonb_each(p_values) v
  where v.key = any (p_columns) and v.value <> 'null'
$$;

-- Inserts a row whose keys are columns; columns that it does not name keep their defaults.
create function private.insert_row(p_table regclass, p_row jsonb) returns void
language plpgsql set search_path = ''
as $$
declare
  v_columns text := (select string_agg(format('%I', k), ', ') from jsonb_object_keys(p_row) k);
begin
  execute format('insert into %1$s (%2$s) select %2$s from jsonb_populate_record(null::%1$s, $1)',
    p_table, v_columns) using p_row;
end $$;

create function private.save_artifact(p_run public.agent_runs, p_artifact jsonb) returns void
language plpgsql set search_path = ''
as $$
declare
  v_values jsonb := p_artifact -> 'values';
  v_placed jsonb := jsonb_build_object('id', p_artifact ->> 'id', 'agent_run_id', p_run.id,
    'workspace_id', p_run.workspace_id, 'tenant_id', p_run.tenant_id);
  v_drafted jsonb := v_placed || jsonb_build_object('created_by', p_run.created_by, 'status', 'draft');
begin
  case p_artifact ->> 'table'
    when 'cmo_marketing_plans' then
      perform private.insert_row('public.cmo_marketing_plans', v_drafted || private.pick(v_values, array[
        'plan_name', 'plan_type', 'start_date', 'end_date', 'executive_summary', 'primary_objectives',
        'key_metrics', 'budget_allocation', 'month_1_plan', 'month_2_plan', 'month_3_plan',
        'channel_mix', 'content_calendar_outline', 'campaign_themes', 'resource_requirements',
        'dependencies', 'risks_mitigations', 'target_icp_segments', 'target_offers',
        'generation_context']));
    when 'cmo_funnels' then
      perform private.insert_row('public.cmo_funnels', v_drafted || private.pick(v_values, array[
        'plan_id', 'funnel_name', 'funnel_type', 'description', 'target_icp_segments',
        'target_offers', 'total_budget', 'expected_conversion_rate', 'expected_revenue']));
    when 'cmo_funnel_stages' then
      perform private.insert_row('public.cmo_funnel_stages', v_placed || private.pick(v_values, array[
        'funnel_id', 'stage_name', 'stage_type', 'stage_order', 'description', 'objective', 'kpis',
        'campaign_types', 'channels', 'content_assets', 'target_icps', 'linked_offers',
        'entry_criteria', 'exit_criteria', 'expected_volume', 'conversion_rate_target',
        'budget_allocation']));
    else
      raise exception using errcode = '22023', message = 'A run does not save into this table.';
  end case;
end $$;

-- Saves all or nothing. Answers {saved: [{table, id}]}, or {refused: <sentence>} when something
-- is wrong with what was to be saved. What is wrong with the database itself is thrown, so that
-- the worker tries again.
create function private.save_artifacts(p_run public.agent_runs, p_artifacts jsonb) returns jsonb
language plpgsql set search_path = ''
as $$
declare
  v_artifact jsonb;
  v_saved jsonb := '[]';
begin
  for v_artifact in select a from jsonb_array_elements(coalesce(nullif(p_artifacts, 'null'), '[]')) a loop
    perform private.save_artifact(p_run, v_artifact);
    v_saved := v_saved || jsonb_build_object('table', v_artifact ->> 'table', 'id', v_artifact ->> 'id');
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

revoke all on all functions in schema private from public;
