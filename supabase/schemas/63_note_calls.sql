-- What workers note of the calls that are under way. Nobody can report for a worker that is lost: its
-- attempt then costs what was noted last.

-- p_noted is [{id, attempt, calls}]. Only open attempts that this worker holds are written. A row that
-- somebody has locked is being ended right now, so that nothing here waits and nothing deadlocks.
create function public.note_calls(p_worker_id uuid, p_noted jsonb) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v_noted integer;
begin
  with noted as (
    select a.run_id, a.attempt, n.calls
    from jsonb_to_recordset(p_noted) n (id uuid, attempt integer, calls jsonb)
    join public.agent_run_attempts a on a.run_id = n.id and a.attempt = n.attempt
    -- guards G5: noted calls
    where a.worker_id = p_worker_id and a.ended_at is null and jsonb_typeof(n.calls) = 'array'
    for no key update of a skip locked
  )
  update public.agent_run_attempts a set calls = n.calls
  from noted n where a.run_id = n.run_id and a.attempt = n.attempt;
  get diagnostics v_noted = row_count;
  return jsonb_build_object('noted', v_noted);
end $$;

grant execute on function public.note_calls(uuid, jsonb) to service_role;
