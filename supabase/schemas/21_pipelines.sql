-- A pipeline is a sequence of runs of one workspace; each run is given what the earlier ones saved.
--
-- The row holds the request and the current step; the state of a step is the row of its run. The
-- transaction that ends a run also advances its pipeline, so that no crash can come between.
-- Lock order: the run, then its pipeline.

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
  cancel_requested_at timestamptz,
  failed_step text,
  error_code text,
  error_message text,
  created_at timestamptz not null default now(),
  completed_at timestamptz,
  constraint pipelines_running_is_open check ((status = 'running') = (completed_at is null)),
  constraint pipelines_failed_has_step check ((status = 'failed') = (failed_step is not null)),
  constraint pipelines_step_exists check (step between 1 and cardinality(steps)),
  unique (id, workspace_id),
  foreign key (workspace_id, tenant_id) references public.workspaces (id, tenant_id) on delete cascade
);
create index pipelines_workspace_idx on public.pipelines (workspace_id, created_at desc, id desc);

comment on column public.pipelines.steps is 'Modes, in order: some of strategy, funnels, campaigns, content.';
comment on column public.pipelines.step is 'The current step, or the last one when it ended; counted from 1.';
comment on column public.pipelines.inputs is 'By mode: the input of the step''s run, before the ids of saved rows are added.';
comment on column public.pipelines.failed_step is 'The mode that failed, or could not be started.';

alter table public.pipelines enable row level security;
create policy members_select on public.pipelines for select to authenticated
  using (workspace_id in (select private.my_workspace_ids()));
grant select on public.pipelines to authenticated, service_role;
