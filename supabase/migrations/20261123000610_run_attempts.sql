-- What each attempt came to: one row from its claim to whatever ended it, so that an incident can
-- be read afterwards, and every answer that was paid for is accounted for, also of attempts that
-- the run no longer shows.
--
-- The run RPCs write it in the transaction that moves the run; nobody else does.

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
  text_length integer not null default 0,
  constraint agent_run_attempts_ended_is_told check ((ended_at is null) = (outcome is null)),
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
  'As this attempt reported it. Nobody can report for a worker that was lost.';
comment on column public.agent_run_attempts.text_length is 'In UTF-16 code units, as reported.';

alter table public.agent_run_attempts enable row level security;
create policy members_select on public.agent_run_attempts for select to authenticated
  using (workspace_id in (select private.my_workspace_ids()));
revoke all on public.agent_run_attempts from anon, authenticated, service_role;
grant select on public.agent_run_attempts to authenticated, service_role;

create function private.open_attempt(p_run public.agent_runs) returns void
language sql set search_path = ''
as $$
  insert into public.agent_run_attempts (run_id, attempt, workspace_id, worker_id)
  values (p_run.id, p_run.attempt, p_run.workspace_id, p_run.worker_id)
$$;

-- p_outcome is {outcome, reason}; p_answer what the worker reported. A run that ends while it
-- waits has no open attempt: then nothing is written.
create function private.close_attempt(p_run public.agent_runs, p_outcome jsonb, p_answer jsonb)
returns void
language sql set search_path = ''
as $$
  update public.agent_run_attempts a set
    ended_at = now(),
    outcome = p_outcome ->> 'outcome',
    reason = p_outcome ->> 'reason',
    model = p_answer ->> 'model',
    usage = nullif(p_answer -> 'usage', 'null'),
    text_length = coalesce((p_answer ->> 'text_length')::integer, 0)
  where a.run_id = p_run.id and a.attempt = p_run.attempt and a.ended_at is null
$$;

revoke all on all functions in schema private from public;
