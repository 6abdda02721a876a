-- The two ways in which work on a run stops: the run ends (it is finalized), or it goes back to the
-- queue (it is released). Every RPC and the sweep use mark_finalized and mark_released, and hold the
-- lock of the row when they do.
--
-- Both close the attempt and settle what it cost. A caller that knows more than what happens to the run,
-- for example that the worker was lost, says so in p_outcome.
--
-- A text that a worker reported stays readable until the next attempt begins, and for good if none
-- does. SQL has no other text: what a lost worker wrote is in the log alone, and a run that ends
-- because its workers were lost ends without it.

-- The start of a text, in whole characters, that fits into this many bytes.
create function private.cut_text(p_text text, p_max_bytes integer) returns text
language plpgsql immutable set search_path = ''
as $$
declare
  v_bytes bytea := convert_to(p_text, 'UTF8');
  v_end integer := p_max_bytes;
begin
  if p_text is null or octet_length(v_bytes) <= p_max_bytes then
    return p_text;
  end if;
  -- Continuation bytes start with the bits 10. A cut before one would split a character.
  while v_end > 0 and get_byte(v_bytes, v_end) & 192 = 128 loop
    v_end := v_end - 1;
  end loop;
  return convert_from(substring(v_bytes from 1 for v_end), 'UTF8');
end $$;

-- The sentences for failures that the ledger itself decides. The user who waits reads them.
create function private.failure_message(p_code text) returns text
language plpgsql immutable set search_path = ''
as $$
begin
  return case p_code
    when 'expired' then 'The run waited too long in the queue and was not started. Start it again in a few minutes.'
    when 'deadline_exceeded' then 'The run exceeded its time limit and was stopped. Try again. If it happens twice, ask for less at once.'
    when 'worker_lost' then 'The run was interrupted several times and was stopped. Nothing was saved. Start it again.'
    when 'budget_exceeded' then 'The budget for AI runs is used up. Ask whoever manages your plan to raise it, then run this again.'
    when 'rate_limited' then 'The AI service is busy with too many requests. Wait a minute, then run this again.'
    when 'payment_required' then 'The AI credits of this project are used up. Ask whoever manages billing to add credits, then run this again.'
    when 'internal' then 'An internal error occurred. Retry; if it persists, report the id of the request or the run.'
    else 'The run failed. Try again.'
  end;
end $$;

create function private.run_of(p_run_id uuid) returns public.agent_runs
language plpgsql stable set search_path = ''
as $$
declare
  v_run public.agent_runs;
begin
  select r.* into v_run from public.agent_runs r where r.id = p_run_id;
  return v_run;
end $$;

-- What p_answer does not mention stays as the row has it.
create function private.mark_finalized(
  p_run_id uuid, p_status text, p_answer jsonb default '{}', p_outcome jsonb default null)
returns public.agent_runs
language plpgsql set search_path = ''
as $$
declare
  v_max_bytes integer := (select p.max_output_text_bytes from private.run_policy p);
  v_text text := p_answer ->> 'output_text';
  v_code text := case when p_status = 'failed' then coalesce(p_answer ->> 'error_code', 'internal') end;
  v_run public.agent_runs := private.run_of(p_run_id);
  v_cost jsonb;
begin
  v_cost := private.close_attempt(v_run,
    coalesce(p_outcome, jsonb_build_object('outcome', p_status, 'reason', v_code)), p_answer);
  update public.agent_runs r set
    cost_micros = r.cost_micros + (v_cost ->> 'micros')::bigint,
    cost_estimated = r.cost_estimated or (v_cost ->> 'estimated')::boolean,
    reserved_micros = private.settle_budget(r, (v_cost ->> 'micros')::bigint, p_is_over => true),
    status = p_status,
    phase = 'done',
    completed_at = now(),
    duration_ms = private.ms_since(r.started_at),
    enqueue_after = null,
    output = case when p_status <> 'cancelled' then nullif(p_answer -> 'output', 'null') end,
    -- guards G9: text bytes
    output_text = coalesce(private.cut_text(v_text, v_max_bytes), r.output_text),
    text_length = coalesce((p_answer ->> 'text_length')::integer, r.text_length),
    truncated = coalesce((p_answer ->> 'truncated')::boolean, r.truncated)
      or coalesce(octet_length(v_text) > v_max_bytes, false),
    -- guards G12
    usage = coalesce(nullif(p_answer -> 'usage', 'null'), r.usage),
    model = coalesce(p_answer ->> 'model', r.model),
    agent_version = coalesce((p_answer ->> 'agent_version')::integer, r.agent_version),
    artifacts = case when p_status = 'completed' then coalesce(p_answer -> 'saved', '[]') else '[]' end,
    warnings = case when p_status = 'completed' then private.list_in(p_answer, 'warnings') else '[]' end,
    error_code = v_code,
    error_message = case when p_status = 'failed' then
      left(coalesce(p_answer ->> 'error_message', private.failure_message(p_answer ->> 'error_code')), 2000)
    end
  where r.id = p_run_id
  returning * into v_run;
  return v_run;
