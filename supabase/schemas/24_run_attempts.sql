-- One row per attempt, from its claim to its end. It lets an incident be investigated afterwards and
-- accounts for every answer that was paid for, also of attempts that the run no longer shows.
--
-- The run RPCs write it in the transaction that moves the run.

create table public.agent_run_attempts (
  run_id uuid not null,
  attempt integer not null check (attempt > 0),
  workspace_id uuid not null,
  -- No reference: workers are forgotten, attempts are not.
  worker_id uuid not null,
  started_at timestamptz not null default now(),
  ended_at timestamptz,
  outcome text check (outcome in ('completed', 'failed', 'cancelled', 'released', 'lost')),
  reason text,
  model text,
  usage jsonb,
  cost_micros bigint not null default 0 check (cost_micros >= 0),
  cost_estimated boolean not null default false,
  unpriced_calls integer not null default 0,
  text_length integer not null default 0,
  validation_steps jsonb not null default '[]' check (jsonb_typeof(validation_steps) = 'array'),
  calls jsonb not null default '[]' check (jsonb_typeof(calls) = 'array'),
  constraint agent_run_attempts_ended_has_outcome check ((ended_at is null) = (outcome is null)),
  primary key (run_id, attempt),
  foreign key (run_id, workspace_id)
    references public.agent_runs (id, workspace_id) on delete cascade
);
create index agent_run_attempts_workspace_idx
  on public.agent_run_attempts (workspace_id, started_at desc);

comment on column public.agent_run_attempts.outcome is
  'completed, failed and cancelled ended the run; released and lost left it to another attempt, or to the retry limits.';
comment on column public.agent_run_attempts.reason is
  'The code of a failure; why it was released; worker_lost or reply_lost.';
comment on column public.agent_run_attempts.usage is
  'The sum over what the gateway reported for the calls of this attempt. Nobody can report for a lost worker.';
comment on column public.agent_run_attempts.cost_micros is
  'In millionths of a US dollar. Booked when the attempt ends; no later price changes it.';
comment on column public.agent_run_attempts.cost_estimated is
  'A part of the cost is an estimate: the gateway reported no usage, the worker was lost, or a model has no price.';
comment on column public.agent_run_attempts.unpriced_calls is 'Calls whose model has no price. They count as 0.';
comment on column public.agent_run_attempts.text_length is 'In UTF-16 code units, as reported.';
comment on column public.agent_run_attempts.validation_steps is
  '[{answer, step, passed, fixed?, open?}] in order. step is parse, jsonrepair, schema, finish or repair_turn; fixed and open count findings by kind.';
comment on column public.agent_run_attempts.calls is
  '[{call, purpose, model, usage, estimated, cost_micros, unpriced}]: what the gateway last reported for each call, or an estimate. purpose is answer or repair. While the attempt is open, what its worker noted last.';

alter table public.agent_run_attempts enable row level security;
create policy members_select on public.agent_run_attempts for select to authenticated
  using (workspace_id in (select private.my_workspace_ids()));
grant select on public.agent_run_attempts to authenticated, service_role;

-- A list in a worker's report; empty when it is missing or is not a list. A report must never keep a
-- run from ending.
create function private.list_in(p_answer jsonb, p_name text) returns jsonb
language plpgsql immutable set search_path = ''
as $$
begin
  return case when jsonb_typeof(p_answer -> p_name) = 'array' then p_answer -> p_name else '[]' end;
end $$;

create function private.open_attempt(p_run public.agent_runs) returns void
language plpgsql set search_path = ''
as $$
begin
  insert into public.agent_run_attempts (run_id, attempt, workspace_id, worker_id)
  values (p_run.id, p_run.attempt, p_run.workspace_id, p_run.worker_id);
end $$;

-- p_outcome is {outcome, reason}; p_answer is the worker's report. Returns the cost: {micros, estimated}. A
-- run that ends while it is queued has no open attempt: then nothing is written, and nothing is due.
create function private.close_attempt(p_run public.agent_runs, p_outcome jsonb, p_answer jsonb)
returns jsonb
language plpgsql set search_path = ''
as $$
declare
  v_cost jsonb := private.cost_of(p_run, p_answer);
begin
  update public.agent_run_attempts a set
    ended_at = now(),
    outcome = p_outcome ->> 'outcome',
    reason = p_outcome ->> 'reason',
    model = p_answer ->> 'model',
    usage = nullif(p_answer -> 'usage', 'null'),
    cost_micros = (v_cost ->> 'micros')::bigint,
    cost_estimated = (v_cost ->> 'estimated')::boolean,
    unpriced_calls = (v_cost ->> 'unpriced_calls')::integer,
    text_length = coalesce((p_answer ->> 'text_length')::integer, 0),
    validation_steps = private.list_in(p_answer, 'validation_steps'),
    calls = v_cost -> 'calls'
  where a.run_id = p_run.id and a.attempt = p_run.attempt and a.ended_at is null;
  return case when found then v_cost else '{"micros": 0, "estimated": false}' end;
end $$;
