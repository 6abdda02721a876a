-- The ledger: one row per run, and the only truth about it.
--
-- Nobody writes this table directly, not even the service key: the run RPCs do. Members read the
-- runs of their workspaces.
--
-- Ids are UUIDs of version 7, which sort by time, and every unique constraint contains the id. The
-- table can therefore be partitioned by ranges of ids without touching any other table.

-- Callers send modes, rows store agents. Null when the mode is unknown.
create function private.agent_of_mode(p_mode text) returns text
language plpgsql immutable set search_path = ''
as $$
begin
  return case p_mode
    when 'setup' then 'cmo-brand-intake'
    when 'strategy' then 'cmo-plan-90day'
    when 'funnels' then 'cmo-funnel-architect'
    when 'campaigns' then 'cmo-campaign-designer'
    when 'content' then 'cmo-content-engine'
    when 'optimization' then 'cmo-optimization-analyst'
  end;
end $$;

-- A cost as callers read it.
create function private.cost_shown(p_micros bigint, p_is_estimated boolean) returns jsonb
language plpgsql immutable strict set search_path = ''
as $$
begin
  return jsonb_build_object('micros', p_micros, 'currency', 'USD', 'estimated', p_is_estimated);
end $$;
-- Whoever inserts a row computes its generated columns: in an adopted project, the app.
grant execute on function private.cost_shown(bigint, boolean) to authenticated;

create table public.agent_runs (
  id uuid primary key default private.uuid_v7(),
  tenant_id uuid not null,
  workspace_id uuid not null,
  -- No reference: the rows of a deleted user stay as they are.
  created_by uuid not null,
  agent text not null,
  mode text not null,
  agent_version integer,
  status text not null default 'running'
    check (status in ('running', 'completed', 'failed', 'cancelled')),
  phase text not null default 'queued' check (phase in ('queued', 'active', 'done')),
  -- The policy refuses larger inputs first. This is the limit to which it may be raised.
  input jsonb not null
    check (jsonb_typeof(input) = 'object') check (octet_length(input::text) <= 1048576),
  output jsonb,
  output_text text,
  text_length integer not null default 0,
  truncated boolean not null default false,
  usage jsonb,
  model text,
  artifacts jsonb not null default '[]',
  warnings jsonb not null default '[]' check (jsonb_typeof(warnings) = 'array'),
  save_artifacts boolean not null default false,
  on_rate_limit text not null default 'wait' check (on_rate_limit in ('fail', 'wait')),
  retry_of uuid,
  chat_id text check (length(chat_id) between 1 and 200),
  priority smallint not null default 0,
  pipeline_id uuid,
  pipeline_step integer,
  attempt integer not null default 0,
  app_retries integer not null default 0,
  infra_retries integer not null default 0,
  worker_id uuid,
  release_reason text,
  cancel_requested_at timestamptz,
  not_before timestamptz,
  lane_id integer,
  slot_charge double precision not null default 0,
  reserved_micros bigint not null default 0 check (reserved_micros >= 0),
  cost_micros bigint not null default 0 check (cost_micros >= 0),
  cost_estimated boolean not null default false,
  cost jsonb generated always as (private.cost_shown(cost_micros, cost_estimated)) stored,
  enqueue_after timestamptz,
  enqueue_count integer not null default 0,
  error_code text,
  error_message text,
  queued_ms integer,
  duration_ms integer,
  created_at timestamptz not null default now(),
  started_at timestamptz,
  claimed_at timestamptz,
  expires_at timestamptz not null,
  deadline_at timestamptz,
  completed_at timestamptz,
  constraint agent_runs_id_is_v7 check (uuid_extract_version(id) is not distinct from 7),
  constraint agent_runs_agent_of_mode check (agent is not distinct from private.agent_of_mode(mode)),
  constraint agent_runs_running_is_open check ((status = 'running') = (completed_at is null)),
  constraint agent_runs_done_is_ended check ((status = 'running') = (phase <> 'done')),
  constraint agent_runs_active_is_held check (phase <> 'active' or worker_id is not null),
  constraint agent_runs_step_of_a_pipeline check ((pipeline_id is null) = (pipeline_step is null)),
  -- What rows of the same workspace reference. It contains the id, as a partitioned table requires.
  unique (id, workspace_id),
  foreign key (workspace_id, tenant_id) references public.workspaces (id, tenant_id) on delete cascade,
  foreign key (pipeline_id, workspace_id)
    references public.pipelines (id, workspace_id) on delete cascade
)
-- A row is rewritten about five times between its acceptance and its end. With room on its page, the
-- versions stay together, and updates of columns without an index write no index.
with (fillfactor = 80);