end $$;

-- No worker starts it before p_not_before; null: at once.
create function private.mark_released(
  p_run_id uuid, p_reason text, p_due_at timestamptz, p_answer jsonb default '{}',
  p_not_before timestamptz default null, p_outcome jsonb default null)
returns public.agent_runs
language plpgsql set search_path = ''
as $$
declare
  v_max_bytes integer := (select p.max_output_text_bytes from private.run_policy p);
  v_run public.agent_runs := private.run_of(p_run_id);
  v_cost jsonb;
begin
  v_cost := private.close_attempt(v_run,
    coalesce(p_outcome, jsonb_build_object('outcome', 'released', 'reason', p_reason)), p_answer);
  update public.agent_runs r set
    cost_micros = r.cost_micros + (v_cost ->> 'micros')::bigint,
    cost_estimated = r.cost_estimated or (v_cost ->> 'estimated')::boolean,
    reserved_micros = private.settle_budget(r, (v_cost ->> 'micros')::bigint, p_is_over => false),
    phase = 'queued',
    worker_id = null,
    release_reason = p_reason,
    not_before = p_not_before,
    enqueue_after = p_due_at,
    enqueue_count = 0,
    output_text = coalesce(private.cut_text(p_answer ->> 'output_text', v_max_bytes), r.output_text),
    text_length = coalesce((p_answer ->> 'text_length')::integer, r.text_length),
    truncated = coalesce((p_answer ->> 'truncated')::boolean, r.truncated),
    usage = coalesce(nullif(p_answer -> 'usage', 'null'), r.usage),
    model = coalesce(p_answer ->> 'model', r.model),
    agent_version = coalesce((p_answer ->> 'agent_version')::integer, r.agent_version)
  where r.id = p_run_id
  returning * into v_run;
  return v_run;
end $$;

-- The fence: the row, locked, if this attempt still holds it; an empty row if not.
create function private.lock_held_run(p_run_id uuid, p_attempt integer) returns public.agent_runs
language plpgsql set search_path = ''
as $$
declare
  v_run public.agent_runs;
begin
  select r.* into v_run from public.agent_runs r
  -- guards G3, G5: finalize
  where r.id = p_run_id and r.attempt = p_attempt and r.status = 'running' and r.phase = 'active'
  for update;
  return v_run;
end $$;

-- The answer of a fenced RPC. Its tenant's turn is counted first, so that `waiting` is what the next claim
-- finds.
create function private.applied(p_run public.agent_runs, p_tenants uuid[]) returns jsonb
language plpgsql set search_path = ''
as $$
begin
  set constraints public.turn_tenant_of_queued, public.turn_tenant_of_ended immediate;
  return jsonb_build_object(
    'applied', true, 'run', to_jsonb(p_run), 'waiting', private.is_anybody_waiting(p_tenants));
end $$;

-- The answer of a fenced RPC when the fence refused: the row as it is, or null.
create function private.not_applied(p_run_id uuid, p_tenants uuid[]) returns jsonb
language sql stable set search_path = ''
as $$
  select jsonb_build_object('applied', false, 'waiting', private.is_anybody_waiting(p_tenants),
    'run', (select to_jsonb(r) from public.agent_runs r where r.id = p_run_id))
$$;
