-- The ledger: one row a run, the only truth about it, and one row a worker process.
--
-- Nobody writes these tables directly, not even the service key: the run RPCs do. Members read
-- the runs of their workspaces.

create table public.workers (
  id uuid primary key,
  started_at timestamptz not null default now(),
  lease_expires_at timestamptz not null,
  -- Since when beats have come without a gap of half a lease.
  alive_since timestamptz not null default now(),
  -- Never unset: a worker that was lost starts again under a new id.
  lost_at timestamptz
);
create index workers_lapsed_idx on public.workers (lease_expires_at) where lost_at is null;

-- Modes are what callers say, agents what rows store; null when the mode is not one.
create function private.agent_of_mode(p_mode text) returns text
language sql immutable set search_path = ''
as $$
  select case p_mode
    when 'setup' then 'cmo-brand-intake'
    when 'strategy' then 'cmo-plan-90day'
    when 'funnels' then 'cmo-funnel-architect'
    when 'campaigns' then 'cmo-campaign-designer'
    when 'content' then 'cmo-content-engine'
    when 'optimization' then 'cmo-optimization-analyst'
  end
$$;

create table public.agent_runs (
  id uuid primary key,
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
  -- The policy refuses larger inputs first; this is the ceiling to which it may be raised.
  input jsonb not null
    check (jsonb_typeof(input) = 'object') check (octet_length(input::text) <= 1048576),
  output jsonb,
  output_text text,
  text_length integer not null default 0,
  truncated boolean not null default false,
  usage jsonb,
  model text,
  artifacts jsonb not null default '[]',
  save_artifacts boolean not null default false,
  on_rate_limit text not null default 'wait' check (on_rate_limit in ('fail', 'wait')),
  retry_of uuid,
  idempotency_key text,
  request_hash text not null,
  attempt integer not null default 0,
  app_retries integer not null default 0,
  infra_retries integer not null default 0,
  worker_id uuid,
  release_reason text,
  cancel_requested_at timestamptz,
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
  constraint agent_runs_agent_of_mode check (agent is not distinct from private.agent_of_mode(mode)),
  constraint agent_runs_running_is_open check ((status = 'running') = (completed_at is null)),
  constraint agent_runs_done_is_ended check ((status = 'running') = (phase <> 'done')),
  constraint agent_runs_active_is_held check (phase <> 'active' or worker_id is not null),
  unique (id, workspace_id),
  unique (created_by, idempotency_key, tenant_id),
  foreign key (workspace_id, tenant_id) references public.workspaces (id, tenant_id) on delete cascade
);

create index agent_runs_workspace_idx on public.agent_runs (workspace_id, created_at desc, id desc);
create index agent_runs_tenant_idx on public.agent_runs (tenant_id, created_at desc);
-- What the sweep asks each second; finished runs are in none of these.
create index agent_runs_due_idx on public.agent_runs (enqueue_after) where phase = 'queued';
create index agent_runs_expiry_idx on public.agent_runs (expires_at)
  where phase = 'queued' and started_at is null;
create index agent_runs_deadline_idx on public.agent_runs (deadline_at) where status = 'running';
create index agent_runs_held_idx on public.agent_runs (worker_id) where phase = 'active';

comment on column public.agent_runs.output_text is
  'The last text that a worker handed in, with an ending or a release; a new attempt empties it. What a worker wrote before it was lost is in the run''s log alone.';
comment on column public.agent_runs.text_length is 'In UTF-16 code units, as counted by the worker.';
comment on column public.agent_runs.usage is 'As last reported; agent_run_attempts has what each attempt used.';
comment on column public.agent_runs.worker_id is 'Who holds the run, or held it last.';
comment on column public.agent_runs.release_reason is 'Why it was last put back: the reason that readers are told for the next attempt.';
comment on column public.agent_runs.enqueue_after is 'When the sweep adds the job again; the row is its own outbox.';
comment on column public.agent_runs.queued_ms is 'From acceptance to the first claim.';
comment on column public.agent_runs.duration_ms is 'From the first claim to the end; 0 when never claimed.';
comment on column public.agent_runs.expires_at is 'A run that nobody has claimed by then has waited too long.';
comment on column public.agent_runs.deadline_at is 'For all attempts together, set by the first claim.';

alter table public.workers enable row level security;
alter table public.agent_runs enable row level security;
create policy members_select on public.agent_runs for select to authenticated
  using (workspace_id in (select private.my_workspace_ids()));

revoke all on public.workers, public.agent_runs from anon, authenticated, service_role;
grant select on public.agent_runs to authenticated, service_role;
grant select on public.workers to service_role;

-- What a run saved names it; the workspace is in the reference, so no foreign run can be named.
do $$
declare
  v_table text;
begin
  foreach v_table in array array[
    'cmo_marketing_plans', 'cmo_funnels', 'cmo_funnel_stages', 'cmo_campaigns',
    'cmo_campaign_channels', 'cmo_content_assets', 'cmo_content_variants', 'cmo_recommendations'
  ] loop
    execute format(
      'alter table public.%I add foreign key (agent_run_id, workspace_id)
         references public.agent_runs (id, workspace_id) on delete set null (agent_run_id)', v_table);
  end loop;
end $$;

revoke all on all functions in schema private from public;
