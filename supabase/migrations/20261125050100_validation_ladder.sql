-- How an answer was won: what each rung of the validation ladder said of it, what each call of the
-- attempt used, and what was still open when the run completed.
--
-- The attempt has the rungs and the calls, because each attempt climbs anew; the run has the
-- warnings, because they are about the output that stands in it.

alter table public.agent_run_attempts
  add column rungs jsonb not null default '[]' check (jsonb_typeof(rungs) = 'array'),
  add column calls jsonb not null default '[]' check (jsonb_typeof(calls) = 'array');
alter table public.agent_runs
  add column warnings jsonb not null default '[]' check (jsonb_typeof(warnings) = 'array');

comment on column public.agent_run_attempts.rungs is
  '[{answer, rung, passed, fixed?, open?}] in order; rung is parse, jsonrepair, schema, finish or repair_turn, fixed and open count findings by kind.';
comment on column public.agent_run_attempts.calls is
  '[{call, purpose, model, usage}]: what the gateway last said of each call; purpose is answer or repair.';
comment on column public.agent_run_attempts.usage is
  'The sum over the calls of this attempt. Nobody can report for a worker that was lost.';
comment on column public.agent_runs.usage is
  'Of the attempt that reported last; agent_run_attempts has what each attempt used.';
comment on column public.agent_runs.warnings is
  '[{kind, path, message}]: what is known to be wrong with the output of a completed run.';

-- A list in what a worker reported; empty when it reported none, or something else in its place:
-- a report must never keep a run from ending.
create function private.list_in(p_answer jsonb, p_name text) returns jsonb
language sql immutable set search_path = ''
as $$
  select case when jsonb_typeof(p_answer -> p_name) = 'array' then p_answer -> p_name else '[]' end
$$;

create or replace function private.close_attempt(p_run public.agent_runs, p_outcome jsonb, p_answer jsonb)
returns void
language sql set search_path = ''
as $$
  update public.agent_run_attempts a set
    ended_at = now(),
    outcome = p_outcome ->> 'outcome',
    reason = p_outcome ->> 'reason',
    model = p_answer ->> 'model',
    usage = nullif(p_answer -> 'usage', 'null'),
    text_length = coalesce((p_answer ->> 'text_length')::integer, 0),
    rungs = private.list_in(p_answer, 'rungs'),
    calls = private.list_in(p_answer, 'calls')
  where a.run_id = p_run.id and a.attempt = p_run.attempt and a.ended_at is null
$$;

create or replace function private.end_run(p_run_id uuid, p_status text, p_answer jsonb default '{}')
returns public.agent_runs
language plpgsql set search_path = ''
as $$
declare
  v_max_bytes integer := (select p.max_output_text_bytes from private.run_policy p);
  v_text text := p_answer ->> 'output_text';
  v_run public.agent_runs;
begin
  update public.agent_runs r set
    status = p_status,
    phase = 'done',
    completed_at = now(),
    duration_ms = private.ms_since(r.started_at),
    enqueue_after = null,
    output = case when p_status <> 'cancelled' then nullif(p_answer -> 'output', 'null') end,
    output_text = coalesce(private.cut_text(v_text, v_max_bytes), r.output_text),
    text_length = coalesce((p_answer ->> 'text_length')::integer, r.text_length),
    truncated = coalesce((p_answer ->> 'truncated')::boolean, r.truncated)
      or coalesce(octet_length(v_text) > v_max_bytes, false),
    usage = coalesce(nullif(p_answer -> 'usage', 'null'), r.usage),
    model = coalesce(p_answer ->> 'model', r.model),
    agent_version = coalesce((p_answer ->> 'agent_version')::integer, r.agent_version),
    artifacts = case when p_status = 'completed' then coalesce(p_answer -> 'saved', '[]') else '[]' end,
    warnings = case when p_status = 'completed' then private.list_in(p_answer, 'warnings') else '[]' end,
    error_code = case when p_status = 'failed' then coalesce(p_answer ->> 'error_code', 'internal') end,
    error_message = case when p_status = 'failed' then
      left(coalesce(p_answer ->> 'error_message', private.failure_message(p_answer ->> 'error_code')), 2000)
    end
  where r.id = p_run_id
  returning * into v_run;
  perform private.close_attempt(v_run,
    jsonb_build_object('outcome', v_run.status, 'reason', v_run.error_code), p_answer);
  return v_run;
end $$;

revoke all on all functions in schema private from public;
