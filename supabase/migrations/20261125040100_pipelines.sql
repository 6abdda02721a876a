-- Pipelines: runs of one workspace, one after the other, each given what the one before has saved.
--
-- The row says what was asked and where the chain stands; what each step does is its run's row.
-- Whoever ends a run moves its pipeline on in the same transaction, so that no crash can come
-- between. Lock order: the run, then its pipeline; never the other way round.

create table public.pipelines (
  id uuid primary key,
  tenant_id uuid not null,
  workspace_id uuid not null,
  -- No reference: the rows of a deleted user stay as they are.
  created_by uuid not null,
  status text not null default 'running'
    check (status in ('running', 'completed', 'failed', 'cancelled')),
  steps text[] not null check (cardinality(steps) between 1 and 4),
  step integer not null default 1,
  inputs jsonb not null check (jsonb_typeof(inputs) = 'object'),
  idempotency_key text,
  request_hash text not null,
  cancel_requested_at timestamptz,
  failed_step text,
  error_code text,
  error_message text,
  created_at timestamptz not null default now(),
  completed_at timestamptz,
  constraint pipelines_running_is_open check ((status = 'running') = (completed_at is null)),
  constraint pipelines_failed_says_where check ((status = 'failed') = (failed_step is not null)),
  constraint pipelines_step_is_one check (step between 1 and cardinality(steps)),
  unique (id, workspace_id),
  unique (created_by, idempotency_key, tenant_id),
  foreign key (workspace_id, tenant_id) references public.workspaces (id, tenant_id) on delete cascade
);
create index pipelines_workspace_idx on public.pipelines (workspace_id, created_at desc, id desc);
comment on column public.pipelines.steps is 'Modes, in order: a part of strategy, funnels, campaigns, content.';
comment on column public.pipelines.step is 'The step it stands at, or stood at when it ended; counted from 1.';
comment on column public.pipelines.inputs is 'By mode: what the step''s run is given, before what earlier steps saved is added.';
comment on column public.pipelines.failed_step is 'The mode that failed, or could not be started.';

alter table public.agent_runs
  add column pipeline_id uuid,
  add column pipeline_step integer,
  add constraint agent_runs_step_of_a_pipeline check ((pipeline_id is null) = (pipeline_step is null)),
  add unique (pipeline_id, pipeline_step),
  add foreign key (pipeline_id, workspace_id)
    references public.pipelines (id, workspace_id) on delete cascade;
comment on column public.agent_runs.pipeline_step is 'Its place in the pipeline''s steps, counted from 1.';

alter table public.pipelines enable row level security;
create policy members_select on public.pipelines for select to authenticated
  using (workspace_id in (select private.my_workspace_ids()));
revoke all on public.pipelines from anon, authenticated, service_role;
grant select on public.pipelines to authenticated, service_role;