-- One for each filter of list_runs, in its order. A run is entered when it is accepted, claimed and ended;
-- the last index leaves out what runs, of which a workspace has few.
create index agent_runs_workspace_idx on public.agent_runs (workspace_id, created_at desc, id desc);
create index agent_runs_status_idx on public.agent_runs (workspace_id, status, created_at desc, id desc);
create index agent_runs_mode_idx on public.agent_runs (workspace_id, mode, created_at desc, id desc);
create index agent_runs_status_mode_idx
  on public.agent_runs (workspace_id, status, mode, created_at desc, id desc) where status <> 'running';
-- One run per step: the pipeline's row is locked and its step raised when a run is inserted.
create index agent_runs_pipeline_idx on public.agent_runs (pipeline_id, pipeline_step);
-- The retry of a run that is under way: one at most.
create index agent_runs_retry_idx on public.agent_runs (retry_of) where status = 'running' and retry_of is not null;
-- The last run of a chat. Its id is the client's own, so that two users may use the same.
create index agent_runs_chat_idx on public.agent_runs (created_by, chat_id, created_at desc) where chat_id is not null;
-- What the sweep asks each second. Ended runs are in none of these.
create index agent_runs_due_idx on public.agent_runs (enqueue_after) where phase = 'queued';
create index agent_runs_expiry_idx on public.agent_runs (expires_at)
  where phase = 'queued' and started_at is null;
create index agent_runs_deadline_idx on public.agent_runs (deadline_at) where status = 'running';
create index agent_runs_held_idx on public.agent_runs (worker_id) where phase = 'active';

comment on column public.agent_runs.output_text is
  'The last text that a worker reported, with an ending or a release; a new attempt clears it. The text of a lost worker is in the run''s log alone.';
comment on column public.agent_runs.text_length is 'In UTF-16 code units, as counted by the worker.';
comment on column public.agent_runs.usage is
  'Of the attempt that reported last. agent_run_attempts has the usage of each attempt.';
comment on column public.agent_runs.warnings is
  '[{kind, path, message}]: what is known to be wrong with the output of a completed run.';
comment on column public.agent_runs.pipeline_step is 'Its place in the steps of the pipeline, counted from 1.';
comment on column public.agent_runs.worker_id is 'The worker that holds the run, or held it last.';
comment on column public.agent_runs.release_reason is 'Why it was last released. Readers see it as the reason for the next attempt.';
comment on column public.agent_runs.priority is
  'Among the queued runs of its tenant: those for which a person waits come before the later steps of pipelines.';
comment on column public.agent_runs.chat_id is 'The chat of a client that resumes the last run of a chat. Its own id, not ours.';
comment on column public.agent_runs.not_before is 'No worker starts it before.';
comment on column public.agent_runs.lane_id is
  'Which key and model of a gateway its last attempt was claimed for. Null: whichever.';
comment on column public.agent_runs.slot_charge is
  'Slot-seconds for which the tenant was charged when the attempt began.';
comment on column public.agent_runs.reserved_micros is
  'What is reserved for it in the budgets of its tenant and not yet spent.';
comment on column public.agent_runs.cost_micros is 'Of all attempts that have ended, in millionths of a US dollar.';
comment on column public.agent_runs.cost_estimated is 'A part of the cost is an estimate.';
comment on column public.agent_runs.enqueue_after is 'When the sweep adds the job again. The row is its own outbox.';
comment on column public.agent_runs.queued_ms is 'From acceptance to the first claim.';
comment on column public.agent_runs.duration_ms is 'From the first claim to the end; 0 when never claimed.';
comment on column public.agent_runs.expires_at is 'A run that nobody has claimed by then has waited too long.';
comment on column public.agent_runs.deadline_at is 'For all attempts together; set by the first claim.';

alter table public.agent_runs enable row level security;
create policy members_select on public.agent_runs for select to authenticated
  -- guards G18
  using (workspace_id in (select private.my_workspace_ids()));
grant select on public.agent_runs to authenticated, service_role;
