-- Cancels the run of a pipeline's current step, whose end ends the pipeline. While that run is locked
-- nobody advances the pipeline; if it has just ended, the next one is tried. The call is idempotent,
-- also after the end: a repeat returns the row.

create function public.cancel_pipeline(p_pipeline_id uuid) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v_pipeline public.pipelines;
  v_run public.agent_runs;
begin
  loop
    select p.* into v_pipeline from public.pipelines p
    where p.id = p_pipeline_id and private.user_has_workspace_access(p.workspace_id);
    if not found then
      raise exception using errcode = 'PT404', message = 'pipeline_not_found';
    end if;
    perform private.check_run_access(v_pipeline.workspace_id);
    exit when v_pipeline.status <> 'running';

    select r.* into v_run from public.agent_runs r
    where r.pipeline_id = p_pipeline_id and r.pipeline_step = v_pipeline.step
    for update;
    if v_run.status = 'running' then
      update public.pipelines p set cancel_requested_at = coalesce(p.cancel_requested_at, now())
      where p.id = p_pipeline_id;
      -- guards G10: run of the pipeline
      perform public.cancel_run(v_run.id);
      exit;
    end if;
  end loop;
  return private.show_pipeline(p_pipeline_id);
end $$;

grant execute on function public.cancel_pipeline(uuid) to authenticated;
