-- Generated from supabase/schemas by `npm run db:baseline`. Do not edit.

-- schemas/00_privileges.sql

-- Closed by default. A new table, sequence or function is accessible to nobody but its owner until
-- its own file grants a privilege by name. A hosted project's defaults grant everything; these
-- statements withdraw them, so that a forgotten `revoke` opens nothing.

alter default privileges in schema public
  revoke all on tables from anon, authenticated, service_role;
alter default privileges in schema public
  revoke all on sequences from anon, authenticated, service_role;
alter default privileges in schema public
  revoke all on functions from anon, authenticated, service_role;
-- By default everybody may execute a new function. Only a revoke without a schema changes that.
alter default privileges revoke execute on functions from public;

-- Everything that no API shows. Policies call three of its functions as the user who asks.
create schema private;
grant usage on schema private to authenticated;

-- schemas/01_time_and_ids.sql

-- Small functions of time: the `updated_at` trigger, durations, and ids that sort by time.

create function private.touch_updated_at() returns trigger
language plpgsql set search_path = ''
as $$
begin
  new.updated_at := now();
  return new;
end $$;

-- Milliseconds since a moment; 0 when it is null.
create function private.ms_since(p_moment timestamptz) returns integer
language plpgsql stable set search_path = ''
as $$
begin
  return coalesce(round(extract(epoch from now() - p_moment) * 1000)::integer, 0);
end $$;

-- A UUID of version 7 (RFC 9562): 48 bits of Unix milliseconds, then random bits. PostgreSQL 17
-- has no function of its own for it. Bits 52 and 53 turn the version nibble from 4 into 7.
create function private.uuid_v7() returns uuid
language sql volatile set search_path = ''
as $$
  select encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid())
    placing substring(int8send(floor(extract(epoch from clock_timestamp()) * 1000)::bigint) from 3)
    from 1 for 6), 52, 1), 53, 1), 'hex')::uuid
$$;

-- schemas/10_tenancy.sql

-- Tenants own workspaces; users are members of workspaces.
--
-- Membership is decided in private.roles_of() alone. Every policy and every RPC asks it through the
-- functions below. Policies use the set forms: Postgres evaluates them once per query, not per row.
--
-- Whatever every run calls is in plpgsql, which keeps its plans: a function in SQL that sets its search path
-- is planned anew by each query that calls it.

create table public.tenants (
  id uuid primary key default gen_random_uuid(),
  name text not null,
  slug text not null unique,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create table public.workspaces (
  id uuid primary key default gen_random_uuid(),
  tenant_id uuid not null references public.tenants (id) on delete cascade,
  name text not null,
  slug text not null unique,
  owner_id uuid not null,
  settings jsonb not null default '{}',
  is_default boolean not null default false,
  demo_mode boolean not null default false,
  stripe_connected boolean not null default false,
  time_zone text not null default 'UTC',
  currency text not null default 'USD' check (currency ~ '^[A-Z]{3}$'),
  language text not null default 'en',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  -- Rows of a workspace reference both ids together, so that neither can be wrong alone.
  unique (id, tenant_id)
);
create index workspaces_tenant_id_idx on public.workspaces (tenant_id);
create index workspaces_owner_id_idx on public.workspaces (owner_id);
comment on column public.workspaces.time_zone is 'IANA name; decides what "today" is for a run.';
comment on column public.workspaces.currency is 'ISO 4217.';
comment on column public.workspaces.language is 'BCP 47; the language that agents write in.';

create table public.workspace_members (
  workspace_id uuid not null references public.workspaces (id) on delete cascade,
  user_id uuid not null,
  role text not null default 'member' check (role in ('owner', 'admin', 'member', 'viewer')),
  created_at timestamptz not null default now(),
  primary key (workspace_id, user_id)
);
create index workspace_members_user_id_idx on public.workspace_members (user_id);

-- In an adopted project a workspace may belong to no tenant. It is then its own.
create function private.tenant_id_of(p_workspace public.workspaces) returns uuid
language plpgsql immutable set search_path = ''
as $$
begin
  return coalesce(p_workspace.tenant_id, p_workspace.id);
end $$;

create trigger touch_updated_at before update on public.tenants
  for each row execute function private.touch_updated_at();
create trigger touch_updated_at before update on public.workspaces
  for each row execute function private.touch_updated_at();

-- The roles of any user, also of one who is not signed in right now.
create function private.roles_of(p_user_id uuid) returns table (workspace_id uuid, role text)
language plpgsql stable security definer set search_path = ''
as $$
begin
  return query
  select w.id, 'owner' from public.workspaces w where w.owner_id = p_user_id
  union
  select m.workspace_id, m.role from public.workspace_members m where m.user_id = p_user_id;
end $$;

create function private.my_roles() returns table (workspace_id uuid, role text)
language plpgsql stable security definer set search_path = ''
as $$
begin
  return query select r.workspace_id, r.role from private.roles_of((select auth.uid())) r;
end $$;

-- Every role may read; viewers may do nothing else.
create function private.user_has_workspace_access(p_workspace_id uuid, p_to_run boolean default false)
returns boolean
language plpgsql stable security definer set search_path = ''
as $$
begin
  return exists (
    select from private.my_roles() r
    where r.workspace_id = p_workspace_id and (r.role <> 'viewer' or not p_to_run)
  );
end $$;

create function private.my_workspace_ids() returns setof uuid
language plpgsql stable security definer set search_path = ''
as $$
begin
  return query select r.workspace_id from private.my_roles() r;
end $$;

create function private.my_runnable_workspace_ids() returns setof uuid
language plpgsql stable security definer set search_path = ''
as $$
begin
  return query select r.workspace_id from private.my_roles() r where r.role <> 'viewer';
end $$;

-- The code with which a user is refused to run in a workspace; null when they may.
create function private.refused_membership(p_user_id uuid, p_workspace_id uuid) returns text
language plpgsql stable security definer set search_path = ''
as $$
begin
  return (
    select case
      when bool_or(r.role <> 'viewer') then null
      when count(*) > 0 then 'role_forbidden'
      else 'workspace_forbidden'
    end
    from private.roles_of(p_user_id) r where r.workspace_id = p_workspace_id
  );
end $$;

grant execute on function
  private.user_has_workspace_access(uuid, boolean),
  private.my_workspace_ids(),
  private.my_runnable_workspace_ids()
  to authenticated;

-- The project's owner administers tenancy in SQL; the API can only read it.
alter table public.tenants enable row level security;
alter table public.workspaces enable row level security;
alter table public.workspace_members enable row level security;

create policy members_select on public.tenants for select to authenticated
  using (id in (select w.tenant_id from public.workspaces w));
create policy members_select on public.workspaces for select to authenticated
  using (id in (select private.my_workspace_ids()));
create policy members_select on public.workspace_members for select to authenticated
  using (workspace_id in (select private.my_workspace_ids()));

grant select on public.tenants, public.workspaces, public.workspace_members
  to authenticated, service_role;

-- schemas/11_row_ownership.sql

-- How a row of a cmo_* table gets its workspace and tenant, and keeps its creator and its run.
--
-- Existing clients insert without tenant_id, and children without either id. Triggers fill in both
-- and refuse a contradiction. They read with the owner's privileges, so that a foreign parent and a
-- missing one are refused alike, by row level security.

-- The tenant is derived from the workspace. A tenant id that a caller sends is a claim: existing
-- clients send the id of the tenant, of the workspace or of themselves, and mean the same. Any
-- other is refused, but only to callers with access. Row level security refuses the others whatever
-- they claim; a different refusal would reveal which tenant a workspace belongs to.
create function private.tenant_of(p_workspace_id uuid, p_claim uuid) returns uuid
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_workspace public.workspaces;
begin
  select w.* into v_workspace from public.workspaces w where w.id = p_workspace_id;
  -- In an adopted project, what a screen takes for the tenant of a workspace without one is anything.
  if p_claim is null or v_workspace.tenant_id is null
    or p_claim in (p_workspace_id, v_workspace.tenant_id, auth.uid())
    or (auth.uid() is not null and not private.user_has_workspace_access(p_workspace_id)) then
    return private.tenant_id_of(v_workspace);
  end if;
  raise exception using errcode = 'PT403', message = 'tenant_mismatch',
    hint = 'Leave out tenant_id. It is derived from the workspace.';
end $$;

create function private.fill_tenant() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
  if tg_op = 'UPDATE' and new.workspace_id is distinct from old.workspace_id then
    raise exception using errcode = '42501', message = 'A row cannot move to another workspace.',
      hint = 'Insert a copy into the other workspace instead.';
  end if;
  new.tenant_id := private.tenant_of(new.workspace_id, new.tenant_id);
  return new;
end $$;

-- Arguments: the table of the parent, and the column that references it.
create function private.fill_from_parent() returns trigger
language plpgsql security definer set search_path = ''
as $$
declare
  v_parent_id uuid := to_jsonb(new) ->> tg_argv[1];
  v_workspace_id uuid;
begin
  execute format('select p.workspace_id from public.%I p where p.id = $1', tg_argv[0])
    into v_workspace_id using v_parent_id;
  if new.workspace_id is distinct from v_workspace_id and new.workspace_id is not null then
    raise exception using errcode = '42501',
      message = format('%s names no row of this workspace.', tg_argv[1]),
      hint = 'Leave out workspace_id. It is taken from the parent.';
  end if;
  new.workspace_id := v_workspace_id;
  new.tenant_id := private.tenant_of(v_workspace_id, new.tenant_id);
  return new;
end $$;

-- Users may change neither what a row is called, nor when and by whom it was created, nor which run
-- saved it. A run's own writes have no user.
create function private.keep_origin() returns trigger
language plpgsql set search_path = ''
as $$
begin
  if auth.uid() is null then
    return new;
  end if;
  -- guards G18: origin
  if (new.id, new.created_at) is distinct from (old.id, old.created_at) then
    raise exception using errcode = '42501', message = 'id and created_at cannot be changed.',
      hint = 'Leave them out.';
  end if;
  if new.created_by is distinct from old.created_by and new.created_by is distinct from auth.uid() then
    raise exception using errcode = '42501', message = 'created_by must be the user who saves.',
      hint = 'Leave out created_by.';
  end if;
  if new.agent_run_id is distinct from old.agent_run_id then
    raise exception using errcode = '42501', message = 'Only a run may set agent_run_id.',
      hint = 'Leave out agent_run_id.';
  end if;
  return new;
end $$;

-- schemas/12_tenant_limits.sql

-- What a tenant may use, in one place. The row without a tenant holds the defaults. A tenant's own row
-- overrides them column by column, until its end if it has one. Every decision reads the rows anew, so
-- that a change works from the next request on.

create table private.tenant_limits (
  -- No reference: in an adopted project a workspace without a tenant is its own.
  tenant_id uuid unique nulls not distinct,
  until timestamptz,
  weight double precision check (weight > 0),
  max_running integer check (max_running > 0),
  max_queued integer check (max_queued >= 0),
  runs_per_minute integer check (runs_per_minute >= 0),
  runs_per_hour integer check (runs_per_hour >= 0),
  runs_per_day integer check (runs_per_day >= 0),
  user_runs_per_minute integer check (user_runs_per_minute >= 0),
  user_runs_per_hour integer check (user_runs_per_hour >= 0),
  user_runs_per_day integer check (user_runs_per_day >= 0),
  max_streams integer check (max_streams >= 0),
  max_user_streams integer check (max_user_streams >= 0),
  budget_run_micros bigint check (budget_run_micros >= 0),
  budget_day_micros bigint check (budget_day_micros >= 0),
  budget_month_micros bigint check (budget_month_micros >= 0),
  constraint tenant_limits_defaults_are_whole check (tenant_id is not null or (
    until is null and num_nulls(weight, max_running, max_queued, runs_per_minute, runs_per_hour, runs_per_day,
      user_runs_per_minute, user_runs_per_hour, user_runs_per_day, max_streams, max_user_streams) = 0))
);
alter table private.tenant_limits enable row level security;

comment on column private.tenant_limits.tenant_id is 'Null in the row of the defaults.';
comment on column private.tenant_limits.until is 'The override ends then. Null: it stays.';
comment on column private.tenant_limits.weight is
  'Its share of the workers while others wait: twice the weight is twice the time of slots.';
comment on column private.tenant_limits.max_running is
  'Runs at a time while other tenants wait. Nobody is held back by it while nobody else waits.';
comment on column private.tenant_limits.max_queued is
  'Runs that wait for a worker: minutes of work for a tenant, and far less than wait_limit for the others.';
comment on column private.tenant_limits.runs_per_minute is
  'Accepted ones, of all users of the tenant: one a second is more than people start, and fewer than a loop.';
comment on column private.tenant_limits.runs_per_hour is
  'A campaign that is planned all day long starts some dozens.';
comment on column private.tenant_limits.runs_per_day is
  'Of UTC. What is accepted counts, whatever becomes of it: who cancels a run gets nothing back.';
comment on column private.tenant_limits.user_runs_per_minute is
  'The same for one user of the tenant. As much as the tenant may: a lower one keeps something for the others.';
comment on column private.tenant_limits.user_runs_per_hour is 'The same for one user of the tenant.';
comment on column private.tenant_limits.user_runs_per_day is 'The same for one user of the tenant.';
comment on column private.tenant_limits.max_streams is
  'Open at a time, of all users of the tenant: some tabs for each person of a team.';
comment on column private.tenant_limits.max_user_streams is
  'Open at a time by one user: each of their tabs follows a run or two.';
comment on column private.tenant_limits.budget_run_micros is
  'Millionths of the currency of the prices. Null in all three budgets: no limit.';

insert into private.tenant_limits (
  weight, max_running, max_queued, runs_per_minute, runs_per_hour, runs_per_day,
  user_runs_per_minute, user_runs_per_hour, user_runs_per_day, max_streams, max_user_streams)
values (1, 10, 50, 60, 500, 2000, 60, 500, 2000, 50, 10);

create function private.limits_of(p_tenant_id uuid) returns private.tenant_limits
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_defaults private.tenant_limits;
  v_own private.tenant_limits;
begin
  select l.* into v_defaults from private.tenant_limits l where l.tenant_id is null;
  select l.* into v_own from private.tenant_limits l
  where l.tenant_id = p_tenant_id and (l.until is null or l.until > now());
  if not found then
    return v_defaults;
  end if;
  return jsonb_populate_record(v_defaults, jsonb_strip_nulls(to_jsonb(v_own)));
end $$;

-- schemas/20_run_policy.sql

-- The durations and limits of the ledger, each once and with its reason. No RPC takes one as an
-- argument: whoever may update this row may change the policy, and nobody else. Tests shorten them.

create table private.run_policy (
  id boolean primary key default true check (id),
  lease interval not null default '4 seconds',
  sweep_every interval not null default '900 milliseconds',
  wait_limit interval not null default '1 hour',
  work_limit interval not null default '10 minutes',
  end_grace interval not null default '10 seconds',
  reconcile_after interval not null default '5 seconds',
  first_enqueue_after interval not null default '5 seconds',
  enqueue_backoff interval not null default '15 seconds',
  enqueue_backoff_max interval not null default '5 minutes',
  release_delay_max interval not null default '5 minutes',
  forget_workers_after interval not null default '1 day',
  idempotency_keys_expire_after interval not null default '1 day',
  max_app_retries integer not null default 3 check (max_app_retries > 0),
  max_infra_retries integer not null default 3 check (max_infra_retries > 0),
  max_input_bytes integer not null default 262144 check (max_input_bytes between 1 and 1048576),
  max_input_depth integer not null default 32 check (max_input_depth between 1 and 512),
  max_output_text_bytes integer not null default 1048576 check (max_output_text_bytes > 0),
  max_artifacts integer not null default 500 check (max_artifacts > 0),
  max_artifact_bytes integer not null default 2097152 check (max_artifact_bytes > 0),
  max_name_chars integer not null default 500 check (max_name_chars > 0),
  sweep_batch integer not null default 500 check (sweep_batch > 0),
  max_workspaces_per_user integer not null default 20 check (max_workspaces_per_user > 0),
  max_invitations integer not null default 200 check (max_invitations > 0),
  max_imported_lines integer not null default 2000 check (max_imported_lines > 0),
  max_versions_per_row integer not null default 100 check (max_versions_per_row > 1),
  review_from_warnings integer not null default 5 check (review_from_warnings > 0),
  first_reserve_micros bigint not null default 20000 check (first_reserve_micros > 0),
  lane_pause_min interval not null default '1 second',
  lane_pause_max interval not null default '3 seconds',
  lane_unpaid_pause interval not null default '1 minute',
  lane_broken_pause interval not null default '10 seconds',
  lane_broken_pause_max interval not null default '1 minute',
  lane_failures integer not null default 5 check (lane_failures > 0),
  lane_failures_within interval not null default '30 seconds',
  lane_probe interval not null default '5 seconds',
  lane_doubles_every interval not null default '1 second',
  lane_trusted_after interval not null default '1 minute',
  lane_seen_within interval not null default '15 seconds'
);

comment on column private.run_policy.lease is
  'Four missed heartbeats of a second: long enough for a garbage collection or a slow commit, short enough that a reader waits only seconds for a new attempt.';
comment on column private.run_policy.sweep_every is
  'Every worker asks each second. The period is just below it, so that one of them always gets the turn.';
comment on column private.run_policy.wait_limit is
  'After an hour in the queue nobody waits for the answer any more, and a failed run can be retried.';
comment on column private.run_policy.work_limit is
  'For all attempts together. The longest regular run takes two minutes; three attempts of it fit.';
comment on column private.run_policy.end_grace is
  'A worker ends its own runs at the deadline. The sweep ends them only when the worker did not.';
comment on column private.run_policy.reconcile_after is
  'The reply to a claim that has not arrived by then has timed out. Before, it may be on its way.';
comment on column private.run_policy.first_enqueue_after is
  'The submitter adds the job within a second. If its queue was unavailable, the sweep adds it then.';
comment on column private.run_policy.enqueue_backoff is
  'Doubles each time: a waiting run whose job is still in the queue need not be added again soon.';
comment on column private.run_policy.enqueue_backoff_max is
  'The longest time that a lost job goes unnoticed while the queue seems intact.';
comment on column private.run_policy.release_delay_max is
  'Half of work_limit, so that a released run keeps time to finish.';
comment on column private.run_policy.forget_workers_after is
  'A day of lost workers is enough to investigate an incident.';
comment on column private.run_policy.idempotency_keys_expire_after is
  'Longer than any client retries. At least 24 hours, which is what callers are promised.';
comment on column private.run_policy.max_app_retries is
  'Attempts that may fail by themselves. The model is paid for each.';
comment on column private.run_policy.max_infra_retries is
  'Workers that a run may lose. A run that kills its worker must not be retried for ever.';
comment on column private.run_policy.max_input_bytes is
  'A conversation of many turns fits. What is larger does not fit the model''s context either.';
comment on column private.run_policy.max_input_depth is
  'Levels of brackets. No agent''s input has more than five, and recursion over it stays shallow.';
comment on column private.run_policy.max_output_text_bytes is
  'Ten times the longest answer of a model. Bounds a row and a snapshot.';
comment on column private.run_policy.max_artifacts is
  'Rows per run. The largest regular answer is some dozens of content pieces in two variants each.';
comment on column private.run_policy.max_artifact_bytes is
  'All rows of a run together: twice the longest text that it may answer with.';
comment on column private.run_policy.max_name_chars is
  'Names and titles appear in lists. A text of this length is neither.';
comment on column private.run_policy.sweep_batch is
  'Bounds one sweep to a fraction of a second. What is left over is due a second later.';
comment on column private.run_policy.max_workspaces_per_user is
  'Owned by one user: an agency has one for each of its clients. Each may have runs of its own.';
comment on column private.run_policy.max_invitations is
  'Open ones of a workspace: more than a team has, fewer than a mailing list.';
comment on column private.run_policy.max_imported_lines is
  'More than five years of days. They are checked and written in one transaction.';
comment on column private.run_policy.max_versions_per_row is
  'More than anybody looks back at. Older ones are folded into one, so that a row stays bounded.';
comment on column private.run_policy.review_from_warnings is
  'An answer with a doubt or two is ordinary. One with five is read before it is approved.';
comment on column private.run_policy.lane_pause_min is
  'After a rate limit the pool asks the gateway at most once a second.';
comment on column private.run_policy.lane_pause_max is
  'Of a gateway that does not say how long. The end of its limit is noticed within this time, and one probe does no harm.';
comment on column private.run_policy.lane_unpaid_pause is
  'Nobody tops up credits faster. For a minute new runs are refused without a call.';
comment on column private.run_policy.lane_broken_pause is
  'A model that is being restarted. Doubles each time; meanwhile the next model is asked.';
comment on column private.run_policy.lane_broken_pause_max is
  'An outage of hours costs one run a minute some seconds.';
comment on column private.run_policy.lane_failures is
  'In a row, of all workers. Fewer are an accident; an attempt makes three calls at most.';
comment on column private.run_policy.lane_failures_within is
  'Older failures say nothing about now.';
comment on column private.run_policy.lane_probe is
  'A probe that has not begun to answer by then is joined by another: a model may think for long.';
comment on column private.run_policy.lane_doubles_every is
  'A refusal arrives within a second. From one run to a thousand takes ten of them.';
comment on column private.run_policy.lane_trusted_after is
  'Most gateways limit requests per minute: one without a refusal shows that the limit is gone.';
comment on column private.run_policy.lane_seen_within is
  'Workers name their lanes each second. A lane of which none has spoken for this long is not in use.';

comment on column private.run_policy.first_reserve_micros is
  'Of a budget, for a run of a mode that nobody has completed in its workspace yet: about four thousand tokens read and six thousand written, at the prices of a small model.';

-- Row level security is a second lock: no API shows this schema and nobody is granted the table.
-- The ledger's functions run as the owner, whom it does not bind.
alter table private.run_policy enable row level security;

insert into private.run_policy default values;

-- schemas/21_pipelines.sql

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

-- schemas/22_agent_runs.sql

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

-- schemas/23_run_guard.sql

-- The legal transitions of a run, and the trigger that refuses all others. It is the last line of
-- defence and binds the superuser too. The contract and ARCHITECTURE.md hold the same table; a test
-- compares the three.

create table private.run_transitions (
  from_state text not null,
  to_state text not null,
  primary key (from_state, to_state)
);
alter table private.run_transitions enable row level security;

insert into private.run_transitions (from_state, to_state) values
  ('queued', 'active'),
  ('queued', 'cancelled'),
  ('queued', 'failed'),
  ('active', 'queued'),
  ('active', 'completed'),
  ('active', 'failed'),
  ('active', 'cancelled');

-- Callers see a status, the work has a phase. A state is both in one word.
create function private.run_state(p_run public.agent_runs) returns text
language plpgsql immutable set search_path = ''
as $$
begin
  return case p_run.status when 'running' then p_run.phase else p_run.status end;
end $$;

create function private.guard_run() returns trigger
language plpgsql set search_path = ''
as $$
declare
  v_from text := private.run_state(old);
  v_to text := private.run_state(new);
begin
  -- guards G4
  if old.status <> 'running' then
    raise exception using errcode = 'PT409',
      message = format('Run %s has ended (%s) and cannot be changed.', old.id, old.status);
  end if;
  if (new.id, new.tenant_id, new.workspace_id, new.created_by, new.mode, new.agent, new.input, new.created_at)
    is distinct from
     (old.id, old.tenant_id, old.workspace_id, old.created_by, old.mode, old.agent, old.input, old.created_at)
  then
    raise exception using errcode = 'PT409',
      message = format('The request of run %s cannot be changed.', old.id);
  end if;
  if v_from <> v_to and not exists (
    select from private.run_transitions t where t.from_state = v_from and t.to_state = v_to
  ) then
    raise exception using errcode = 'PT409',
      message = format('Run %s cannot go from %s to %s.', old.id, v_from, v_to);
  end if;
  -- A claim is the only thing that starts an attempt, and starts exactly one.
  -- guards G5: next attempt
  if new.attempt <> old.attempt + (v_from = 'queued' and v_to = 'active')::int then
    raise exception using errcode = 'PT409',
      message = format('Run %s cannot go from attempt %s to %s.', old.id, old.attempt, new.attempt);
  end if;
  return new;
end $$;

create trigger guard_run before update on public.agent_runs
  for each row execute function private.guard_run();

-- schemas/24_run_attempts.sql

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

-- schemas/25_workers.sql

-- One row per worker process with its lease, and the clock of the sweep.

-- Each worker updates its row once a second. No index holds a column that a heartbeat changes, and
-- half of each page stays free, so that Postgres keeps the new version on the same page and writes
-- no index (a HOT update). The table has as many rows as there were workers in a day: the sweep
-- reads it whole.
create table public.workers (
  id uuid primary key,
  started_at timestamptz not null default now(),
  lease_expires_at timestamptz not null,
  -- Since when heartbeats have arrived without a gap of half a lease.
  alive_since timestamptz not null default now(),
  -- Never unset: a worker that was lost starts again under a new id.
  lost_at timestamptz
)
with (fillfactor = 50);

alter table public.workers enable row level security;
grant select on public.workers to service_role;

-- How many workers are alive, for readiness checks. Without any, runs are accepted and wait. The
-- number reveals nothing about anybody's runs, so that no token is needed.
create function public.count_workers() returns jsonb
language sql stable security definer set search_path = ''
as $$
  select jsonb_build_object('alive', count(*))
  from public.workers w
  where w.lost_at is null and w.lease_expires_at > now()
$$;
grant execute on function public.count_workers() to anon, authenticated;

-- The clock of the sweep: the worker that moves it forward may sweep. One row, updated about once a
-- second: with a low fillfactor Postgres prunes its dead versions early, and the page stays short.
create table private.sweep_state (
  id boolean primary key default true check (id),
  at timestamptz not null default '-infinity'
)
with (fillfactor = 10);
alter table private.sweep_state enable row level security;

insert into private.sweep_state default values;

-- schemas/26_idempotency_keys.sql

-- Idempotency keys: which run or pipeline a caller's key stands for, until the key expires.
--
-- They are a table of their own, because agent_runs cannot hold a unique constraint without its id
-- once it is partitioned, and because a key is needed for a day and a run for years.

create table private.idempotency_keys (
  created_by uuid not null,
  key text not null,
  -- A key of a run and the same key of a pipeline are two keys.
  kind text not null check (kind in ('run', 'pipeline')),
  tenant_id uuid not null,
  workspace_id uuid not null,
  -- A fingerprint of the request: another request under the same key is refused.
  request_hash text not null,
  -- No reference: keys expire by themselves, and a partition of runs may be dropped before.
  target_id uuid not null,
  expires_at timestamptz not null,
  primary key (created_by, key, kind, tenant_id)
);
create index idempotency_keys_expiry_idx on private.idempotency_keys (expires_at);
alter table private.idempotency_keys enable row level security;

create function private.check_idempotency_key(p_key text) returns void
language plpgsql immutable set search_path = ''
as $$
begin
  -- In any collation but C, a range of characters would include letters of other alphabets.
  if p_key collate "C" !~ '^[ -~]{1,255}$' then
    raise exception using errcode = 'PT400', message = 'invalid_idempotency_key';
  end if;
end $$;

-- A repeated request means the workspace that it meant the first time, even if its caller has become
-- a member of more since then.
create function private.workspace_of_key(p_kind text, p_key text) returns uuid
language sql stable security definer set search_path = ''
as $$
  select k.workspace_id from private.idempotency_keys k
  where k.created_by = (select auth.uid()) and k.kind = p_kind and k.key = p_key
    and k.expires_at > now()
    and k.workspace_id in (select private.my_workspace_ids())
  order by k.expires_at desc
  limit 1
$$;

-- The run or pipeline that the caller's key stands for; null when the key is unknown or expired.
create function private.target_of_key(p_kind text, p_key text, p_hash text, p_workspace_id uuid)
returns uuid
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_key private.idempotency_keys;
begin
  select k.* into v_key from private.idempotency_keys k
  where k.created_by = auth.uid()
    and k.tenant_id = private.tenant_of(p_workspace_id, null)
    -- guards G16, G17: look up
    and k.kind = p_kind
    and k.key = p_key
    and k.expires_at > now();
  -- guards G16, G17: same request
  if found and v_key.request_hash <> p_hash then
    raise exception using errcode = 'PT422', message = 'idempotency_mismatch';
  end if;
  return v_key.target_id;
end $$;

-- Takes a key for a new run or pipeline; false when it is already taken. Of concurrent requests, the
-- later ones wait here until the first has committed. Null is no key and always free.
create function private.take_key(
  p_kind text, p_key text, p_hash text, p_workspace_id uuid, p_target_id uuid
) returns boolean
language plpgsql security definer set search_path = ''
as $$
begin
  if p_key is null then
    return true;
  end if;
  insert into private.idempotency_keys as k
    (created_by, key, kind, tenant_id, workspace_id, request_hash, target_id, expires_at)
  select auth.uid(), p_key, p_kind, private.tenant_of(p_workspace_id, null), p_workspace_id, p_hash,
    p_target_id, now() + p.idempotency_keys_expire_after
  from private.run_policy p
  on conflict (created_by, key, kind, tenant_id) do update set
    workspace_id = excluded.workspace_id,
    request_hash = excluded.request_hash,
    target_id = excluded.target_id,
    expires_at = excluded.expires_at
  -- An expired key that the sweep has not removed yet is free.
  -- guards G16, G17: unique
  where k.expires_at <= now();
  return found;
end $$;

-- Removes expired keys, one batch at a time.
create function private.forget_expired_keys() returns void
language sql set search_path = ''
as $$
  delete from private.idempotency_keys k
  where (k.created_by, k.key, k.kind, k.tenant_id) in (
    select e.created_by, e.key, e.kind, e.tenant_id
    from private.idempotency_keys e
    where e.expires_at <= now()
    order by e.expires_at
    limit (select p.sweep_batch from private.run_policy p)
    for update skip locked
  )
$$;

-- schemas/27_tenant_flow.sql

-- Whose turn it is. A job in the queue says that there is work; the claim decides which run, in the
-- order of start-time fair queueing over the time of slots.
--
-- A tenant has one row. Its virtual time is the slot-seconds that it has used, divided by its weight. The
-- claim takes the waiting tenant that is furthest behind, and charges it what its runs took so far on
-- average; the end of the run corrects that to what it took. Who comes back from idleness begins at the
-- virtual time of now: no credit for time away, no penalty.
--
-- `waiting` and `capped` are hints that heal: the claim looks at the runs, and the sweep wakes tenants.
--
-- Locks: a tenant's row is the last that a transaction waits for, which is why the triggers are deferred
-- to its end. A claim waits for one only while it holds none, and for nothing afterwards. Functions that
-- change several tenants take the sweep's lock first.

create table private.tenant_flow (
  tenant_id uuid primary key,
  vtime double precision not null default 0,
  mean_seconds double precision not null default 30,
  waiting boolean not null default false,
  capped boolean not null default false
)
with (fillfactor = 50);
create index tenant_flow_turn_idx on private.tenant_flow (capped, vtime, tenant_id) where waiting;
create index tenant_flow_vtime_idx on private.tenant_flow (vtime);
alter table private.tenant_flow enable row level security;

comment on column private.tenant_flow.vtime is 'Slot-seconds used, divided by the weight at the time.';
comment on column private.tenant_flow.mean_seconds is
  'What its runs took lately: the charge of the next claim.';
comment on column private.tenant_flow.waiting is 'Has a queued run that may start.';
comment on column private.tenant_flow.capped is
  'Runs as much as it may while others wait.';

create index agent_runs_next_idx
  on public.agent_runs (tenant_id, priority desc, created_at, id) where phase = 'queued';
create index agent_runs_active_idx on public.agent_runs (tenant_id) where phase = 'active';
create index agent_runs_not_before_idx on public.agent_runs (not_before)
  where phase = 'queued' and not_before is not null;

-- Whether a worker may start a queued run now. In plpgsql, whose expressions keep their plan: a function
-- in SQL that takes a row would be planned at each call.
create function private.may_start(p_run public.agent_runs) returns boolean
language plpgsql stable set search_path = ''
as $$
begin
  return (p_run.not_before is null or p_run.not_before <= now())
    and case when p_run.started_at is null then p_run.expires_at > now() else p_run.deadline_at > now() end;
end $$;

create function private.has_next_run(p_tenant_id uuid) returns boolean
language plpgsql stable set search_path = ''
as $$
begin
  return exists (
    select from public.agent_runs r
    where r.tenant_id = p_tenant_id and r.phase = 'queued' and private.may_start(r)
  );
end $$;

-- The virtual time of what a tenant has used up to now: without the part of its charges that its runs have
-- not used yet, and may never use.
create function private.used_so_far(p_flow private.tenant_flow) returns double precision
language plpgsql stable set search_path = ''
as $$
begin
  return p_flow.vtime - coalesce((
    select sum(greatest(0, r.slot_charge - extract(epoch from clock_timestamp() - r.claimed_at)))
    from public.agent_runs r where r.tenant_id = p_flow.tenant_id and r.phase = 'active'), 0)
    / (private.limits_of(p_flow.tenant_id)).weight;
end $$;

-- The virtual time of now: what the tenant whose turn it is has used. A tenant that began at its charges
-- would wait for all of them when they are corrected.
create function private.flow_now() returns double precision
language plpgsql stable set search_path = ''
as $$
declare
  v_flow private.tenant_flow;
begin
  select f.* into v_flow from private.tenant_flow f where f.waiting order by f.capped, f.vtime limit 1;
  if not found then
    select f.* into v_flow from private.tenant_flow f order by f.vtime desc limit 1;
  end if;
  -- guards G27: used so far
  return coalesce(private.used_so_far(v_flow), 0);
end $$;

-- Locks before it looks, so that it comes after a claim that finds nothing just now.
create function private.wake_tenant(p_tenant_id uuid) returns void
language plpgsql set search_path = ''
-- As for a claim: a plan that was made for few tenants would read all of them.
set plan_cache_mode = 'force_generic_plan' set enable_seqscan = off
as $$
begin
  insert into private.tenant_flow (tenant_id) values (p_tenant_id) on conflict do nothing;
  -- guards G27: wake
  perform from private.tenant_flow f where f.tenant_id = p_tenant_id for no key update;
  update private.tenant_flow f set
    waiting = true,
    -- guards G27: no credit
    vtime = greatest(f.vtime, private.flow_now())
  where f.tenant_id = p_tenant_id and not f.waiting and private.has_next_run(p_tenant_id);
end $$;

-- Wakes tenants whose runs have waited for their time. Returns how many.
create function private.wake_due_tenants(p_max integer, p_tenants uuid[]) returns integer
language plpgsql set search_path = ''
as $$
declare
  v_tenant_id uuid;
  v_woken integer := 0;
begin
  for v_tenant_id in
    select distinct r.tenant_id from public.agent_runs r
    left join private.tenant_flow f on f.tenant_id = r.tenant_id
    where r.phase = 'queued' and r.not_before <= now() and private.may_start(r) and f.waiting is not true
      and (p_tenants is null or r.tenant_id = any (p_tenants))
    order by r.tenant_id
    limit p_max
  loop
    perform private.wake_tenant(v_tenant_id);
    v_woken := v_woken + 1;
  end loop;
  return v_woken;
end $$;

-- Whether a worker of these tenants may find a run; null: of all tenants.
create function private.is_anybody_waiting(p_tenants uuid[]) returns boolean
language plpgsql stable set search_path = ''
as $$
begin
  return exists (
    select from private.tenant_flow f
    where f.waiting and (p_tenants is null or f.tenant_id = any (p_tenants))
  );
end $$;

-- Counts up to p_enough.
create function private.count_running(p_tenant_id uuid, p_enough integer) returns integer
language plpgsql stable set search_path = ''
as $$
begin
  return (select count(*) from (
    select from public.agent_runs r where r.tenant_id = p_tenant_id and r.phase = 'active' limit p_enough
  ) enough);
end $$;

-- A slot is free: the tenant pays for what it used beyond the charge, and may come again.
create function private.leave_slot(p_run public.agent_runs) returns void
language plpgsql set search_path = ''
as $$
declare
  v_used double precision := greatest(0, extract(epoch from clock_timestamp() - p_run.claimed_at));
  v_limits private.tenant_limits := private.limits_of(p_run.tenant_id);
begin
  -- Locks before it counts.
  perform private.wake_tenant(p_run.tenant_id);
  update private.tenant_flow f set
    -- guards G27: slot-seconds
    vtime = f.vtime + (v_used - p_run.slot_charge) / v_limits.weight,
    mean_seconds = 0.8 * f.mean_seconds + 0.2 * v_used,
    capped = f.capped
      -- guards G27: uncap
      and private.count_running(p_run.tenant_id, v_limits.max_running) >= v_limits.max_running
  where f.tenant_id = p_run.tenant_id;
end $$;

-- Runs at the end of a transaction, as whoever began it.
create function private.turn_tenant() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
  if tg_op = 'UPDATE' then
    perform private.leave_slot(new);
  else
    perform private.wake_tenant(new.tenant_id);
  end if;
  return null;
end $$;

create constraint trigger turn_tenant_of_queued after insert on public.agent_runs
  deferrable initially deferred
  for each row when (new.phase = 'queued') execute function private.turn_tenant();
create constraint trigger turn_tenant_of_ended after update of phase on public.agent_runs
  deferrable initially deferred
  for each row when (old.phase = 'active' and new.phase <> 'active') execute function private.turn_tenant();

-- schemas/28_gateway_lanes.sql

-- Lanes: one for each key and model of a gateway, shared by all workers that use it. What one worker
-- learns of a gateway holds for all of them: that it asks to wait, that it wants to be paid, that a model
-- is down.
--
-- A lane is open, and then it costs a claim one look and no lock. It is paused when the gateway refuses;
-- after the pause one claim probes, and nobody else starts until the probe's answer begins. After a rate
-- limit the lane is limited for a while: the number of its runs doubles up to what worked before, then
-- grows by steps, and a refusal meanwhile cuts it (46_lane_reports.sql).
--
-- Locks: a claim that holds a tenant's row never waits for a lane. A report waits for its lane, before its
-- run moves and so before any tenant's row.

create table private.gateway_lanes (
  lane text primary key check (lane ~ '^[0-9a-f]{16}:.{1,200}$'),
  id integer not null generated always as identity unique,
  gateway text not null,
  model text not null,
  rank smallint not null,
  seen_at timestamptz not null default now(),
  reason text check (reason in ('rate_limited', 'payment_required', 'gateway_error', 'gateway_timeout')),
  paused_at timestamptz,
  paused_until timestamptz,
  pauses integer not null default 0,
  probing boolean not null default false,
  reopened_at timestamptz,
  max_running integer check (max_running > 0),
  worked_running integer check (worked_running > 0),
  failures integer not null default 0,
  failing_since timestamptz,
  constraint gateway_lanes_pause_is_whole check (
    (paused_until is null) = (reason is null) and (paused_until is null) = (paused_at is null)),
  constraint gateway_lanes_limit_is_whole check (
    reopened_at is null or num_nulls(max_running, worked_running) = 0)
)
-- A few rows that change often while a gateway fails.
with (fillfactor = 50);
alter table private.gateway_lanes enable row level security;

comment on column private.gateway_lanes.lane is
  'The gateway and the model as its workers name them. The gateway is a hash of its address and key.';
comment on column private.gateway_lanes.rank is 'The place of the model among those of its workers.';
comment on column private.gateway_lanes.seen_at is 'When a worker last said that it uses the lane.';
comment on column private.gateway_lanes.paused_until is
  'Nothing starts before. Then one claim probes, and until its end the time is that of the next probe.';
comment on column private.gateway_lanes.pauses is 'In a row, without an answer between them.';
comment on column private.gateway_lanes.reopened_at is 'Since when the lane is limited.';
comment on column private.gateway_lanes.max_running is 'How many ran when it was reopened.';
comment on column private.gateway_lanes.worked_running is 'How many ran before the gateway refused.';
comment on column private.gateway_lanes.failures is 'Of calls in a row, before any text.';

create function private.count_in_lane(p_lane_id integer, p_enough integer) returns integer
language plpgsql stable set search_path = ''
as $$
begin
  return (select count(*) from (
    select from public.agent_runs r where r.phase = 'active' and r.lane_id = p_lane_id limit p_enough
  ) enough);
end $$;

-- How many runs of a limited lane may be active; null when any number may.
create function private.lane_allowance(p_lane private.gateway_lanes) returns integer
language plpgsql stable set search_path = ''
as $$
declare
  v_policy private.run_policy;
  v_turns double precision;
  v_doublings double precision;
begin
  select p.* into v_policy from private.run_policy p;
  if p_lane.reopened_at is null or p_lane.reopened_at <= now() - v_policy.lane_trusted_after then
    return null;
  end if;
  v_turns := extract(epoch from now() - p_lane.reopened_at)
    / extract(epoch from v_policy.lane_doubles_every);
  v_doublings := greatest(0, log(2, p_lane.worked_running::numeric / p_lane.max_running));
  if v_turns < v_doublings then
    return floor(p_lane.max_running * power(2, v_turns));
  end if;
  -- guards G29: additive increase
  return p_lane.worked_running
    + floor((v_turns - v_doublings) * greatest(1, p_lane.worked_running / 10.0));
end $$;

-- Whether workers use their next model meanwhile.
create function private.is_broken(p_lane private.gateway_lanes) returns boolean
language plpgsql stable set search_path = ''
as $$
begin
  return coalesce(p_lane.paused_until > now(), false) and p_lane.reason in ('gateway_error', 'gateway_timeout');
end $$;

-- What a claim may do in a lane that is not open: {kind: gated} to enter it, or {kind: paused, until}.
create function private.judge_lane(p_lane private.gateway_lanes) returns jsonb
language plpgsql stable set search_path = ''
as $$
declare
  v_every interval := (select p.lane_doubles_every from private.run_policy p);
  v_until timestamptz := p_lane.paused_until;
  v_allowance integer;
begin
  if v_until is null then
    v_allowance := private.lane_allowance(p_lane);
    if v_allowance is null then
      return jsonb_build_object('kind', 'open', 'id', p_lane.id);
    end if;
    -- guards G29: limited lane
    if private.count_in_lane(p_lane.id, v_allowance) >= v_allowance then
      v_until := now() + v_every / 4;
    end if;
  elsif v_until > now() and (p_lane.probing or private.is_broken(p_lane)) then
    -- The probe may be answered at any moment, and the worker may use its next model instead.
    v_until := least(v_until, now() + v_every);
  end if;
  -- guards G29: paused lane
  if v_until > now() then
    return jsonb_build_object('kind', 'paused', 'until', v_until);
  end if;
  return jsonb_build_object('kind', 'gated', 'id', p_lane.id);
end $$;

-- {kind: open}, and nothing else need be asked; or as judge_lane answers. Takes no lock.
create function private.look_at_lane(p_lane text) returns jsonb
language plpgsql stable set search_path = ''
as $$
declare
  v_lane private.gateway_lanes;
begin
  select l.* into v_lane from private.gateway_lanes l where l.lane = p_lane;
  if v_lane.paused_until is null and v_lane.reopened_at is null then
    return jsonb_build_object('kind', 'open', 'id', v_lane.id);
  end if;
  return private.judge_lane(v_lane);
end $$;

-- Whether a claim that has found its run may start it in a gated lane; after a pause it is the probe.
-- Another claim may be entering just now: to wait for it could be a deadlock, since this one holds the row
-- of a tenant.
create function private.enter_lane(p_lane_id integer) returns boolean
language plpgsql set search_path = ''
as $$
declare
  v_lane private.gateway_lanes;
begin
  select l.* into v_lane from private.gateway_lanes l where l.id = p_lane_id
  -- guards G29: one at a time
  for no key update skip locked;
  if not found or private.judge_lane(v_lane) ->> 'kind' = 'paused' then
    return false;
  end if;
  if v_lane.paused_until is not null then
    -- guards G29: one probe
    update private.gateway_lanes l set
      probing = true, paused_until = now() + (select p.lane_probe from private.run_policy p)
    where l.id = p_lane_id;
  end if;
  return true;
end $$;

-- What keeps the whole pool from starting runs: {reason, until}; null when some worker may start one. A
-- worker uses the first of its models that is not broken, and waits for that one.
create function private.pool_pause() returns jsonb
language plpgsql stable set search_path = ''
as $$
declare
  v_pause jsonb;
begin
  with chosen as (
    select distinct on (l.gateway) l.reason, l.paused_until
    from private.gateway_lanes l, private.run_policy p
    where l.seen_at > now() - p.lane_seen_within
    order by l.gateway, private.is_broken(l), l.rank, l.lane
  )
  select jsonb_build_object('reason', c.reason, 'until', c.paused_until) into v_pause
  from chosen c
  where not exists (
    select from chosen o where o.paused_until is null or o.paused_until <= now())
  order by c.paused_until limit 1;
  return v_pause;
end $$;

-- Refuses a run that the gateway would refuse: one that nobody pays for, and one whose caller does not
-- want to wait. Others wait in the queue.
create function private.check_gateway(p_on_rate_limit text) returns void
language plpgsql stable set search_path = ''
as $$
declare
  v_pause jsonb := private.pool_pause();
  v_reason text := v_pause ->> 'reason';
  v_status text := case
    when v_reason = 'payment_required' then 'PT402'
    when v_reason = 'rate_limited' and p_on_rate_limit = 'fail' then 'PT429'
  end;
begin
  if v_status is not null then
    -- guards G16: gateway
    raise exception using errcode = v_status, message = v_reason, detail = jsonb_build_object(
      'message', private.failure_message(v_reason),
      'retry_after', greatest(1, ceil(extract(epoch from (v_pause ->> 'until')::timestamptz - now()))))::text;
  end if;
end $$;

create function private.describe_lane(p_lane private.gateway_lanes) returns jsonb
language plpgsql stable set search_path = ''
as $$
declare
  v_allowance integer := private.lane_allowance(p_lane);
begin
  return jsonb_build_object(
    'model', p_lane.model,
    'state', case
      when p_lane.probing and p_lane.paused_until > now() then 'probing'
      when p_lane.paused_until > now() then 'paused'
      when p_lane.paused_until is not null then 'due'
      when v_allowance is not null then 'limited'
      else 'open'
    end,
    'reason', p_lane.reason,
    'until', p_lane.paused_until,
    'max_running', v_allowance);
end $$;

-- For workers, who choose among them.
create function private.watched_lanes(p_lanes text[]) returns jsonb
language plpgsql stable set search_path = ''
as $$
begin
  return (
    select coalesce(jsonb_agg(private.describe_lane(l)
      || jsonb_build_object('lane', l.lane, 'failures', l.failures) order by l.rank, l.lane), '[]')
    from private.gateway_lanes l where l.lane = any (p_lanes));
end $$;

-- A worker says each second which lanes it uses, in the order of its models, and learns their states.
create function public.watch_lanes(p_lanes text[]) returns jsonb
language plpgsql security definer set search_path = ''
as $$
begin
  insert into private.gateway_lanes (lane, gateway, model, rank)
  select u.lane, split_part(u.lane, ':', 1), substr(u.lane, strpos(u.lane, ':') + 1), u.place
  from unnest(p_lanes) with ordinality u (lane, place)
  where not exists (select from private.gateway_lanes l where l.lane = u.lane)
  order by u.lane
  on conflict do nothing;
  if found then
    delete from private.gateway_lanes l
    where l.seen_at < now() - (select p.forget_workers_after from private.run_policy p);
  end if;
  update private.gateway_lanes l set seen_at = now(), rank = array_position(p_lanes, l.lane)
  where l.lane = any (p_lanes)
    and l.seen_at < now() - (select p.lane_seen_within / 3 from private.run_policy p);
  return private.watched_lanes(p_lanes);
end $$;

-- What an operator and a reader may know of the gateways that are in use: no address and no key.
create function public.gateway_state() returns jsonb
language sql stable security definer set search_path = ''
as $$
  select jsonb_build_object('pause', private.pool_pause(), 'lanes', (
    select coalesce(jsonb_agg(private.describe_lane(l) order by l.gateway, l.rank), '[]')
    from private.gateway_lanes l, private.run_policy p where l.seen_at > now() - p.lane_seen_within))
$$;

grant execute on function public.watch_lanes(text[]) to service_role;
grant execute on function public.gateway_state() to anon, authenticated;

-- schemas/29_prices.sql

-- What tokens cost, and what an attempt has cost.
--
-- A call costs what its gateway says that it has charged, else its tokens at the price that was valid when
-- the attempt began. The amount is booked when the attempt ends, and no later price changes it. All
-- amounts are whole millionths of a US dollar.

-- An operator adds rows and never changes one: a new price has a new valid_from.
create table private.prices (
  -- As gateways report it, in lower case: `google/gemini-2.5-flash` holds for this provider's, and
  -- `gemini-2.5-flash` for anybody's. `*` is the price of every model that no other row names.
  model text not null check (model <> '' and model = lower(model)),
  valid_from timestamptz not null default '-infinity',
  input_micros bigint not null check (input_micros between 0 and 1000000000),
  cached_micros bigint check (cached_micros between 0 and 1000000000),
  output_micros bigint not null check (output_micros between 0 and 1000000000),
  source text not null check (source <> ''),
  checked_on date not null,
  primary key (model, valid_from)
);
alter table private.prices enable row level security;

comment on column private.prices.input_micros is 'For a million tokens, as the other two.';
comment on column private.prices.cached_micros is
  'For prompt tokens that the provider read from its cache. Null: as other prompt tokens.';
comment on column private.prices.output_micros is 'Thoughts are output.';
comment on column private.prices.source is 'Where the price was read.';
comment on column private.prices.checked_on is 'When it was read there.';

-- List prices without the surcharges for prompts of more than 200 000 tokens, which no agent sends.
insert into private.prices (model, valid_from, input_micros, cached_micros, output_micros, source, checked_on)
select p.model, p.valid_from, p.input, p.cached, p.output, s.source, s.checked_on
from (values
  ('gemini-2.5-flash', '-infinity'::timestamptz, 300000, 30000, 2500000, 'llm-prices'),
  ('gemini-2.5-flash-lite', '-infinity', 100000, 10000, 400000, 'llm-prices'),
  ('gemini-2.5-pro', '-infinity', 1250000, 125000, 10000000, 'llm-prices'),
  ('gemini-3-flash-preview', '-infinity', 500000, null, 3000000, 'llm-prices'),
  ('gemini-3.1-flash-lite-preview', '-infinity', 250000, 25000, 1500000, 'llm-prices'),
  ('gemini-3.1-pro-preview', '-infinity', 2000000, null, 12000000, 'google'),
  ('gemini-3.5-flash', '-infinity', 1500000, 150000, 9000000, 'llm-prices'),
  ('gemini-3.5-flash-lite', '-infinity', 300000, 30000, 2500000, 'llm-prices'),
  ('gemini-3.6-flash', '-infinity', 1500000, 150000, 7500000, 'llm-prices'),
  ('gemini-3.8-flash', '-infinity', 750000, null, 3750000, 'google'),
  ('gemini-3.8-flash', '2027-01-01 00:00:00+00', 1500000, null, 7500000, 'google'),
  ('gpt-4.1', '-infinity', 2000000, 500000, 8000000, 'llm-prices'),
  ('gpt-4.1-mini', '-infinity', 400000, 100000, 1600000, 'llm-prices'),
  ('gpt-4.1-nano', '-infinity', 100000, 25000, 400000, 'llm-prices'),
  ('gpt-4o', '-infinity', 2500000, 1250000, 10000000, 'llm-prices'),
  ('gpt-4o-mini', '-infinity', 150000, 75000, 600000, 'llm-prices'),
  ('gpt-5', '-infinity', 1250000, 125000, 10000000, 'llm-prices'),
  ('gpt-5-mini', '-infinity', 250000, 25000, 2000000, 'llm-prices'),
  ('gpt-5-nano', '-infinity', 50000, 5000, 400000, 'llm-prices'),
  ('gpt-5.1', '-infinity', 1250000, 125000, 10000000, 'llm-prices'),
  ('gpt-5.2', '-infinity', 1750000, 175000, 14000000, 'llm-prices'),
  ('gpt-5.4', '-infinity', 2500000, 250000, 15000000, 'llm-prices'),
  ('gpt-5.4-mini', '-infinity', 750000, 75000, 4500000, 'llm-prices'),
  ('gpt-5.4-nano', '-infinity', 200000, 20000, 1250000, 'llm-prices'),
  ('gpt-5.5', '-infinity', 5000000, 500000, 30000000, 'llm-prices')
) p (model, valid_from, input, cached, output, source)
join (values
  ('llm-prices', 'https://github.com/simonw/llm-prices, data/google.json and data/openai.json', date '2026-08-05'),
  ('google', 'https://ai.google.dev/gemini-api/docs/pricing, as transcribed in https://github.com/api-evangelist/deepmind, plans/deepmind-plans-pricing.yml', date '2026-10-07')
) s (name, source, checked_on) on s.name = p.source;

-- The names under which a price may stand, the most exact one first: as reported, without the provider,
-- without the date of a version.
create function private.names_of_model(p_model text) returns text[]
language plpgsql immutable set search_path = ''
as $$
declare
  v_name text := lower(coalesce(p_model, ''));
  v_short text := regexp_replace(v_name, '^.*/', '');
begin
  return array[v_name, v_short, regexp_replace(v_short, '[-@](\d{4}-\d{2}-\d{2}|\d{8})$', ''), '*'];
end $$;

-- The price of a model at a moment; an empty row if there is none.
create function private.price_of(p_model text, p_at timestamptz) returns private.prices
language plpgsql stable set search_path = ''
as $$
declare
  v_price private.prices;
begin
  select p.* into v_price
  from unnest(private.names_of_model(p_model)) with ordinality n (name, place)
  join private.prices p on p.model = n.name and p.valid_from <= p_at
  order by n.place, p.valid_from desc limit 1;
  return v_price;
end $$;

-- A whole number in a report; null if it is none, or more than any call can have. A report must never
-- keep a run from ending.
create function private.count_in(p_report jsonb, p_name text, p_most bigint) returns bigint
language plpgsql immutable set search_path = ''
as $$
begin
  if jsonb_typeof(p_report -> p_name) = 'number' and (p_report -> p_name)::numeric between 0 and p_most then
    return round((p_report -> p_name)::numeric);
  end if;
  return null;
end $$;

-- What these tokens cost, rounded half up; null without a price. Where the total is more than prompt and
-- completion together, the rest are thoughts.
create function private.price_tokens(p_price private.prices, p_usage jsonb) returns bigint
language plpgsql immutable set search_path = ''
as $$
declare
  -- Ten times the longest context of a model.
  v_most constant bigint := 10000000;
  v_prompt bigint := coalesce(private.count_in(p_usage, 'prompt_tokens', v_most), 0);
  v_cached bigint := least(coalesce(private.count_in(p_usage, 'cached_tokens', v_most), 0), v_prompt);
  v_output bigint := greatest(
    coalesce(private.count_in(p_usage, 'completion_tokens', v_most), 0),
    coalesce(private.count_in(p_usage, 'total_tokens', v_most), 0) - v_prompt);
begin
  return round(((v_prompt - v_cached) * p_price.input_micros::numeric
    + v_cached * coalesce(p_price.cached_micros, p_price.input_micros)::numeric
    + v_output * p_price.output_micros::numeric) / 1000000);
end $$;

-- A call with what it costs: {…call, cost_micros, estimated, unpriced}. A call without usage costs nothing: the
-- gateway refused it, or was not reached.
create function private.price_call(p_call jsonb, p_at timestamptz) returns jsonb
language plpgsql stable set search_path = ''
as $$
declare
  v_usage jsonb := p_call -> 'usage';
  -- A thousand dollars. What a gateway says beyond that is no price of a call.
  v_micros bigint := private.count_in(p_call, 'cost_micros', 1000000000);
  v_is_estimate boolean := coalesce(p_call -> 'estimated' = 'true', false);
begin
  -- guards G12: cost as charged
  if v_micros is null and jsonb_typeof(v_usage) = 'object' then
    v_micros := private.price_tokens(private.price_of(p_call ->> 'model', p_at), v_usage);
  elsif v_micros is null then
    v_micros := 0;
  end if;
  return p_call || jsonb_build_object('cost_micros', coalesce(v_micros, 0), 'unpriced', v_micros is null,
    -- guards G25: unknown price
    'estimated', v_is_estimate or v_micros is null);
end $$;

-- The calls of a report. A report without a list of them, of an older worker, has its usage.
create function private.calls_in(p_answer jsonb) returns jsonb
language plpgsql immutable set search_path = ''
as $$
begin
  if jsonb_typeof(p_answer -> 'calls') = 'array' then
    return (select coalesce(jsonb_agg(c order by n), '[]')
      from jsonb_array_elements(p_answer -> 'calls') with ordinality e (c, n)
      where jsonb_typeof(c) = 'object');
  end if;
  if jsonb_typeof(p_answer -> 'usage') = 'object' then
    return jsonb_build_array(jsonb_build_object('call', 1, 'purpose', 'answer',
      'model', p_answer -> 'model', 'usage', p_answer -> 'usage'));
  end if;
  return null;
end $$;

-- The cost of an attempt by the report of its worker, or else by what the worker had noted of its calls:
-- {micros, estimated, unpriced_calls, calls}.
create function private.cost_of(p_run public.agent_runs, p_answer jsonb) returns jsonb
language plpgsql stable set search_path = ''
as $$
declare
  v_attempt public.agent_run_attempts;
  v_calls jsonb := private.calls_in(p_answer);
begin
  select a.* into v_attempt from public.agent_run_attempts a
  where a.run_id = p_run.id and a.attempt = p_run.attempt;
  return (
    -- Materialized: else each call is priced once for each column that is read below.
    with c as materialized (
      select private.price_call(e.call, v_attempt.started_at) as call, e.n
      -- guards G25: noted calls
      from jsonb_array_elements(coalesce(v_calls, v_attempt.calls, '[]')) with ordinality e (call, n)
    )
    select jsonb_build_object(
      'micros', coalesce(sum((c.call ->> 'cost_micros')::bigint), 0),
      -- Nobody knows what a lost worker asked for last.
      -- guards G25: lost worker
      'estimated', v_calls is null or coalesce(bool_or((c.call ->> 'estimated')::boolean), false),
      'unpriced_calls', count(*) filter (where (c.call ->> 'unpriced')::boolean),
      'calls', coalesce(jsonb_agg(c.call order by c.n), '[]'))
    from c
  );
end $$;

-- schemas/30_brand.sql

-- What a workspace is: its brand, the segments it sells to, its offers.
--
-- Rules of all cmo_* tables, in this file and the next four:
-- - Names, types and defaults of columns are those that the existing screens read and write.
-- - Every table has workspace_id and tenant_id, children too. References hold the workspace as well,
--   so that a row can only hang under a parent of its own workspace.
-- - created_by and agent_run_id say who saved a row and which run did; users cannot claim a run.
-- - warnings, [{kind, path, message}], is what the run knew to be wrong or doubted in what it saved.
-- - Users may insert and edit what a marketer edits. Of a recommendation they note the progress. They
--   delete nothing. Every change of a row is kept as a version (36_versions.sql). Runs save through
--   finalize_run. Privileges and policies agree: a verb without a privilege has no policy.
-- - The service key reads. What it writes, it writes through the run RPCs.

create table public.cmo_brand_profiles (
  id uuid primary key default gen_random_uuid(),
  workspace_id uuid not null unique,
  tenant_id uuid not null,
  agent_run_id uuid,
  brand_name text not null,
  tagline text,
  mission_statement text,
  brand_voice text,
  brand_tone text,
  brand_personality jsonb default '[]',
  core_values jsonb default '[]',
  brand_colors jsonb default '{}',
  brand_fonts jsonb default '{}',
  logo_url text,
  website_url text,
  industry text,
  competitors jsonb default '[]',
  unique_value_proposition text,
  key_differentiators jsonb default '[]',
  messaging_pillars jsonb default '[]',
  content_themes jsonb default '[]',
  warnings jsonb not null default '[]',
  created_by uuid default auth.uid(),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  foreign key (workspace_id, tenant_id) references public.workspaces (id, tenant_id) on delete cascade,
  foreign key (agent_run_id, workspace_id) references public.agent_runs (id, workspace_id)
    on delete set null (agent_run_id)
);
create index cmo_brand_profiles_agent_run_idx on public.cmo_brand_profiles (agent_run_id);
comment on column public.cmo_brand_profiles.agent_run_id is 'The run that saved or changed it last.';

create trigger fill_tenant before insert or update of workspace_id, tenant_id on public.cmo_brand_profiles
  for each row execute function private.fill_tenant();
create trigger keep_origin before update on public.cmo_brand_profiles
  for each row execute function private.keep_origin();
create trigger touch_updated_at before update on public.cmo_brand_profiles
  for each row execute function private.touch_updated_at();

alter table public.cmo_brand_profiles enable row level security;
create policy members_select on public.cmo_brand_profiles for select to authenticated
  using (workspace_id in (select private.my_workspace_ids()));
create policy runners_insert on public.cmo_brand_profiles for insert to authenticated
  with check (workspace_id in (select private.my_runnable_workspace_ids())
    and created_by = (select auth.uid()) and agent_run_id is null);
create policy runners_update on public.cmo_brand_profiles for update to authenticated
  using (workspace_id in (select private.my_runnable_workspace_ids()))
  with check (workspace_id in (select private.my_runnable_workspace_ids()));
grant select on public.cmo_brand_profiles to authenticated, service_role;
grant insert, update on public.cmo_brand_profiles to authenticated;

create table public.cmo_icp_segments (
  id uuid primary key default gen_random_uuid(),
  workspace_id uuid not null,
  tenant_id uuid not null,
  agent_run_id uuid,
  segment_name text not null,
  segment_code text,
  segment_description text,
  company_size text,
  demographics jsonb default '{}',
  psychographics jsonb default '{}',
  pain_points jsonb default '[]',
  goals jsonb default '[]',
  buying_triggers jsonb default '[]',
  objections jsonb default '[]',
  preferred_channels jsonb default '[]',
  content_preferences jsonb default '{}',
  budget_range jsonb default '{}',
  decision_criteria jsonb default '[]',
  industry_verticals jsonb default '[]',
  job_titles jsonb default '[]',
  is_primary boolean default false,
  is_active boolean default true,
  priority_score integer default 50,
  warnings jsonb not null default '[]',
  created_by uuid default auth.uid(),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  foreign key (workspace_id, tenant_id) references public.workspaces (id, tenant_id) on delete cascade,
  foreign key (agent_run_id, workspace_id) references public.agent_runs (id, workspace_id)
    on delete set null (agent_run_id)
);
create index cmo_icp_segments_workspace_idx on public.cmo_icp_segments (workspace_id, created_at desc);
create index cmo_icp_segments_agent_run_idx on public.cmo_icp_segments (agent_run_id);
comment on column public.cmo_icp_segments.agent_run_id is 'The run that saved or changed it last.';

create trigger fill_tenant before insert or update of workspace_id, tenant_id on public.cmo_icp_segments
  for each row execute function private.fill_tenant();
create trigger keep_origin before update on public.cmo_icp_segments
  for each row execute function private.keep_origin();
create trigger touch_updated_at before update on public.cmo_icp_segments
  for each row execute function private.touch_updated_at();

alter table public.cmo_icp_segments enable row level security;
create policy members_select on public.cmo_icp_segments for select to authenticated
  using (workspace_id in (select private.my_workspace_ids()));
create policy runners_insert on public.cmo_icp_segments for insert to authenticated
  with check (workspace_id in (select private.my_runnable_workspace_ids())
    and created_by = (select auth.uid()) and agent_run_id is null);
create policy runners_update on public.cmo_icp_segments for update to authenticated
  using (workspace_id in (select private.my_runnable_workspace_ids()))
  with check (workspace_id in (select private.my_runnable_workspace_ids()));
grant select on public.cmo_icp_segments to authenticated, service_role;
grant insert, update on public.cmo_icp_segments to authenticated;

create table public.cmo_offers (
  id uuid primary key default gen_random_uuid(),
  workspace_id uuid not null,
  tenant_id uuid not null,
  agent_run_id uuid,
  offer_name text not null,
  offer_type text not null,
  description text,
  key_benefits jsonb default '[]',
  features jsonb default '[]',
  pricing_model text,
  price_range jsonb default '{}',
  target_segments jsonb default '[]',
  use_cases jsonb default '[]',
  success_metrics jsonb default '[]',
  testimonials jsonb default '[]',
  case_studies jsonb default '[]',
  competitive_positioning text,
  launch_date date,
  status text default 'active',
  is_flagship boolean default false,
  landing_page_url text,
  demo_url text,
  warnings jsonb not null default '[]',
  created_by uuid default auth.uid(),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  foreign key (workspace_id, tenant_id) references public.workspaces (id, tenant_id) on delete cascade,
  foreign key (agent_run_id, workspace_id) references public.agent_runs (id, workspace_id)
    on delete set null (agent_run_id)
);
create index cmo_offers_workspace_idx on public.cmo_offers (workspace_id, created_at desc);
create index cmo_offers_agent_run_idx on public.cmo_offers (agent_run_id);
comment on column public.cmo_offers.agent_run_id is 'The run that saved or changed it last.';

create trigger fill_tenant before insert or update of workspace_id, tenant_id on public.cmo_offers
  for each row execute function private.fill_tenant();
create trigger keep_origin before update on public.cmo_offers
  for each row execute function private.keep_origin();
create trigger touch_updated_at before update on public.cmo_offers
  for each row execute function private.touch_updated_at();

alter table public.cmo_offers enable row level security;
create policy members_select on public.cmo_offers for select to authenticated
  using (workspace_id in (select private.my_workspace_ids()));
create policy runners_insert on public.cmo_offers for insert to authenticated
  with check (workspace_id in (select private.my_runnable_workspace_ids())
    and created_by = (select auth.uid()) and agent_run_id is null);
create policy runners_update on public.cmo_offers for update to authenticated
  using (workspace_id in (select private.my_runnable_workspace_ids()))
  with check (workspace_id in (select private.my_runnable_workspace_ids()));
grant select on public.cmo_offers to authenticated, service_role;
grant insert, update on public.cmo_offers to authenticated;

-- schemas/31_plans_and_funnels.sql

-- What a workspace plans: marketing plans, funnels and their stages. The rules are in 30_brand.sql.

create table public.cmo_marketing_plans (
  id uuid primary key default gen_random_uuid(),
  workspace_id uuid not null,
  tenant_id uuid not null,
  agent_run_id uuid,
  plan_name text not null,
  plan_type text not null default '90-day',
  status text not null default 'draft',
  start_date date,
  end_date date,
  executive_summary text,
  primary_objectives jsonb default '[]',
  key_metrics jsonb default '[]',
  budget_allocation jsonb default '{}',
  month_1_plan jsonb default '{}',
  month_2_plan jsonb default '{}',
  month_3_plan jsonb default '{}',
  channel_mix jsonb default '[]',
  content_calendar_outline jsonb default '[]',
  campaign_themes jsonb default '[]',
  resource_requirements jsonb default '[]',
  dependencies jsonb default '[]',
  risks_mitigations jsonb default '[]',
  target_icp_segments jsonb default '[]',
  target_offers jsonb default '[]',
  generation_context jsonb default '{}',
  warnings jsonb not null default '[]',
  created_by uuid default auth.uid(),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (id, workspace_id),
  foreign key (workspace_id, tenant_id) references public.workspaces (id, tenant_id) on delete cascade,
  foreign key (agent_run_id, workspace_id) references public.agent_runs (id, workspace_id)
    on delete set null (agent_run_id)
);
create index cmo_marketing_plans_workspace_idx on public.cmo_marketing_plans (workspace_id, created_at desc);
create index cmo_marketing_plans_agent_run_idx on public.cmo_marketing_plans (agent_run_id);

create trigger fill_tenant before insert or update of workspace_id, tenant_id on public.cmo_marketing_plans
  for each row execute function private.fill_tenant();
create trigger keep_origin before update on public.cmo_marketing_plans
  for each row execute function private.keep_origin();
create trigger touch_updated_at before update on public.cmo_marketing_plans
  for each row execute function private.touch_updated_at();

alter table public.cmo_marketing_plans enable row level security;
create policy members_select on public.cmo_marketing_plans for select to authenticated
  using (workspace_id in (select private.my_workspace_ids()));
create policy runners_insert on public.cmo_marketing_plans for insert to authenticated
  with check (workspace_id in (select private.my_runnable_workspace_ids())
    and created_by = (select auth.uid()) and agent_run_id is null);
create policy runners_update on public.cmo_marketing_plans for update to authenticated
  using (workspace_id in (select private.my_runnable_workspace_ids()))
  with check (workspace_id in (select private.my_runnable_workspace_ids()));
grant select on public.cmo_marketing_plans to authenticated, service_role;
grant insert, update on public.cmo_marketing_plans to authenticated;

create table public.cmo_funnels (
  id uuid primary key default gen_random_uuid(),
  workspace_id uuid not null,
  tenant_id uuid not null,
  agent_run_id uuid,
  plan_id uuid,
  funnel_name text not null,
  funnel_type text not null default 'marketing',
  description text,
  target_icp_segments jsonb default '[]',
  target_offers jsonb default '[]',
  total_budget numeric default 0,
  expected_conversion_rate numeric default 0,
  expected_revenue numeric default 0,
  status text not null default 'draft',
  warnings jsonb not null default '[]',
  created_by uuid default auth.uid(),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (id, workspace_id),
  foreign key (workspace_id, tenant_id) references public.workspaces (id, tenant_id) on delete cascade,
  foreign key (agent_run_id, workspace_id) references public.agent_runs (id, workspace_id)
    on delete set null (agent_run_id),
  foreign key (plan_id, workspace_id) references public.cmo_marketing_plans (id, workspace_id)
    on delete set null (plan_id)
);
create index cmo_funnels_workspace_idx on public.cmo_funnels (workspace_id, created_at desc);
create index cmo_funnels_plan_idx on public.cmo_funnels (plan_id);
create index cmo_funnels_agent_run_idx on public.cmo_funnels (agent_run_id);

create trigger fill_tenant before insert or update of workspace_id, tenant_id on public.cmo_funnels
  for each row execute function private.fill_tenant();
create trigger keep_origin before update on public.cmo_funnels
  for each row execute function private.keep_origin();
create trigger touch_updated_at before update on public.cmo_funnels
  for each row execute function private.touch_updated_at();

alter table public.cmo_funnels enable row level security;
create policy members_select on public.cmo_funnels for select to authenticated
  using (workspace_id in (select private.my_workspace_ids()));
create policy runners_insert on public.cmo_funnels for insert to authenticated
  with check (workspace_id in (select private.my_runnable_workspace_ids())
    and created_by = (select auth.uid()) and agent_run_id is null);
create policy runners_update on public.cmo_funnels for update to authenticated
  using (workspace_id in (select private.my_runnable_workspace_ids()))
  with check (workspace_id in (select private.my_runnable_workspace_ids()));
grant select on public.cmo_funnels to authenticated, service_role;
grant insert, update on public.cmo_funnels to authenticated;

create table public.cmo_funnel_stages (
  id uuid primary key default gen_random_uuid(),
  workspace_id uuid not null,
  tenant_id uuid not null,
  agent_run_id uuid,
  funnel_id uuid not null,
  stage_name text not null,
  stage_type text not null,
  stage_order integer not null default 0,
  description text,
  objective text,
  kpis jsonb default '[]',
  campaign_types jsonb default '[]',
  channels jsonb default '[]',
  content_assets jsonb default '[]',
  target_icps jsonb default '[]',
  linked_offers jsonb default '[]',
  entry_criteria text,
  exit_criteria text,
  expected_volume integer default 0,
  conversion_rate_target numeric default 0,
  budget_allocation numeric default 0,
  warnings jsonb not null default '[]',
  created_by uuid default auth.uid(),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  foreign key (workspace_id, tenant_id) references public.workspaces (id, tenant_id) on delete cascade,
  foreign key (agent_run_id, workspace_id) references public.agent_runs (id, workspace_id)
    on delete set null (agent_run_id),
  foreign key (funnel_id, workspace_id) references public.cmo_funnels (id, workspace_id) on delete cascade
);
create index cmo_funnel_stages_workspace_idx on public.cmo_funnel_stages (workspace_id, created_at desc);
create index cmo_funnel_stages_funnel_idx on public.cmo_funnel_stages (funnel_id, stage_order);
create index cmo_funnel_stages_agent_run_idx on public.cmo_funnel_stages (agent_run_id);

create trigger fill_from_parent before insert or update of funnel_id, workspace_id, tenant_id
  on public.cmo_funnel_stages
  for each row execute function private.fill_from_parent('cmo_funnels', 'funnel_id');
create trigger keep_origin before update on public.cmo_funnel_stages
  for each row execute function private.keep_origin();
create trigger touch_updated_at before update on public.cmo_funnel_stages
  for each row execute function private.touch_updated_at();

alter table public.cmo_funnel_stages enable row level security;
create policy members_select on public.cmo_funnel_stages for select to authenticated
  using (workspace_id in (select private.my_workspace_ids()));
create policy runners_insert on public.cmo_funnel_stages for insert to authenticated
  with check (workspace_id in (select private.my_runnable_workspace_ids())
    and created_by = (select auth.uid()) and agent_run_id is null);
create policy runners_update on public.cmo_funnel_stages for update to authenticated
  using (workspace_id in (select private.my_runnable_workspace_ids()))
  with check (workspace_id in (select private.my_runnable_workspace_ids()));
grant select on public.cmo_funnel_stages to authenticated, service_role;
grant insert, update on public.cmo_funnel_stages to authenticated;

-- schemas/32_campaigns.sql

-- What a workspace does: campaigns and their channels. The rules are in 30_brand.sql.

create table public.cmo_campaigns (
  id uuid primary key default gen_random_uuid(),
  workspace_id uuid not null,
  tenant_id uuid not null,
  agent_run_id uuid,
  funnel_id uuid,
  plan_id uuid,
  campaign_name text not null,
  campaign_type text not null,
  objective text,
  description text,
  target_icp text,
  target_offer text,
  funnel_stage text,
  start_date date,
  end_date date,
  budget_allocation numeric default 0,
  primary_kpi jsonb default '{}',
  secondary_kpis jsonb default '[]',
  success_criteria text,
  status text default 'draft',
  goal text check (goal in ('leads', 'meetings', 'revenue', 'engagement')),
  autopilot_enabled boolean not null default false,
  last_optimization_at timestamptz,
  last_optimization_note text,
  target_segment_codes text[] default '{}',
  target_tags text[],
  warnings jsonb not null default '[]',
  created_by uuid default auth.uid(),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (id, workspace_id),
  foreign key (workspace_id, tenant_id) references public.workspaces (id, tenant_id) on delete cascade,
  foreign key (agent_run_id, workspace_id) references public.agent_runs (id, workspace_id)
    on delete set null (agent_run_id),
  foreign key (funnel_id, workspace_id) references public.cmo_funnels (id, workspace_id)
    on delete set null (funnel_id),
  foreign key (plan_id, workspace_id) references public.cmo_marketing_plans (id, workspace_id)
    on delete set null (plan_id)
);
create index cmo_campaigns_workspace_idx on public.cmo_campaigns (workspace_id, created_at desc);
create index cmo_campaigns_status_idx on public.cmo_campaigns (workspace_id, status);
create index cmo_campaigns_funnel_idx on public.cmo_campaigns (funnel_id);
create index cmo_campaigns_plan_idx on public.cmo_campaigns (plan_id);
create index cmo_campaigns_agent_run_idx on public.cmo_campaigns (agent_run_id);

create trigger fill_tenant before insert or update of workspace_id, tenant_id on public.cmo_campaigns
  for each row execute function private.fill_tenant();
create trigger keep_origin before update on public.cmo_campaigns
  for each row execute function private.keep_origin();
create trigger touch_updated_at before update on public.cmo_campaigns
  for each row execute function private.touch_updated_at();

alter table public.cmo_campaigns enable row level security;
create policy members_select on public.cmo_campaigns for select to authenticated
  using (workspace_id in (select private.my_workspace_ids()));
create policy runners_insert on public.cmo_campaigns for insert to authenticated
  with check (workspace_id in (select private.my_runnable_workspace_ids())
    and created_by = (select auth.uid()) and agent_run_id is null);
create policy runners_update on public.cmo_campaigns for update to authenticated
  using (workspace_id in (select private.my_runnable_workspace_ids()))
  with check (workspace_id in (select private.my_runnable_workspace_ids()));
grant select on public.cmo_campaigns to authenticated, service_role;
grant insert, update on public.cmo_campaigns to authenticated;

create table public.cmo_campaign_channels (
  id uuid primary key default gen_random_uuid(),
  workspace_id uuid not null,
  tenant_id uuid not null,
  agent_run_id uuid,
  campaign_id uuid not null,
  channel_name text not null,
  channel_type text,
  priority text default 'secondary',
  budget_percentage numeric default 0,
  content_types jsonb default '[]',
  posting_frequency text,
  targeting_notes text,
  expected_metrics jsonb default '{}',
  is_paid boolean,
  external_source text,
  external_account_id text,
  external_campaign_id text,
  external_adset_id text,
  external_ad_id text,
  utm_source text,
  utm_medium text,
  utm_campaign text,
  warnings jsonb not null default '[]',
  created_by uuid default auth.uid(),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (id, workspace_id),
  foreign key (workspace_id, tenant_id) references public.workspaces (id, tenant_id) on delete cascade,
  foreign key (agent_run_id, workspace_id) references public.agent_runs (id, workspace_id)
    on delete set null (agent_run_id),
  foreign key (campaign_id, workspace_id) references public.cmo_campaigns (id, workspace_id)
    on delete cascade
);
create index cmo_campaign_channels_workspace_idx on public.cmo_campaign_channels (workspace_id, created_at desc);
create index cmo_campaign_channels_campaign_idx on public.cmo_campaign_channels (campaign_id);
create index cmo_campaign_channels_agent_run_idx on public.cmo_campaign_channels (agent_run_id);

create trigger fill_from_parent before insert or update of campaign_id, workspace_id, tenant_id
  on public.cmo_campaign_channels
  for each row execute function private.fill_from_parent('cmo_campaigns', 'campaign_id');
create trigger keep_origin before update on public.cmo_campaign_channels
  for each row execute function private.keep_origin();
create trigger touch_updated_at before update on public.cmo_campaign_channels
  for each row execute function private.touch_updated_at();

alter table public.cmo_campaign_channels enable row level security;
create policy members_select on public.cmo_campaign_channels for select to authenticated
  using (workspace_id in (select private.my_workspace_ids()));
create policy runners_insert on public.cmo_campaign_channels for insert to authenticated
  with check (workspace_id in (select private.my_runnable_workspace_ids())
    and created_by = (select auth.uid()) and agent_run_id is null);
create policy runners_update on public.cmo_campaign_channels for update to authenticated
  using (workspace_id in (select private.my_runnable_workspace_ids()))
  with check (workspace_id in (select private.my_runnable_workspace_ids()));
grant select on public.cmo_campaign_channels to authenticated, service_role;
grant insert, update on public.cmo_campaign_channels to authenticated;

-- schemas/33_content.sql

-- What a workspace publishes: content assets and their variants. The rules are in 30_brand.sql.

create table public.cmo_content_assets (
  id uuid primary key default gen_random_uuid(),
  workspace_id uuid not null,
  tenant_id uuid not null,
  agent_run_id uuid,
  campaign_id uuid,
  content_id text,
  title text not null,
  content_type text not null,
  channel text,
  funnel_stage text,
  target_icp text,
  key_message text,
  supporting_points jsonb default '[]',
  cta text,
  tone text,
  estimated_production_time text,
  dependencies jsonb default '[]',
  publish_date date,
  status text default 'draft',
  warnings jsonb not null default '[]',
  created_by uuid default auth.uid(),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (id, workspace_id),
  foreign key (workspace_id, tenant_id) references public.workspaces (id, tenant_id) on delete cascade,
  foreign key (agent_run_id, workspace_id) references public.agent_runs (id, workspace_id)
    on delete set null (agent_run_id),
  foreign key (campaign_id, workspace_id) references public.cmo_campaigns (id, workspace_id)
    on delete set null (campaign_id)
);
create index cmo_content_assets_workspace_idx on public.cmo_content_assets (workspace_id, created_at desc);
create index cmo_content_assets_campaign_idx on public.cmo_content_assets (campaign_id);
create index cmo_content_assets_agent_run_idx on public.cmo_content_assets (agent_run_id);

create trigger fill_tenant before insert or update of workspace_id, tenant_id on public.cmo_content_assets
  for each row execute function private.fill_tenant();
create trigger keep_origin before update on public.cmo_content_assets
  for each row execute function private.keep_origin();
create trigger touch_updated_at before update on public.cmo_content_assets
  for each row execute function private.touch_updated_at();

alter table public.cmo_content_assets enable row level security;
create policy members_select on public.cmo_content_assets for select to authenticated
  using (workspace_id in (select private.my_workspace_ids()));
create policy runners_insert on public.cmo_content_assets for insert to authenticated
  with check (workspace_id in (select private.my_runnable_workspace_ids())
    and created_by = (select auth.uid()) and agent_run_id is null);
create policy runners_update on public.cmo_content_assets for update to authenticated
  using (workspace_id in (select private.my_runnable_workspace_ids()))
  with check (workspace_id in (select private.my_runnable_workspace_ids()));
grant select on public.cmo_content_assets to authenticated, service_role;
grant insert, update on public.cmo_content_assets to authenticated;

create table public.cmo_content_variants (
  id uuid primary key default gen_random_uuid(),
  workspace_id uuid not null,
  tenant_id uuid not null,
  agent_run_id uuid,
  asset_id uuid not null,
  variant_name text not null,
  variant_type text default 'A',
  subject_line text,
  headline text,
  body_content text,
  cta_text text,
  visual_description text,
  metadata jsonb default '{}',
  performance_metrics jsonb default '{}',
  is_winner boolean default false,
  warnings jsonb not null default '[]',
  created_by uuid default auth.uid(),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  foreign key (workspace_id, tenant_id) references public.workspaces (id, tenant_id) on delete cascade,
  foreign key (agent_run_id, workspace_id) references public.agent_runs (id, workspace_id)
    on delete set null (agent_run_id),
  foreign key (asset_id, workspace_id) references public.cmo_content_assets (id, workspace_id)
    on delete cascade
);
create index cmo_content_variants_workspace_idx on public.cmo_content_variants (workspace_id, created_at desc);
create index cmo_content_variants_asset_idx on public.cmo_content_variants (asset_id);
create index cmo_content_variants_agent_run_idx on public.cmo_content_variants (agent_run_id);

create trigger fill_from_parent before insert or update of asset_id, workspace_id, tenant_id
  on public.cmo_content_variants
  for each row execute function private.fill_from_parent('cmo_content_assets', 'asset_id');
create trigger keep_origin before update on public.cmo_content_variants
  for each row execute function private.keep_origin();
create trigger touch_updated_at before update on public.cmo_content_variants
  for each row execute function private.touch_updated_at();

alter table public.cmo_content_variants enable row level security;
create policy members_select on public.cmo_content_variants for select to authenticated
  using (workspace_id in (select private.my_workspace_ids()));
create policy runners_insert on public.cmo_content_variants for insert to authenticated
  with check (workspace_id in (select private.my_runnable_workspace_ids())
    and created_by = (select auth.uid()) and agent_run_id is null);
create policy runners_update on public.cmo_content_variants for update to authenticated
  using (workspace_id in (select private.my_runnable_workspace_ids()))
  with check (workspace_id in (select private.my_runnable_workspace_ids()));
grant select on public.cmo_content_variants to authenticated, service_role;
grant insert, update on public.cmo_content_variants to authenticated;

-- schemas/34_metrics.sql

-- What a workspace measures and learns: metrics per day, the view that dashboards read, and
-- recommendations. The rules are in 30_brand.sql.

create type public.data_mode as enum ('live', 'demo');

-- Measured by day, week or month. There is no updated_at, and no version is kept of what is corrected:
-- an import replaces thousands of rows at a time.
create table public.cmo_metrics_snapshots (
  id uuid primary key default gen_random_uuid(),
  workspace_id uuid not null,
  tenant_id uuid not null,
  campaign_id uuid,
  channel_id uuid,
  snapshot_date date not null,
  metric_type text not null,
  impressions integer default 0,
  clicks integer default 0,
  conversions integer default 0,
  engagement_rate numeric default 0,
  conversion_rate numeric default 0,
  cost numeric default 0,
  revenue numeric default 0,
  roi numeric default 0,
  custom_metrics jsonb default '{}',
  data_mode public.data_mode not null default 'live',
  created_at timestamptz not null default now(),
  unique (campaign_id, snapshot_date, metric_type),
  foreign key (workspace_id, tenant_id) references public.workspaces (id, tenant_id) on delete cascade,
  foreign key (campaign_id, workspace_id) references public.cmo_campaigns (id, workspace_id)
    on delete set null (campaign_id),
  foreign key (channel_id, workspace_id) references public.cmo_campaign_channels (id, workspace_id)
    on delete set null (channel_id)
);
create index cmo_metrics_snapshots_workspace_idx on public.cmo_metrics_snapshots (workspace_id, snapshot_date desc);
create index cmo_metrics_snapshots_channel_idx on public.cmo_metrics_snapshots (channel_id);

create trigger fill_tenant before insert or update of workspace_id, tenant_id on public.cmo_metrics_snapshots
  for each row execute function private.fill_tenant();

alter table public.cmo_metrics_snapshots enable row level security;
create policy members_select on public.cmo_metrics_snapshots for select to authenticated
  using (workspace_id in (select private.my_workspace_ids()));
-- The campaign is checked here as well: of a foreign one, the unique constraint would reveal the days.
create policy runners_insert on public.cmo_metrics_snapshots for insert to authenticated
  with check (workspace_id in (select private.my_runnable_workspace_ids())
    and (campaign_id is null or exists (select from public.cmo_campaigns c
      where c.id = campaign_id and c.workspace_id = cmo_metrics_snapshots.workspace_id)));
create policy runners_update on public.cmo_metrics_snapshots for update to authenticated
  using (workspace_id in (select private.my_runnable_workspace_ids()))
  with check (workspace_id in (select private.my_runnable_workspace_ids())
    and (campaign_id is null or exists (select from public.cmo_campaigns c
      where c.id = campaign_id and c.workspace_id = cmo_metrics_snapshots.workspace_id)));
grant select on public.cmo_metrics_snapshots to authenticated, service_role;
grant insert on public.cmo_metrics_snapshots to authenticated;
grant update (campaign_id, channel_id, snapshot_date, metric_type, impressions, clicks, conversions,
  engagement_rate, conversion_rate, cost, revenue, roi, custom_metrics)
  on public.cmo_metrics_snapshots to authenticated;

-- The numbers that a dashboard may show: those of the workspace's mode, without revenue that no payment
-- provider has confirmed. The view reads with the caller's privileges.
create view public.v_cmo_metrics_by_workspace with (security_invoker = true) as
select
  m.id, m.workspace_id, m.tenant_id, m.campaign_id, m.channel_id, m.snapshot_date, m.metric_type,
  m.impressions, m.clicks, m.conversions, m.engagement_rate, m.conversion_rate, m.cost,
  case when w.demo_mode or w.stripe_connected then m.revenue else 0 end as revenue,
  case when w.demo_mode or w.stripe_connected then m.roi else 0 end as roi,
  m.custom_metrics, m.data_mode, m.created_at,
  w.demo_mode, w.stripe_connected,
  case
    when w.demo_mode then 'DEMO_MODE'
    when not w.stripe_connected then 'NO_STRIPE_CONNECTED'
    else 'LIVE_OK'
  end as data_quality_status
from public.cmo_metrics_snapshots m
join public.workspaces w on w.id = m.workspace_id and w.tenant_id = m.tenant_id
where m.data_mode = (case when w.demo_mode then 'demo' else 'live' end)::public.data_mode;
grant select on public.v_cmo_metrics_by_workspace to authenticated, service_role;

create table public.cmo_recommendations (
  id uuid primary key default gen_random_uuid(),
  workspace_id uuid not null,
  tenant_id uuid not null,
  agent_run_id uuid,
  campaign_id uuid,
  recommendation_type text not null,
  priority text default 'medium',
  title text not null,
  description text,
  rationale text,
  expected_impact text,
  effort_level text,
  action_items jsonb default '[]',
  status text default 'pending',
  implemented_at timestamptz,
  warnings jsonb not null default '[]',
  created_by uuid default auth.uid(),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  foreign key (workspace_id, tenant_id) references public.workspaces (id, tenant_id) on delete cascade,
  foreign key (agent_run_id, workspace_id) references public.agent_runs (id, workspace_id)
    on delete set null (agent_run_id),
  foreign key (campaign_id, workspace_id) references public.cmo_campaigns (id, workspace_id)
    on delete set null (campaign_id)
);
create index cmo_recommendations_workspace_idx on public.cmo_recommendations (workspace_id, created_at desc);
create index cmo_recommendations_campaign_idx on public.cmo_recommendations (campaign_id);
create index cmo_recommendations_agent_run_idx on public.cmo_recommendations (agent_run_id);

create trigger fill_tenant before insert or update of workspace_id, tenant_id on public.cmo_recommendations
  for each row execute function private.fill_tenant();
create trigger touch_updated_at before update on public.cmo_recommendations
  for each row execute function private.touch_updated_at();

alter table public.cmo_recommendations enable row level security;
create policy members_select on public.cmo_recommendations for select to authenticated
  using (workspace_id in (select private.my_workspace_ids()));
create policy runners_update on public.cmo_recommendations for update to authenticated
  using (workspace_id in (select private.my_runnable_workspace_ids()))
  with check (workspace_id in (select private.my_runnable_workspace_ids()));
grant select on public.cmo_recommendations to authenticated, service_role;
grant update (status, implemented_at) on public.cmo_recommendations to authenticated;

-- schemas/35_sizes.sql

-- How large a row of a workspace may be. Users write most of these columns and runs read all of them.
-- One worker serves many tenants, so the size of one tenant's rows must not affect the others.
--
-- The limits, with their reasons:
-- - Names and titles appear in lists: 500 characters, the ceiling of run_policy.max_name_chars.
-- - A text is at most a long article: 20000 characters. The agents' output schemas have the same limit.
-- - A list or an object holds at most 65536 bytes, which is more than a whole answer usually has.
-- - A row holds at most 131072 bytes as JSON, so that a page of 8 rows is at most 1 MiB. Numbers count
--   too: a numeric may have 131072 digits.
-- - Workers read 1000 metrics at a time. Custom metrics hold at most 2048 bytes.
--
-- The name of a constraint is the reason that a caller reads: `tagline_has_at_most_20000_characters`.
-- The columns come from the catalogue, so a new one needs no line here; `npm run db:diff` prints its
-- constraint.

create function private.size_limits() returns table (table_name regclass, name text, expression text)
language sql stable set search_path = ''
as $$
  with columns as (
    select c.oid::regclass as table_name, a.attnum, a.attname, a.atttypid::regtype::text as type
    from pg_catalog.pg_class c
    join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
      and (c.relname like 'cmo\_%' or c.relname in ('tenants', 'workspaces'))
      and a.atttypid::regtype::text in ('text', 'text[]', 'jsonb', 'numeric')
  ), limits as (
    select c.*, case
        -- guards G1: name size
        when c.type = 'text' and c.attname ~ '(^|_)(name|title|slug)$' then 500
        -- guards G1: text size
        when c.type = 'text' then 20000
        -- guards G1: metrics size
        when c.attname = 'custom_metrics' then 2048
        -- guards G1: list size
        else 65536
      end as maximum
    from columns c where c.type <> 'numeric'
  )
  -- guards G1: row size
  select c.table_name, 'row_has_at_most_131072_bytes', format('%s <= 131072',
    string_agg(format('coalesce(octet_length(to_json(%I)::text), 0)', c.attname), ' + ' order by c.attnum))
  from columns c group by c.table_name
  union all
  select l.table_name,
    format('%s_has_at_most_%s_%s', l.attname, l.maximum, case when l.type = 'text' then 'characters' else 'bytes' end),
    format(case when l.type = 'text' then 'char_length(%I) <= %s' else 'octet_length(to_json(%I)::text) <= %s' end,
      l.attname, l.maximum)
  from limits l
$$;

do $$
declare
  v_limit record;
begin
  for v_limit in select l.* from private.size_limits() l loop
    execute format('alter table %s add constraint %I check (%s)', v_limit.table_name, v_limit.name, v_limit.expression);
  end loop;
end $$;

-- schemas/36_versions.sql

-- What was in a row before it was changed, and who changed it. Nothing that a run or a colleague wrote
-- is lost by an edit.
--
-- The first change of a row keeps the whole row as version 1, signed by whoever had saved it; every
-- change adds a version with the columns that it set. So the state at a number is all `changed` up to
-- it, one over the other. A row that nobody has changed has no version and costs nothing.

create table public.cmo_versions (
  workspace_id uuid not null,
  tenant_id uuid not null,
  table_name text not null
    constraint table_name_has_at_most_63_characters check (char_length(table_name) <= 63),
  row_id uuid not null,
  number integer not null check (number > 0),
  -- A row has at most 131072 bytes without the names of its columns.
  changed jsonb not null
    constraint changed_has_at_most_262144_bytes check (octet_length(to_json(changed)::text) <= 262144),
  user_id uuid,
  agent_run_id uuid,
  restored_from integer,
  created_at timestamptz not null default now(),
  primary key (table_name, row_id, number),
  foreign key (workspace_id, tenant_id) references public.workspaces (id, tenant_id) on delete cascade,
  foreign key (agent_run_id, workspace_id) references public.agent_runs (id, workspace_id)
    on delete set null (agent_run_id)
);
create index cmo_versions_workspace_idx on public.cmo_versions (workspace_id, created_at desc);
create index cmo_versions_agent_run_idx on public.cmo_versions (agent_run_id);
comment on column public.cmo_versions.user_id is
  'The person who made this version; null when a run did, or somebody with the keys of the database.';
comment on column public.cmo_versions.restored_from is 'The number of the version whose content came back.';

alter table public.cmo_versions enable row level security;
create policy members_select on public.cmo_versions for select to authenticated
  using (workspace_id in (select private.my_workspace_ids()));
grant select on public.cmo_versions to authenticated, service_role;

-- What a person or a run writes into a row, without what the database keeps about it.
create function private.changed_columns(p_old jsonb, p_new jsonb) returns jsonb
language sql immutable set search_path = ''
as $$
  select coalesce(jsonb_object_agg(n.key, n.value), '{}') from jsonb_each(p_new) n
  where n.value is distinct from p_old -> n.key
    and n.key not in ('id', 'workspace_id', 'tenant_id', 'created_by', 'agent_run_id', 'created_at', 'updated_at')
$$;

-- Of a row that changes without end, the oldest versions become one.
create function private.fold_versions(p_table_name text, p_row_id uuid) returns void
language plpgsql security definer set search_path = ''
as $$
declare
  v_numbers integer[] := array(select v.number from public.cmo_versions v
    where v.table_name = p_table_name and v.row_id = p_row_id order by v.number);
begin
  -- guards G1: versions of a row
  if cardinality(v_numbers) <= (select p.max_versions_per_row from private.run_policy p) then
    return;
  end if;
  update public.cmo_versions v set changed = o.changed || v.changed
  from public.cmo_versions o
  where v.table_name = p_table_name and v.row_id = p_row_id and v.number = v_numbers[2]
    and o.table_name = p_table_name and o.row_id = p_row_id and o.number = v_numbers[1];
  delete from public.cmo_versions v
  where v.table_name = p_table_name and v.row_id = p_row_id and v.number = v_numbers[1];
end $$;

create function private.keep_version() returns trigger
language plpgsql security definer set search_path = ''
as $$
declare
  v_changed jsonb := private.changed_columns(to_jsonb(old), to_jsonb(new));
  v_last integer;
begin
  if v_changed = '{}' then
    return null;
  end if;
  -- The row is locked by its update, so that nobody else numbers its versions meanwhile.
  select max(v.number) into v_last from public.cmo_versions v
  where v.table_name = tg_table_name and v.row_id = old.id;
  -- guards G26: first version
  if v_last is null then
    v_last := 1;
    insert into public.cmo_versions
      (workspace_id, tenant_id, table_name, row_id, number, changed, user_id, agent_run_id, created_at)
    values (old.workspace_id, old.tenant_id, tg_table_name, old.id, 1,
      private.changed_columns('{}', to_jsonb(old)),
      case when old.agent_run_id is null then old.created_by end, old.agent_run_id, old.updated_at);
  end if;
  -- Deeper than this trigger itself is only the database, when the row's parent is deleted.
  insert into public.cmo_versions
    (workspace_id, tenant_id, table_name, row_id, number, changed, user_id, agent_run_id)
  values (new.workspace_id, new.tenant_id, tg_table_name, new.id, v_last + 1, v_changed, auth.uid(),
    case when auth.uid() is null and pg_trigger_depth() = 1 then new.agent_run_id end);
  perform private.fold_versions(tg_table_name, new.id);
  return null;
end $$;

create trigger keep_version after update on public.cmo_brand_profiles
  for each row execute function private.keep_version();
create trigger keep_version after update on public.cmo_icp_segments
  for each row execute function private.keep_version();
create trigger keep_version after update on public.cmo_offers
  for each row execute function private.keep_version();
create trigger keep_version after update on public.cmo_marketing_plans
  for each row execute function private.keep_version();
create trigger keep_version after update on public.cmo_funnels
  for each row execute function private.keep_version();
create trigger keep_version after update on public.cmo_funnel_stages
  for each row execute function private.keep_version();
create trigger keep_version after update on public.cmo_campaigns
  for each row execute function private.keep_version();
create trigger keep_version after update on public.cmo_campaign_channels
  for each row execute function private.keep_version();
create trigger keep_version after update on public.cmo_content_assets
  for each row execute function private.keep_version();
create trigger keep_version after update on public.cmo_content_variants
  for each row execute function private.keep_version();
create trigger keep_version after update on public.cmo_recommendations
  for each row execute function private.keep_version();

-- schemas/37_status.sql

-- How far a draft has come: draft, approved, published, archived. Who moved it when is in its versions.
--
-- The existing screens and functions have words of their own (active, paused, completed, …). A row that
-- has one of them may go anywhere.

create function private.next_statuses(p_status text) returns text[]
language sql immutable set search_path = ''
as $$
  select case coalesce(p_status, 'draft')
    when 'draft' then '{approved,archived}'
    when 'approved' then '{draft,published,archived}'
    when 'published' then '{archived}'
    when 'archived' then '{draft}'
    else '{draft,approved,published,archived}'
  end::text[]
$$;

create function private.check_status_move(p_from text, p_to text) returns void
language plpgsql immutable set search_path = ''
as $$
begin
  -- guards G26: order of statuses
  if p_to is null or not p_to = any (private.next_statuses(p_from)) then
    raise exception using errcode = 'PT409', message = 'status_refused',
      hint = format('From %s it can become %s.', coalesce(p_from, 'draft'),
        array_to_string(private.next_statuses(p_from), ', '));
  end if;
end $$;

create function private.guard_status() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
  if auth.uid() is not null then
    perform private.check_status_move(old.status, new.status);
  end if;
  return new;
end $$;

-- Who approved a row approved what was in it then.
create function private.withdraw_approval() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
  -- guards G26: approval
  if private.changed_columns(to_jsonb(old), to_jsonb(new)) <> '{}' then
    new.status := 'draft';
  end if;
  return new;
end $$;

create trigger guard_status before update of status on public.cmo_offers
  for each row when (new.status is distinct from old.status) execute function private.guard_status();
create trigger withdraw_approval before update on public.cmo_offers
  for each row when (old.status = 'approved' and new.status = 'approved')
  execute function private.withdraw_approval();
create trigger guard_status before update of status on public.cmo_marketing_plans
  for each row when (new.status is distinct from old.status) execute function private.guard_status();
create trigger withdraw_approval before update on public.cmo_marketing_plans
  for each row when (old.status = 'approved' and new.status = 'approved')
  execute function private.withdraw_approval();
create trigger guard_status before update of status on public.cmo_funnels
  for each row when (new.status is distinct from old.status) execute function private.guard_status();
create trigger withdraw_approval before update on public.cmo_funnels
  for each row when (old.status = 'approved' and new.status = 'approved')
  execute function private.withdraw_approval();
create trigger guard_status before update of status on public.cmo_campaigns
  for each row when (new.status is distinct from old.status) execute function private.guard_status();
create trigger withdraw_approval before update on public.cmo_campaigns
  for each row when (old.status = 'approved' and new.status = 'approved')
  execute function private.withdraw_approval();
create trigger guard_status before update of status on public.cmo_content_assets
  for each row when (new.status is distinct from old.status) execute function private.guard_status();
create trigger withdraw_approval before update on public.cmo_content_assets
  for each row when (old.status = 'approved' and new.status = 'approved')
  execute function private.withdraw_approval();

-- schemas/38_admission.sql

-- Whether one more run of a tenant is accepted. Counted here, so that calling the function directly gains
-- nothing over the API.
--
-- Submissions are counted in fixed windows: the minute, the hour and the day of UTC, for the tenant and for
-- each of its users. A row holds the counts of the windows in which it was counted last; later windows begin
-- at zero. A submission counts when it is accepted and is never given back, whatever becomes of its run. One
-- that is refused counts nothing, because the refusal rolls back.
--
-- Locks: a submission holds the row of its tenant from before it counts until it commits, so that the next
-- one counts what it has added. While it holds that row it waits for the row in tenant_flow alone, and nobody
-- waits the other way round.

create table private.submission_counts (
  tenant_id uuid not null,
  user_id uuid,
  counted_at timestamptz not null,
  -- Changes once a day, so that the other updates write no index.
  counted_on date not null,
  in_minute integer not null default 0,
  in_hour integer not null default 0,
  in_day integer not null default 0,
  unique nulls not distinct (tenant_id, user_id)
)
with (fillfactor = 50);
create index submission_counts_day_idx on private.submission_counts (counted_on);
alter table private.submission_counts enable row level security;

comment on column private.submission_counts.user_id is
  'Null: all users of the tenant together. That row is the lock of its submissions.';
comment on column private.submission_counts.counted_at is 'Names the windows to which the counts belong.';

-- The end of the window that contains a moment. No time zone of a session moves it.
create function private.window_end(p_window text, p_at timestamptz) returns timestamptz
language plpgsql stable set search_path = ''
as $$
begin
  return date_trunc(p_window, p_at, 'UTC')
    + case p_window when 'minute' then interval '1 minute' when 'hour' then interval '1 hour' else interval '24 hours' end;
end $$;

-- The counts with one more submission.
create function private.next_counts(p_tenant_id uuid, p_user_id uuid, p_at timestamptz)
returns private.submission_counts
language plpgsql stable set search_path = ''
as $$
declare
  v_counts private.submission_counts;
begin
  select p_tenant_id, p_user_id, p_at, (p_at at time zone 'UTC')::date,
    -- guards G28: minute
    1 + coalesce(max(c.in_minute) filter (where private.window_end('minute', c.counted_at) > p_at), 0),
    1 + coalesce(max(c.in_hour) filter (where private.window_end('hour', c.counted_at) > p_at), 0),
    1 + coalesce(max(c.in_day) filter (where private.window_end('day', c.counted_at) > p_at), 0)
  into v_counts
  from private.submission_counts c
  where c.tenant_id = p_tenant_id and c.user_id is not distinct from p_user_id;
  return v_counts;
end $$;

create function private.save_counts(p_counts private.submission_counts) returns void
language plpgsql set search_path = ''
as $$
begin
  insert into private.submission_counts as c select (p_counts).*
  on conflict (tenant_id, user_id) do update set
    counted_at = excluded.counted_at,
    counted_on = excluded.counted_on,
    in_minute = excluded.in_minute,
    in_hour = excluded.in_hour,
    in_day = excluded.in_day;
end $$;

-- What a tenant and its users may submit: what the API shows as its policy.
create function private.show_rates(p_limits private.tenant_limits) returns jsonb
language plpgsql immutable set search_path = ''
as $$
begin
  return jsonb_build_object(
    'queued', p_limits.max_queued,
    'tenant', jsonb_build_object('minute', p_limits.runs_per_minute, 'hour', p_limits.runs_per_hour,
      'day', p_limits.runs_per_day),
    'user', jsonb_build_object('minute', p_limits.user_runs_per_minute, 'hour', p_limits.user_runs_per_hour,
      'day', p_limits.user_runs_per_day));
end $$;

-- Refuses a run of a tenant of which as many wait as may. They are counted and not remembered, so that no
-- count can be wrong after a claim, a cancel or an outage.
create function private.check_queue(p_tenant_id uuid, p_limits private.tenant_limits) returns void
language plpgsql set search_path = ''
as $$
declare
  v_queued integer := (select count(*) from (
    select from public.agent_runs r
    where r.tenant_id = p_tenant_id and r.phase = 'queued' limit p_limits.max_queued
  ) enough);
  v_retry_after integer;
begin
  -- guards G28: queue
  if v_queued < p_limits.max_queued then
    return;
  end if;
  -- About when the next of them starts, if nobody else waits.
  select ceil(greatest(1, least(60, coalesce(max(f.mean_seconds), 30) / p_limits.max_running)))
  into v_retry_after from private.tenant_flow f where f.tenant_id = p_tenant_id;
  raise exception using errcode = 'PT429', message = 'queue_full', detail = jsonb_build_object(
    'message', format('As many runs of this tenant wait for a worker as may: %s. Retry when one of them has started, in about %s s.',
      p_limits.max_queued, v_retry_after),
    'scope', 'tenant', 'window', 'queue', 'limit', p_limits.max_queued, 'remaining', 0,
    'reset', v_retry_after, 'opens_at', null, 'retry_after', v_retry_after, 'rates', private.show_rates(p_limits))::text;
end $$;

create function private.refuse_rate(p_rate jsonb, p_opens_at timestamptz) returns void
language plpgsql set search_path = ''
as $$
begin
  raise exception using errcode = 'PT429', message = 'rate_limited', detail = (p_rate || jsonb_build_object(
    'message', format('%1$s as many runs as allowed in this %2$s: %3$s. The next %2$s begins at %4$s UTC: retry in %5$s s.',
      case p_rate ->> 'scope' when 'user' then 'You have started' else 'The users of this tenant have started' end,
      p_rate ->> 'window', p_rate ->> 'limit',
      to_char(p_opens_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS'), p_rate ->> 'reset'),
    'retry_after', p_rate -> 'reset'))::text;
end $$;

-- Refuses a run that exceeds what its tenant or its user may submit, or counts it. Returns the window in which
-- fewest are left. Whoever counts has locked the submissions of the tenant. Of several windows that are used
-- up, the one that opens last is named.
create function private.admit_run(p_tenant_id uuid, p_user_id uuid, p_counts boolean default true) returns jsonb
language plpgsql set search_path = ''
as $$
declare
  v_limits private.tenant_limits := private.limits_of(p_tenant_id);
  -- Not now(), at which this submission may have begun to wait for others.
  -- guards G14: window
  v_at timestamptz := clock_timestamp();
  v_tenant private.submission_counts;
  v_user private.submission_counts;
  v_window record;
  v_rate jsonb;
begin
  perform private.check_queue(p_tenant_id, v_limits);
  v_tenant := private.next_counts(p_tenant_id, null, v_at);
  -- guards G28: user
  v_user := private.next_counts(p_tenant_id, p_user_id, v_at);
  select w.*, private.window_end(w.name, v_at) as opens_at, w.used > w.most as is_over into v_window
  from (values
    ('tenant', 'minute', v_limits.runs_per_minute, v_tenant.in_minute),
    ('tenant', 'hour', v_limits.runs_per_hour, v_tenant.in_hour),
    ('tenant', 'day', v_limits.runs_per_day, v_tenant.in_day),
    ('user', 'minute', v_limits.user_runs_per_minute, v_user.in_minute),
    ('user', 'hour', v_limits.user_runs_per_hour, v_user.in_hour),
    ('user', 'day', v_limits.user_runs_per_day, v_user.in_day)
  ) as w (scope, name, most, used)
  order by w.used > w.most desc, case when w.used > w.most then private.window_end(w.name, v_at) end desc,
    w.most - w.used, private.window_end(w.name, v_at) desc, w.scope
  limit 1;

  v_rate := jsonb_build_object(
    'scope', v_window.scope, 'window', v_window.name, 'limit', v_window.most,
    'remaining', greatest(0, v_window.most - v_window.used),
    'reset', ceil(extract(epoch from v_window.opens_at - v_at))::integer,
    'opens_at', v_window.opens_at, 'rates', private.show_rates(v_limits));
  -- guards G28: windows
  if v_window.is_over then
    perform private.refuse_rate(v_rate, v_window.opens_at);
  end if;
  if p_counts then
    perform private.save_counts(v_tenant);
    perform private.save_counts(v_user);
  end if;
  return v_rate;
end $$;

-- From here to the commit, nobody else submits for this tenant. While others do, a submission that would be
-- refused now is refused without waiting: a flood takes no connections from other tenants. Nothing that was
-- counted is given back, so that waiting would not help it.
create function private.lock_submissions(p_tenant_id uuid, p_user_id uuid, p_run_id uuid) returns void
language plpgsql set search_path = ''
as $$
begin
  -- guards G28: one after the other
  perform from private.submission_counts c where c.tenant_id = p_tenant_id and c.user_id is null for no key update skip locked;
  if found then
    return;
  end if;
  begin
    perform private.admit_run(p_tenant_id, p_user_id, p_counts => false);
  exception when sqlstate 'PT429' then
    -- What has used up the last place may have been the same request.
    if not exists (select from public.agent_runs r where r.id = p_run_id) then
      raise;
    end if;
  end;
  loop
    perform from private.submission_counts c where c.tenant_id = p_tenant_id and c.user_id is null for no key update;
    exit when found;
    -- The first submission, or the sweep has just removed the row.
    insert into private.submission_counts (tenant_id, counted_at, counted_on)
    values (p_tenant_id, now(), (now() at time zone 'UTC')::date)
    on conflict do nothing;
  end loop;
end $$;

-- Refuses the retry of a run that another retry is already repeating. The caller has locked the submissions of
-- the tenant, so that of parallel retries the later ones see the first.
create function private.check_retry_in_flight(p_retry_of uuid) returns void
language plpgsql set search_path = ''
as $$
declare
  v_other_id uuid;
begin
  if p_retry_of is null then
    return;
  end if;
  select r.id into v_other_id from public.agent_runs r
  where r.retry_of = p_retry_of and r.status = 'running' limit 1;
  -- guards G28: one retry
  if v_other_id is not null then
    raise exception using errcode = 'PT409', message = 'retry_in_flight', detail = jsonb_build_object(
      'message', format('Run %s is already a retry of this run. Wait for it to end, or cancel it.', v_other_id),
      'run_id', v_other_id)::text;
  end if;
end $$;

-- Removes counts whose windows are all over, one batch at a time.
create function private.forget_submission_counts() returns void
language plpgsql set search_path = ''
as $$
begin
  delete from private.submission_counts c
  where c.ctid = any (array(
    select o.ctid from private.submission_counts o
    where o.counted_on < (now() at time zone 'UTC')::date
    limit (select p.sweep_batch from private.run_policy p)
    for update skip locked));
end $$;

-- How many streams the caller's tenant may have open, and the caller in it, by the workspace that a request
-- means; the key is that of a request to create a run. Of other tenants it reveals nothing.
create function public.stream_limits(p_workspace_id uuid default null, p_idempotency_key text default null)
returns jsonb
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_workspace_id uuid;
  v_limits private.tenant_limits;
  v_tenant_id uuid;
begin
  perform private.check_user();
  v_workspace_id := coalesce(
    p_workspace_id, private.workspace_of_key('run', p_idempotency_key), private.implied_workspace_id());
  -- guards G18: stream limits
  if not private.user_has_workspace_access(v_workspace_id) then
    raise exception using errcode = 'PT403', message = 'workspace_forbidden';
  end if;
  v_tenant_id := private.tenant_of(v_workspace_id, null);
  v_limits := private.limits_of(v_tenant_id);
  return jsonb_build_object('tenant_id', v_tenant_id,
    'max_streams', v_limits.max_streams, 'max_user_streams', v_limits.max_user_streams);
end $$;

grant execute on function public.stream_limits(uuid, text) to authenticated;

-- schemas/39_budgets.sql

-- Budgets: what the runs of a tenant may cost in a day, in a month, and each of them.
--
-- A run reserves when it is accepted. While its answer streams, its worker draws more in steps, before the
-- reserve is used up. When an attempt ends, its cost is booked as spent, and when the run ends, what is
-- left of the reserve returns. Nobody reserves beyond a budget. The gateway's own figures come last and
-- are booked as they are: they may exceed what was reserved, and then the budget by as much.
--
-- Days and months are those of UTC. Everything that a run costs counts in the day and the month in which
-- it was accepted, so that its reserve is found again after midnight.
--
-- Only tenants with a budget have rows here. For all others nothing is locked and nothing is written.
--
-- Locks: the run, then the budgets of its tenant, the month before the day, then its row in tenant_flow.

create table private.budgets (
  -- No reference: what was spent stays spent.
  tenant_id uuid not null,
  period text not null check (period in ('day', 'month')),
  starts_on date not null,
  spent_micros bigint not null check (spent_micros >= 0),
  reserved_micros bigint not null check (reserved_micros >= 0),
  primary key (tenant_id, period, starts_on)
)
with (fillfactor = 50);
alter table private.budgets enable row level security;

comment on column private.budgets.starts_on is 'The first day of the period, in UTC.';
comment on column private.budgets.spent_micros is 'What attempts have cost that have ended.';
comment on column private.budgets.reserved_micros is
  'The sum of reserved_micros over the runs of the period that have not ended.';

-- Whether a budget is set for the tenant or for everybody. Asked for each run, so that it comes before
-- anything that costs more.
create function private.has_budget(p_tenant_id uuid) returns boolean
language plpgsql stable security definer set search_path = ''
as $$
begin
  return exists (
    select from private.tenant_limits l
    where (l.tenant_id is null or l.tenant_id = p_tenant_id)
      and num_nonnulls(l.budget_run_micros, l.budget_day_micros, l.budget_month_micros) > 0
  );
end $$;

-- The periods that have a budget, at that time: the month before the day.
create function private.budget_periods(p_limits private.tenant_limits, p_at timestamptz)
returns table (period text, starts_on date, opens_at timestamptz, cap_micros bigint)
language plpgsql stable set search_path = ''
as $$
declare
  v_at timestamp := p_at at time zone 'UTC';
begin
  return query
  select p.period, date_trunc(p.period, v_at)::date,
    (date_trunc(p.period, v_at) + p.length) at time zone 'UTC', p.cap_micros
  from (values
    ('month', interval '1 month', p_limits.budget_month_micros),
    ('day', interval '1 day', p_limits.budget_day_micros)
  ) as p (period, length, cap_micros)
  where p.cap_micros is not null;
end $$;

-- Begins the periods that have no row yet. A budget that is set in the middle of one counts what the runs
-- of the period have cost and reserved already.
create function private.open_budgets(p_tenant_id uuid, p_limits private.tenant_limits, p_at timestamptz)
returns void
language plpgsql set search_path = ''
as $$
begin
  if not exists (
    select from private.budget_periods(p_limits, p_at) p
    where not exists (
      select from private.budgets b
      where b.tenant_id = p_tenant_id and b.period = p.period and b.starts_on = p.starts_on)
  ) then
    return;
  end if;
  insert into private.budgets (tenant_id, period, starts_on, spent_micros, reserved_micros)
  select p_tenant_id, p.period, p.starts_on, sums.cost_micros, sums.reserved_micros
  from private.budget_periods(p_limits, p_at) p
  cross join lateral (
    select coalesce(sum(r.cost_micros), 0) as cost_micros, coalesce(sum(r.reserved_micros), 0) as reserved_micros
    from public.workspaces w
    join public.agent_runs r on r.workspace_id = w.id
    where coalesce(w.tenant_id, w.id) = p_tenant_id
      and r.created_at >= p.starts_on::timestamp at time zone 'UTC' and r.created_at < p.opens_at
  ) sums
  on conflict do nothing;
end $$;

-- What is left of the tenant's budgets, whose rows are locked: {left, least}. A grant of less than `least`
-- is not worth a call: it is a ten-thousandth of the budget. Null when only runs have a budget.
create function private.lock_budgets(p_tenant_id uuid, p_limits private.tenant_limits, p_at timestamptz)
returns table (left_micros bigint, least_micros bigint)
language plpgsql set search_path = ''
as $$
begin
  perform private.open_budgets(p_tenant_id, p_limits, p_at);
  return query
  select min(l.left_micros), max(l.least_micros)
  from (
    select p.cap_micros - b.spent_micros - b.reserved_micros as left_micros, p.cap_micros / 10000 + 1 as least_micros
    from private.budget_periods(p_limits, p_at) p
    join private.budgets b on b.tenant_id = p_tenant_id and b.period = p.period and b.starts_on = p.starts_on
    order by b.period desc
    -- guards G30: one at a time
    for no key update of b
  ) l;
end $$;

-- Reserves in the budgets of the tenant, and returns how much: what is due, and of what is wanted beyond it
-- no more than a part of what is left, so that runs hold little that others need, when little is left. What
-- is left, when that is less; 0 when it is not worth a call.
create function private.take_budget(
  p_tenant_id uuid, p_limits private.tenant_limits, p_at timestamptz,
  p_due_micros bigint, p_more_micros bigint, p_parts integer)
returns bigint
language plpgsql set search_path = ''
as $$
declare
  v_left bigint;
  v_least bigint;
  v_got bigint := p_due_micros + p_more_micros;
begin
  if v_got <= 0 then
    return 0;
  end if;
  select l.left_micros, l.least_micros into v_left, v_least
  from private.lock_budgets(p_tenant_id, p_limits, p_at) l;
  if v_left is not null then
    if v_left < v_least then
      return 0;
    end if;
    -- guards G30: small steps
    v_got := p_due_micros + least(p_more_micros, greatest(v_left / p_parts, v_least));
    -- guards G30: within the budget
    v_got := least(v_got, v_left);
    perform private.book(p_tenant_id, p_at, 0, v_got);
  end if;
  return v_got;
end $$;

-- Adds to what was spent and to what is reserved in the periods of that time, if they have rows.
create function private.book(
  p_tenant_id uuid, p_at timestamptz, p_spent_micros bigint, p_reserved_micros bigint)
returns void
language plpgsql set search_path = ''
as $$
declare
  v_day date := (p_at at time zone 'UTC')::date;
begin
  if p_spent_micros = 0 and p_reserved_micros = 0 then
    return;
  end if;
  -- One after the other, in the order of all locks.
  for v_period in 0..1 loop
    update private.budgets b set
      spent_micros = b.spent_micros + p_spent_micros,
      -- A wrong count must not keep a run from ending.
      reserved_micros = greatest(0, b.reserved_micros + p_reserved_micros)
    where b.tenant_id = p_tenant_id
      and b.period = case v_period when 0 then 'month' else 'day' end
      and b.starts_on = case v_period when 0 then date_trunc('month', v_day)::date else v_day end;
  end loop;
end $$;

-- What a run of this mode has cost lately in this workspace; null when none was completed yet.
create function private.typical_cost(p_workspace_id uuid, p_mode text) returns bigint
language plpgsql stable set search_path = ''
as $$
begin
  return (
    select nullif(ceil(avg(l.cost_micros)), 0)::bigint
    from (
      select r.cost_micros from public.agent_runs r
      where r.workspace_id = p_workspace_id and r.mode = p_mode and r.status = 'completed'
      order by r.created_at desc, r.id desc
      limit 20
    ) l
  );
end $$;

-- Which budget is used up, and what to do: {budget, cap_micros, left_micros, message}, and for a day and a
-- month also when it opens: {opens_at, retry_after}.
create function private.explain_budget(p_tenant_id uuid, p_limits private.tenant_limits, p_at timestamptz)
returns jsonb
language plpgsql stable set search_path = ''
as $$
declare
  v_ask constant text := ' Ask whoever manages your plan to raise it.';
  v_fullest record;
begin
  select p.*, greatest(0, p.cap_micros - b.spent_micros - b.reserved_micros) as left_micros into v_fullest
  from private.budget_periods(p_limits, p_at) p
  join private.budgets b on b.tenant_id = p_tenant_id and b.period = p.period and b.starts_on = p.starts_on
  where p.cap_micros - b.spent_micros - b.reserved_micros <= p.cap_micros / 10000
  order by p.opens_at desc limit 1;
  if not found then
    return jsonb_build_object('budget', 'run', 'cap_micros', p_limits.budget_run_micros, 'left_micros', 0,
      'message', 'The budget for one run is used up. Ask for less at once.' || v_ask);
  end if;
  return jsonb_build_object(
    'budget', v_fullest.period, 'cap_micros', v_fullest.cap_micros, 'left_micros', v_fullest.left_micros,
    'opens_at', v_fullest.opens_at,
    'retry_after', greatest(1, ceil(extract(epoch from v_fullest.opens_at - now())))::integer,
    'message', format('The budget for AI runs of this %s is used up. It opens again on %s at 00:00 UTC.',
      v_fullest.period, to_char(v_fullest.opens_at at time zone 'UTC', 'YYYY-MM-DD')) || v_ask);
end $$;

-- Reserves what a run of this mode needs at first, or refuses it. Returns the reserve: what such a run costs
-- as a rule, so that what is accepted can end, but no more than a quarter of what is left, so that a rule
-- that is somewhat too high refuses nobody. Without such runs a guess is reserved, or a hundredth of what is
-- left.
create function private.reserve_budget(p_tenant_id uuid, p_workspace_id uuid, p_mode text) returns bigint
language plpgsql set search_path = ''
as $$
declare
  v_limits private.tenant_limits;
  v_typical bigint;
  v_first bigint := (select p.first_reserve_micros from private.run_policy p);
  v_reserve bigint;
begin
  if not private.has_budget(p_tenant_id) then
    return 0;
  end if;
  v_limits := private.limits_of(p_tenant_id);
  if num_nonnulls(v_limits.budget_run_micros, v_limits.budget_day_micros, v_limits.budget_month_micros) = 0 then
    return 0;
  end if;
  v_typical := private.typical_cost(p_workspace_id, p_mode);
  v_reserve := private.take_budget(p_tenant_id, v_limits, now(),
    p_due_micros => 0, p_more_micros => least(v_limits.budget_run_micros, coalesce(v_typical, v_first)),
    p_parts => case when v_typical is null then 100 else 4 end);
  -- guards G30: refused
  if v_reserve = 0 then
    raise exception using errcode = 'PT402', message = 'budget_exceeded',
      detail = private.explain_budget(p_tenant_id, v_limits, now())::text;
  end if;
  return v_reserve;
end $$;

-- Books what an attempt has cost. Returns what stays reserved for the run; nothing when it is over.
create function private.settle_budget(p_run public.agent_runs, p_cost_micros bigint, p_is_over boolean)
returns bigint
language plpgsql set search_path = ''
as $$
declare
  v_kept bigint := case when p_is_over then 0 else greatest(0, p_run.reserved_micros - p_cost_micros) end;
begin
  -- guards G30: settled
  perform private.book(p_run.tenant_id, p_run.created_at, p_cost_micros, v_kept - p_run.reserved_micros);
  return v_kept;
end $$;

-- A deleted run returns its reserve; what its attempt has cost until then was spent.
create function private.settle_deleted_run() returns trigger
language plpgsql set search_path = ''
as $$
begin
  perform private.settle_budget(old,
    case when old.phase = 'active' then (private.cost_of(old, '{}') ->> 'micros')::bigint else 0 end,
    p_is_over => true);
  return old;
end $$;

create trigger settle_deleted_run before delete on public.agent_runs
  for each row when (old.phase <> 'done') execute function private.settle_deleted_run();

-- The calls of an attempt as if its last one had a million more tokens of answer.
create function private.with_longer_answer(p_calls jsonb) returns jsonb
language plpgsql immutable set search_path = ''
as $$
declare
  v_usage jsonb := p_calls -> -1 -> 'usage';
begin
  return jsonb_set(p_calls, '{-1,usage}', v_usage || jsonb_build_object(
    'completion_tokens', (v_usage ->> 'completion_tokens')::bigint + 1000000,
    'total_tokens', (v_usage ->> 'total_tokens')::bigint + 1000000));
end $$;

-- Reserves more for an attempt that streams. p_calls is what the worker has counted so far: its calls as it
-- will report them, the last one with the tokens of its prompt and of its answer. Prices are in SQL alone,
-- so the answer is in tokens: `granted` with the tokens to which the answer of that call may grow (null:
-- any number), `refused` with the reason, or `superseded`.
create function public.draw_budget(p_run_id uuid, p_attempt integer, p_calls jsonb) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  -- guards G30: fence
  v_run public.agent_runs := private.lock_held_run(p_run_id, p_attempt);
  v_limits private.tenant_limits;
  v_used bigint;
  -- Of a million tokens of answer.
  v_price bigint;
  v_due bigint;
  v_want bigint;
  v_got bigint;
  v_tokens bigint;
begin
  if jsonb_typeof(p_calls) is distinct from 'array' or jsonb_array_length(p_calls) = 0 then
    raise exception using errcode = 'PT400', message = 'invalid_request',
      hint = 'p_calls must be the list of calls of the attempt, with their usage.';
  end if;
  if v_run.id is null then
    return '{"kind": "superseded"}';
  end if;
  v_limits := private.limits_of(v_run.tenant_id);
  if num_nonnulls(v_limits.budget_run_micros, v_limits.budget_day_micros, v_limits.budget_month_micros) = 0 then
    return '{"kind": "granted", "tokens": null}';
  end if;

  -- What is billed if the worker is lost.
  update public.agent_run_attempts a set calls = jsonb_set(p_calls, '{-1,estimated}', 'true')
  where a.run_id = v_run.id and a.attempt = v_run.attempt;
  v_used := (private.cost_of(v_run, jsonb_build_object('calls', p_calls)) ->> 'micros')::bigint;
  v_price := (private.cost_of(v_run, jsonb_build_object('calls', private.with_longer_answer(p_calls)))
    ->> 'micros')::bigint - v_used;
  -- Two or three pieces of an answer; less would not be worth a call.
  v_due := greatest(0, v_used + v_price * 8 / 1000000 - v_run.reserved_micros);
  v_want := v_used - v_run.reserved_micros + 1 + coalesce(private.typical_cost(v_run.workspace_id, v_run.mode),
    (select p.first_reserve_micros from private.run_policy p)) / 5;
  -- What one run may cost holds for all of its attempts.
  v_want := least(greatest(v_due, v_want), v_limits.budget_run_micros - v_run.cost_micros - v_run.reserved_micros);
  v_got := private.take_budget(v_run.tenant_id, v_limits, v_run.created_at,
    p_due_micros => least(v_due, v_want), p_more_micros => greatest(0, v_want - v_due), p_parts => 100);
  if v_got > 0 then
    update public.agent_runs r set reserved_micros = r.reserved_micros + v_got where r.id = v_run.id;
  end if;

  v_tokens := (v_run.reserved_micros + v_got - v_used) * 1000000 / nullif(v_price, 0);
  -- guards G30: drawn
  if v_tokens < 1 or v_run.reserved_micros + v_got < v_used then
    return jsonb_build_object('kind', 'refused')
      || private.explain_budget(v_run.tenant_id, v_limits, v_run.created_at);
  end if;
  return jsonb_build_object('kind', 'granted', 'tokens',
    v_tokens + (p_calls -> -1 -> 'usage' ->> 'completion_tokens')::bigint);
end $$;

grant execute on function public.draw_budget(uuid, integer, jsonb) to service_role;

-- schemas/40_check_request.sql

-- What create_run and create_pipeline check before they accept a request. Users can call both with
-- the project's public key, so that whatever the API refuses is refused here as well: membership,
-- role, tenant, mode, size, form.
--
-- An expected refusal has its code as the message. Its detail holds what the caller is shown.

create function private.refuse_input(p_code text, p_path text, p_message text) returns void
language plpgsql set search_path = ''
as $$
begin
  raise exception using errcode = 'PT400', message = p_code, detail = jsonb_build_object(
    'issues', jsonb_build_array(jsonb_build_object('path', p_path, 'message', p_message)))::text;
end $$;

create function private.check_user() returns void
language plpgsql stable set search_path = ''
as $$
begin
  if auth.uid() is null then
    raise exception using errcode = 'PT401', message = 'invalid_token';
  end if;
end $$;

-- The workspace that is meant when none is named: the caller's only one, or their default.
create function private.implied_workspace_id() returns uuid
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_ids uuid[] := array(select distinct i from private.my_workspace_ids() i);
  v_default_ids uuid[];
begin
  if cardinality(v_ids) = 1 then
    return v_ids[1];
  end if;
  if cardinality(v_ids) = 0 then
    raise exception using errcode = 'PT403', message = 'no_workspace';
  end if;
  v_default_ids := array(select w.id from public.workspaces w where w.id = any (v_ids) and w.is_default);
  if cardinality(v_default_ids) = 1 then
    return v_default_ids[1];
  end if;
  raise exception using errcode = 'PT400', message = 'workspace_required', detail = jsonb_build_object(
    'workspaces', (
      select coalesce(jsonb_agg(jsonb_build_object('id', w.id, 'name', w.name) order by w.name, w.id), '[]')
      from public.workspaces w where w.id = any (v_ids)
    ))::text;
end $$;

create function private.check_run_access(p_workspace_id uuid) returns void
language plpgsql stable security definer set search_path = ''
as $$
begin
  -- guards G18: workspace access
  if not private.user_has_workspace_access(p_workspace_id) then
    raise exception using errcode = 'PT403', message = 'workspace_forbidden';
  end if;
  -- guards G16: role
  if not private.user_has_workspace_access(p_workspace_id, p_to_run => true) then
    raise exception using errcode = 'PT403', message = 'role_forbidden';
  end if;
end $$;

create function private.check_request(p_mode text, p_on_rate_limit text) returns void
language plpgsql stable security definer set search_path = ''
as $$
begin
  if private.agent_of_mode(p_mode) is null then
    raise exception using errcode = 'PT400', message = 'unknown_mode';
  end if;
  if p_on_rate_limit is null or p_on_rate_limit not in ('fail', 'wait') then
    perform private.refuse_input('invalid_request', 'on_rate_limit', 'Must be fail or wait');
  end if;
end $$;

-- The size is bounded before anything writes the input out as text: the number 1e131071 has eight
-- letters in a request and a hundred kilobytes written out, and twenty thousand of them fit.
create function private.check_input_bounds(p_input jsonb) returns void
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_policy private.run_policy;
begin
  select p.* into v_policy from private.run_policy p;
  if p_input is null or jsonb_typeof(p_input) <> 'object' then
    perform private.refuse_input('invalid_request', '', 'Must be a JSON object');
  end if;
  -- A one-digit number takes two bytes as text and twelve as jsonb. No input of legal length has more.
  if pg_column_size(p_input) > 8 * v_policy.max_input_bytes then
    raise exception using errcode = 'PT413', message = 'input_too_large',
      detail = jsonb_build_object('max_bytes', v_policy.max_input_bytes)::text;
  end if;
  if jsonb_path_exists(p_input, format(
    'strict $.**{%s} ? (@.type() == "object" || @.type() == "array")', v_policy.max_input_depth
  )::jsonpath) then
    perform private.refuse_input('invalid_request', '',
      format('JSON may be nested %s levels deep', v_policy.max_input_depth));
  end if;
  -- No other part of the system could read what a double cannot hold.
  if jsonb_path_exists(p_input, 'strict $.** ? (@.type() == "number"
    && (@.abs() > 1.7976931348623157e308 || (@ != 0 && @.abs() < 5e-324)))') then
    perform private.refuse_input('invalid_request', '', 'Contains a number that is out of range');
  end if;
  -- Harmless here, but not in code that merges the input into an object later.
  if jsonb_path_exists(p_input, 'strict $.** ? (@.type() == "object").keyvalue() ? (
    @.key == "__proto__" || (@.key == "constructor" && exists (@.value.prototype)))') then
    perform private.refuse_input('invalid_request', '', 'Contains a forbidden member name');
  end if;
  -- guards G16: input bytes
  if octet_length(p_input::text) > v_policy.max_input_bytes then
    raise exception using errcode = 'PT413', message = 'input_too_large',
      detail = jsonb_build_object('max_bytes', v_policy.max_input_bytes)::text;
  end if;
end $$;

create function private.has_parent(p_field text, p_id uuid, p_workspace_id uuid) returns boolean
language plpgsql stable security definer set search_path = ''
as $$
begin
  return case p_field
    when 'planId' then exists (select from public.cmo_marketing_plans t
      where t.id = p_id and t.workspace_id = p_workspace_id)
    when 'funnelId' then exists (select from public.cmo_funnels t
      where t.id = p_id and t.workspace_id = p_workspace_id)
    when 'stageId' then exists (select from public.cmo_funnel_stages t
      where t.id = p_id and t.workspace_id = p_workspace_id)
    when 'campaignId' then exists (select from public.cmo_campaigns t
      where t.id = p_id and t.workspace_id = p_workspace_id)
  end;
end $$;

-- Rows that an input names must be the workspace's own. A foreign id and an unknown one are refused
-- alike. Agents treat null and an empty string at the top level as absent; so does this. The worker
-- checks again, because a row may be deleted while the run is queued.
create function private.check_parents(p_input jsonb, p_workspace_id uuid) returns void
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_parent record;
begin
  for v_parent in
    select n.field, n.kind, p_input -> n.field as value, p_input ->> n.field as id
    from (values
      ('planId', 'marketing plan'), ('funnelId', 'funnel'),
      ('stageId', 'funnel stage'), ('campaignId', 'campaign')
    ) as n (field, kind)
    where p_input ->> n.field <> ''
  loop
    if jsonb_typeof(v_parent.value) <> 'string'
      or v_parent.id !~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then
      perform private.refuse_input('invalid_request', v_parent.field,
        format('Must be the id of a %s', v_parent.kind));
    end if;
    if not private.has_parent(v_parent.field, v_parent.id::uuid, p_workspace_id) then
      perform private.refuse_input('invalid_input', v_parent.field, format(
        'There is no such %s in this workspace. Check the id, or leave it out', v_parent.kind));
    end if;
  end loop;
end $$;

-- A retry names a finished run of the same workspace.
create function private.check_retry(p_retry_of uuid, p_workspace_id uuid) returns void
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_status text;
begin
  if p_retry_of is null then
    return;
  end if;
  select r.status into v_status from public.agent_runs r
  where r.id = p_retry_of and r.workspace_id = p_workspace_id;
  if v_status is null then
    raise exception using errcode = 'PT404', message = 'run_not_found';
  end if;
  if v_status = 'running' then
    raise exception using errcode = 'PT409', message = 'run_not_finished';
  end if;
end $$;

-- schemas/41_create_run.sql

-- Accepts a run. Accepted means committed. The call is idempotent by the caller's own id of the run,
-- and by an idempotency key, whose request must then be the same.

create function private.check_run_id(p_id uuid) returns void
language plpgsql immutable set search_path = ''
as $$
begin
  -- Other versions do not sort by time, and variants other than RFC 9562 have none.
  if p_id is null or uuid_extract_version(p_id) is distinct from 7 then
    perform private.refuse_input('invalid_request', 'id', 'Must be a UUID of version 7');
  end if;
end $$;

-- The caller's earlier run that this request repeats; an empty row if there is none.
create function private.find_repeated_run(p_id uuid, p_key text, p_hash text, p_workspace_id uuid)
returns public.agent_runs
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_id uuid := coalesce(private.target_of_key('run', p_key, p_hash, p_workspace_id), p_id);
  v_run public.agent_runs;
begin
  select r.* into v_run from public.agent_runs r
  where r.id = v_id and r.created_by = auth.uid() and r.workspace_id = p_workspace_id;
  return v_run;
end $$;

create function public.create_run(
  p_id uuid,
  p_mode text,
  p_input jsonb,
  p_workspace_id uuid default null,
  p_tenant_claim uuid default null,
  p_idempotency_key text default null,
  p_save boolean default false,
  p_on_rate_limit text default 'wait',
  p_retry_of uuid default null,
  p_chat_id text default null
) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v_workspace_id uuid;
  v_tenant_id uuid;
  v_hash text;
  v_run public.agent_runs;
  v_rate jsonb;
  v_reserve bigint;
begin
  perform private.check_user();
  perform private.check_idempotency_key(p_idempotency_key);
  perform private.check_run_id(p_id);
  perform private.check_input_bounds(p_input);
  if p_chat_id is not null and length(p_chat_id) not between 1 and 200 then
    perform private.refuse_input('invalid_request', 'id', 'Must have 1 to 200 characters');
  end if;

  v_workspace_id := coalesce(
    p_workspace_id, private.workspace_of_key('run', p_idempotency_key), private.implied_workspace_id());
  v_hash := encode(sha256(convert_to(jsonb_build_array(
    p_mode, v_workspace_id, p_input, coalesce(p_save, false), p_on_rate_limit, p_retry_of,
    p_chat_id
  )::text, 'UTF8')), 'hex');

  -- guards G16, G17: repeat
  if private.user_has_workspace_access(v_workspace_id) then
    v_run := private.find_repeated_run(p_id, p_idempotency_key, v_hash, v_workspace_id);
    if v_run.id is not null then
      return jsonb_build_object('created', false, 'run', to_jsonb(v_run));
    end if;
  end if;

  perform private.check_run_access(v_workspace_id);
  v_tenant_id := private.tenant_of(v_workspace_id, p_tenant_claim);
  perform private.check_request(p_mode, p_on_rate_limit);
  perform private.check_retry(p_retry_of, v_workspace_id);
  perform private.check_parents(p_input, v_workspace_id);

  if private.take_key('run', p_idempotency_key, v_hash, v_workspace_id, p_id) then
    perform private.lock_submissions(v_tenant_id, auth.uid(), p_id);
    -- Of concurrent requests with one id, the later ones have waited there, and find the run of the first.
    -- guards G17, G28: repeated id
    if not exists (select from public.agent_runs r where r.id = p_id) then
      perform private.check_retry_in_flight(p_retry_of);
      -- After every refusal that costs nothing, before the insert.
      perform private.check_gateway(p_on_rate_limit);
      v_rate := private.admit_run(v_tenant_id, auth.uid());
      v_reserve := private.reserve_budget(v_tenant_id, v_workspace_id, p_mode);
      insert into public.agent_runs (
        id, tenant_id, workspace_id, created_by, agent, mode, input, save_artifacts, on_rate_limit,
        retry_of, chat_id, priority, reserved_micros, status, phase, output, enqueue_after, expires_at
      )
      select
        p_id, v_tenant_id, v_workspace_id, auth.uid(), private.agent_of_mode(p_mode), p_mode, p_input,
        coalesce(p_save, false), p_on_rate_limit, p_retry_of, p_chat_id, 1,
        v_reserve, 'running', 'queued', null,
        now() + p.first_enqueue_after, now() + p.wait_limit
      from private.run_policy p
      -- Nothing is left to a default: in an adopted project some of them are those of the app.
      -- The id may be that of a run of another tenant.
      on conflict do nothing
      returning * into v_run;
      if found then
        return jsonb_build_object('created', true, 'run', to_jsonb(v_run), 'rate_limit', v_rate);
      end if;
      perform private.book(v_tenant_id, now(), 0, -v_reserve);
    end if;
  end if;

  v_run := private.find_repeated_run(p_id, p_idempotency_key, v_hash, v_workspace_id);
  if v_run.id is null then
    raise exception using errcode = 'PT409', message = 'id_taken';
  end if;
  return jsonb_build_object('created', false, 'run', to_jsonb(v_run));
end $$;

grant execute on function public.create_run(uuid, text, jsonb, uuid, uuid, text, boolean, text, uuid, text)
  to authenticated;

-- schemas/42_end_of_work.sql

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

-- schemas/43_check_artifacts.sql

-- What is checked before a run may save a row: limits, references, parents. A refusal has a sentence
-- for the user who waits.

create function private.refuse_artifact(p_reason text) returns void
language plpgsql set search_path = ''
as $$
begin
  raise exception using errcode = '22023', message = p_reason;
end $$;

create function private.check_artifacts(p_artifacts jsonb) returns void
language plpgsql set search_path = ''
as $$
declare
  v_policy private.run_policy;
begin
  select p.* into v_policy from private.run_policy p;
  if jsonb_typeof(p_artifacts) <> 'array' then
    perform private.refuse_artifact('It is not a list of rows.');
  end if;
  -- guards G1: artifact count
  if jsonb_array_length(p_artifacts) > v_policy.max_artifacts then
    perform private.refuse_artifact(format('It has %s rows, and at most %s are saved.',
      jsonb_array_length(p_artifacts), v_policy.max_artifacts));
  end if;
  -- guards G1: artifact bytes
  if octet_length(p_artifacts::text) > v_policy.max_artifact_bytes then
    perform private.refuse_artifact(format('Its rows have more than %s bytes.', v_policy.max_artifact_bytes));
  end if;
end $$;

-- The values of an artifact for the columns that a run may set. Null is the same as absent.
create function private.read_values(p_artifact jsonb, p_columns text[]) returns jsonb
language plpgsql stable set search_path = ''
as $$
declare
  v_max_chars integer := (select p.max_name_chars from private.run_policy p);
  v_values jsonb := (
    select coalesce(jsonb_object_agg(v.key, v.value), '{}')
    from jsonb_each(p_artifact -> 'values') v
    where v.key = any (p_columns) and v.value <> 'null'
  );
  v_long text;
begin
  select v.key into v_long from jsonb_each_text(v_values) v
  where (v.key = 'title' or right(v.key, 5) = '_name') and length(v.value) > v_max_chars
  limit 1;
  -- guards G1: artifact names
  if v_long is not null then
    perform private.refuse_artifact(format('%s has more than %s characters.', v_long, v_max_chars));
  end if;
  return v_values;
end $$;

-- A column that names a row must name one of the run's workspace. The foreign keys of the tables hold
-- that too; here the refusal gets its sentence.
create function private.check_reference(p_run public.agent_runs, p_artifact jsonb, p_column text, p_table regclass)
returns void
language plpgsql stable set search_path = ''
as $$
declare
  v_id uuid := p_artifact -> 'values' ->> p_column;
  v_found boolean;
begin
  execute format('select exists (select from %s t where t.id = $1 and t.workspace_id = $2)', p_table)
    into v_found using v_id, p_run.workspace_id;
  if v_id is not null and not v_found then
    perform private.refuse_artifact(format('%s names no row of this workspace.', p_column));
  end if;
end $$;

-- The parent of a child must have been saved by the same run: no run adds to the work of others.
create function private.check_parent(p_run public.agent_runs, p_artifact jsonb, p_column text, p_table regclass)
returns void
language plpgsql stable set search_path = ''
as $$
declare
  v_found boolean;
begin
  -- guards G18: parent
  execute format('select exists (select from %s t where t.id = $1 and t.agent_run_id = $2)', p_table)
    into v_found using (p_artifact -> 'values' ->> p_column)::uuid, p_run.id;
  if not v_found then
    perform private.refuse_artifact(format('%s names no row that this run saved before it.', p_column));
  end if;
end $$;

-- schemas/44_write_artifact.sql

-- How an artifact becomes a row: inserted, or merged into a row that is already known.
--
-- A workspace has one brand, and knows its segments and offers by their names. What a conversation
-- reports about them is merged into the existing row. A value without content was left open by the
-- conversation and changes nothing. A list replaces a list. An object, such as the brand's colors, is
-- merged key by key.

-- Inserts a row whose keys are columns. Columns that it does not name keep their defaults.
create function private.insert_row(p_table regclass, p_row jsonb) returns void
language plpgsql set search_path = ''
as $$
declare
  v_columns text := (select string_agg(format('%I', k), ', ') from jsonb_object_keys(p_row) k);
begin
  execute format('insert into %1$s (%2$s) select %2$s from jsonb_populate_record(null::%1$s, $1)',
    p_table, v_columns) using p_row;
end $$;

create function private.update_row(p_table regclass, p_id uuid, p_row jsonb) returns void
language plpgsql set search_path = ''
as $$
declare
  v_columns text := (select string_agg(format('%I', k), ', ') from jsonb_object_keys(p_row) k);
begin
  execute format('update %1$s t set (%2$s) = (select %2$s from jsonb_populate_record(null::%1$s, $1))
    where t.id = $2', p_table, v_columns) using p_row, p_id;
end $$;

-- The members with content. A false flag has none: to name the primary segment again does not make it
-- one of the others. Only screens lower flags.
create function private.members_with_content(p_values jsonb) returns jsonb
language sql immutable set search_path = ''
as $$
  select coalesce(jsonb_object_agg(v.key, v.value), '{}')
  from (select e.key, jsonb_strip_nulls(e.value) as value from jsonb_each(p_values) e) v
  where v.value not in ('null', '""', '[]', '{}', 'false')
$$;

create function private.merge_values(p_known jsonb, p_new jsonb) returns jsonb
language sql immutable set search_path = ''
as $$
  select coalesce(jsonb_object_agg(n.key, case
    when jsonb_typeof(n.value) = 'object' and jsonb_typeof(p_known -> n.key) = 'object'
      then (p_known -> n.key) || n.value
    else n.value
  end), '{}')
  from jsonb_each(p_new) n
$$;

-- The row of the workspace that is meant; null when there is none. Names are compared without case and
-- surrounding spaces. Screens insert without looking, so that several rows may have one name: then the
-- latest is meant.
create function private.find_known(p_table regclass, p_name_column text, p_workspace_id uuid, p_name text)
returns jsonb
language plpgsql set search_path = ''
as $$
declare
  v_known jsonb;
begin
  execute format('select to_jsonb(t) from %s t where t.workspace_id = $1 and %s
      order by t.updated_at desc, t.id limit 1 for update', p_table,
    case when p_name_column is null then 'true'
      else format('lower(btrim(t.%I)) = lower(btrim($2))', p_name_column) end)
    into v_known using p_workspace_id, p_name;
  return v_known;
end $$;

-- Returns the id of the row that was changed or inserted. A known row keeps its creator and its status.
create function private.upsert_artifact(p_table regclass, p_name_column text, p_placed jsonb, p_values jsonb)
returns uuid
language plpgsql set search_path = ''
as $$
declare
  v_workspace_id uuid := p_placed ->> 'workspace_id';
  v_new jsonb := private.members_with_content(p_values);
  v_known jsonb;
begin
  -- Two conversations that report the same name at once make one row of it.
  perform pg_advisory_xact_lock(hashtextextended('upsert_artifact ' || v_workspace_id, 0));
  v_known := private.find_known(p_table, p_name_column, v_workspace_id, v_new ->> p_name_column);
  if v_known is null then
    perform private.insert_row(p_table, p_placed || v_new);
    return p_placed ->> 'id';
  end if;
  perform private.update_row(p_table, (v_known ->> 'id')::uuid, private.merge_values(v_known, v_new)
    || jsonb_build_object('agent_run_id', p_placed -> 'agent_run_id', 'warnings', p_placed -> 'warnings'));
  return v_known ->> 'id';
end $$;

-- A new piece, or the text for one that is planned: the artifact then has the id of a row of the
-- workspace. What the plan says of it stays, what the plan leaves open is filled in, and the run's
-- variants can hang under it. What is published is finished, and nothing joins it.
create function private.save_content(p_row jsonb) returns void
language plpgsql set search_path = ''
as $$
declare
  v_known jsonb;
begin
  select to_jsonb(a) into v_known from public.cmo_content_assets a
  where a.id = (p_row ->> 'id')::uuid and a.workspace_id = (p_row ->> 'workspace_id')::uuid
    and coalesce(a.status, 'draft') not in ('published', 'archived')
  for update;
  if v_known is null then
    perform private.insert_row('public.cmo_content_assets', p_row);
    return;
  end if;
  perform private.update_row('public.cmo_content_assets', (p_row ->> 'id')::uuid, (
    select coalesce(jsonb_object_agg(n.key, n.value), '{}') from jsonb_each(p_row) n
    where n.key in ('agent_run_id', 'warnings') or v_known -> n.key = 'null'
  ));
end $$;

-- schemas/45_save_artifacts.sql

-- Artifacts: the rows that a completed run saves. The worker sends tables, ids and values. The tables
-- and columns that a run may write are listed here, one branch per table. Workspace, tenant, creator,
-- run and status come from the run itself.

-- With so many warnings, nobody should approve it without having read them.
create function private.status_of_draft(p_warnings jsonb) returns text
language sql stable set search_path = ''
as $$
  select case when jsonb_array_length(p_warnings) >= p.review_from_warnings
    then 'needs_review' else 'draft' end
  from private.run_policy p
$$;

-- Returns the id of the row that the artifact became. A draft has the status `draft`, or `needs_review`,
-- except for recommendations, whose screen calls it `pending`, their default. The brand and the segments have no
-- status, and children have that of their parents.
create function private.save_artifact(p_run public.agent_runs, p_artifact jsonb) returns uuid
language plpgsql set search_path = ''
as $$
declare
  v_placed jsonb := jsonb_build_object('id', p_artifact ->> 'id', 'agent_run_id', p_run.id,
    'workspace_id', p_run.workspace_id, 'tenant_id', p_run.tenant_id, 'created_by', p_run.created_by,
    'warnings', private.list_in(p_artifact, 'warnings'));
  v_drafted jsonb := v_placed || jsonb_build_object('status', private.status_of_draft(v_placed -> 'warnings'));
begin
  case p_artifact ->> 'table'
    when 'cmo_brand_profiles' then
      return private.upsert_artifact('public.cmo_brand_profiles', null, v_placed,
        private.read_values(p_artifact, array[
          'brand_name', 'tagline', 'mission_statement', 'brand_voice', 'brand_tone',
          'brand_personality', 'core_values', 'brand_colors', 'brand_fonts', 'logo_url',
          'website_url', 'industry', 'competitors', 'unique_value_proposition',
          'key_differentiators', 'messaging_pillars', 'content_themes']));
    when 'cmo_icp_segments' then
      return private.upsert_artifact('public.cmo_icp_segments', 'segment_name', v_placed,
        private.read_values(p_artifact, array[
          'segment_name', 'segment_description', 'company_size', 'demographics', 'psychographics',
          'pain_points', 'goals', 'buying_triggers', 'objections', 'preferred_channels',
          'content_preferences', 'budget_range', 'decision_criteria', 'industry_verticals',
          'job_titles', 'is_primary', 'priority_score']));
    when 'cmo_offers' then
      -- What the owner sells already is no draft.
      if v_drafted ->> 'status' = 'draft' and p_artifact #>> '{values,status}' in ('active', 'archived') then
        v_drafted := v_drafted || jsonb_build_object('status', p_artifact #> '{values,status}');
      end if;
      return private.upsert_artifact('public.cmo_offers', 'offer_name', v_drafted,
        private.read_values(p_artifact, array[
          'offer_name', 'offer_type', 'description', 'key_benefits', 'features', 'pricing_model',
          'price_range', 'target_segments', 'use_cases', 'success_metrics',
          'competitive_positioning', 'launch_date', 'is_flagship', 'landing_page_url', 'demo_url']));
    when 'cmo_marketing_plans' then
      perform private.insert_row('public.cmo_marketing_plans', v_drafted || private.read_values(p_artifact, array[
        'plan_name', 'plan_type', 'start_date', 'end_date', 'executive_summary', 'primary_objectives',
        'key_metrics', 'budget_allocation', 'month_1_plan', 'month_2_plan', 'month_3_plan',
        'channel_mix', 'content_calendar_outline', 'campaign_themes', 'resource_requirements',
        'dependencies', 'risks_mitigations', 'target_icp_segments', 'target_offers',
        'generation_context']));
    when 'cmo_funnels' then
      perform private.check_reference(p_run, p_artifact, 'plan_id', 'public.cmo_marketing_plans');
      perform private.insert_row('public.cmo_funnels', v_drafted || private.read_values(p_artifact, array[
        'plan_id', 'funnel_name', 'funnel_type', 'description', 'target_icp_segments',
        'target_offers', 'total_budget', 'expected_conversion_rate', 'expected_revenue']));
    when 'cmo_funnel_stages' then
      perform private.check_parent(p_run, p_artifact, 'funnel_id', 'public.cmo_funnels');
      perform private.insert_row('public.cmo_funnel_stages', v_placed || private.read_values(p_artifact, array[
        'funnel_id', 'stage_name', 'stage_type', 'stage_order', 'description', 'objective', 'kpis',
        'campaign_types', 'channels', 'content_assets', 'target_icps', 'linked_offers',
        'entry_criteria', 'exit_criteria', 'expected_volume', 'conversion_rate_target',
        'budget_allocation']));
    when 'cmo_campaigns' then
      perform private.check_reference(p_run, p_artifact, 'plan_id', 'public.cmo_marketing_plans');
      perform private.check_reference(p_run, p_artifact, 'funnel_id', 'public.cmo_funnels');
      perform private.insert_row('public.cmo_campaigns', v_drafted || private.read_values(p_artifact, array[
        'plan_id', 'funnel_id', 'campaign_name', 'campaign_type', 'objective', 'description',
        'target_icp', 'target_offer', 'funnel_stage', 'start_date', 'end_date',
        'budget_allocation', 'primary_kpi', 'secondary_kpis', 'success_criteria', 'goal',
        'target_segment_codes', 'target_tags']));
    when 'cmo_campaign_channels' then
      perform private.check_parent(p_run, p_artifact, 'campaign_id', 'public.cmo_campaigns');
      perform private.insert_row('public.cmo_campaign_channels', v_placed || private.read_values(p_artifact, array[
        'campaign_id', 'channel_name', 'channel_type', 'priority', 'budget_percentage',
        'content_types', 'posting_frequency', 'targeting_notes', 'expected_metrics', 'is_paid',
        'utm_source', 'utm_medium', 'utm_campaign']));
    when 'cmo_content_assets' then
      perform private.check_reference(p_run, p_artifact, 'campaign_id', 'public.cmo_campaigns');
      perform private.save_content(v_drafted || private.read_values(p_artifact, array[
        'campaign_id', 'content_id', 'title', 'content_type', 'channel', 'funnel_stage',
        'target_icp', 'key_message', 'supporting_points', 'cta', 'tone',
        'estimated_production_time', 'dependencies', 'publish_date']));
    when 'cmo_content_variants' then
      perform private.check_parent(p_run, p_artifact, 'asset_id', 'public.cmo_content_assets');
      perform private.insert_row('public.cmo_content_variants', v_placed || private.read_values(p_artifact, array[
        'asset_id', 'variant_name', 'variant_type', 'subject_line', 'headline', 'body_content',
        'cta_text', 'visual_description', 'metadata']));
    when 'cmo_recommendations' then
      perform private.check_reference(p_run, p_artifact, 'campaign_id', 'public.cmo_campaigns');
      perform private.insert_row('public.cmo_recommendations', v_placed || private.read_values(p_artifact, array[
        'campaign_id', 'recommendation_type', 'priority', 'title', 'description', 'rationale',
        'expected_impact', 'effort_level', 'action_items']));
    else
      perform private.refuse_artifact('Runs cannot save into this table.');
  end case;
  return p_artifact ->> 'id';
end $$;

-- Saves all or nothing. Returns {saved: [{table, id}]}, or {refused: <sentence>} when something is
-- wrong with the artifacts. A failure of the database itself is thrown, so that the worker tries again.
create function private.save_artifacts(p_run public.agent_runs, p_artifacts jsonb) returns jsonb
language plpgsql set search_path = ''
as $$
declare
  v_artifacts jsonb := coalesce(nullif(p_artifacts, 'null'), '[]');
  v_artifact jsonb;
  v_ref jsonb;
  v_saved jsonb := '[]';
begin
  perform private.check_artifacts(v_artifacts);
  for v_artifact in select a from jsonb_array_elements(v_artifacts) a loop
    v_ref := jsonb_build_object('table', v_artifact ->> 'table', 'id', private.save_artifact(p_run, v_artifact));
    -- Two artifacts with one name are merged into one row.
    if not v_saved @> jsonb_build_array(v_ref) then
      v_saved := v_saved || v_ref;
    end if;
  end loop;
  return jsonb_build_object('saved', v_saved);
exception when others then
  -- 40 rollback, 53 resources, 55 state, 57 operator, 58 system, XX internal.
  if left(sqlstate, 2) in ('40', '53', '55', '57', '58', 'XX') then
    raise;
  end if;
  return jsonb_build_object('refused', format(
    'The answer is complete, but it could not be saved to %s: %s Copy what you need from the text, or run it again.',
    coalesce(v_artifact ->> 'table', 'the workspace'), rtrim(sqlerrm, '.') || '.'));
end $$;

-- schemas/46_lane_reports.sql

-- What workers report of a gateway, and what follows for its lane (28_gateway_lanes.sql). A worker reports
-- before it ends or releases the run, so that no other run starts in between.

-- At most one probe a second; a gateway that says when is asked then, one that does not soon.
create function private.pause_after_rate_limit(p_lane private.gateway_lanes, p_report jsonb)
returns interval
language plpgsql volatile set search_path = ''
as $$
declare
  v_policy private.run_policy;
  v_asked interval := (p_report ->> 'retry_after_ms')::numeric * interval '1 millisecond';
  v_backoff interval;
begin
  select p.* into v_policy from private.run_policy p;
  -- Spread, so that lanes that were refused together do not probe together.
  v_backoff := least(v_policy.lane_pause_max, v_policy.lane_pause_min * power(2, least(p_lane.pauses, 10)))
    * (0.5 + random() / 2);
  -- guards G29: pause
  return greatest(v_policy.lane_pause_min, least(v_policy.release_delay_max, coalesce(v_asked, v_backoff)));
end $$;

create function private.pause_lane(p_lane private.gateway_lanes, p_reason text, p_for interval)
returns void
language plpgsql set search_path = ''
as $$
begin
  update private.gateway_lanes l set
    reason = p_reason,
    paused_at = now(),
    paused_until = now() + p_for,
    pauses = l.pauses + 1,
    probing = false,
    reopened_at = null,
    failures = 0,
    failing_since = null
  where l.id = p_lane.id;
end $$;

-- Reports of calls that were under way when the lane was paused change nothing but a later time.
create function private.is_resting(p_lane private.gateway_lanes) returns boolean
language plpgsql stable set search_path = ''
as $$
begin
  return coalesce(p_lane.paused_until > now() and not p_lane.probing, false);
end $$;

create function private.report_rate_limit(p_lane private.gateway_lanes, p_report jsonb) returns void
language plpgsql set search_path = ''
as $$
declare
  v_for interval := private.pause_after_rate_limit(p_lane, p_report);
  v_running integer := private.count_in_lane(p_lane.id, null);
  v_allowance integer := private.lane_allowance(p_lane);
begin
  if private.is_resting(p_lane) then
    update private.gateway_lanes l set paused_until = greatest(l.paused_until, now() + v_for)
    where l.id = p_lane.id and l.reason = 'rate_limited' and p_report ? 'retry_after_ms';
    return;
  end if;
  perform private.pause_lane(p_lane, 'rate_limited', v_for);
  update private.gateway_lanes l set worked_running = greatest(1, case
    -- The probe was refused, which says nothing new.
    when p_lane.paused_until is not null then coalesce(p_lane.worked_running, v_running)
    -- guards G29: multiplicative decrease
    when v_allowance is not null then least(v_running, v_allowance) * 3 / 4
    else v_running - 1
  end)
  where l.id = p_lane.id;
end $$;

-- Nobody pays: that holds for all models of the key.
create function private.report_unpaid(p_lane private.gateway_lanes) returns void
language plpgsql set search_path = ''
as $$
declare
  v_for interval := (select p.lane_unpaid_pause from private.run_policy p);
  v_lane private.gateway_lanes;
begin
  for v_lane in select l.* from private.gateway_lanes l where l.gateway = p_lane.gateway loop
    if not (private.is_resting(v_lane) and v_lane.reason = 'payment_required') then
      perform private.pause_lane(v_lane, 'payment_required', v_for);
    end if;
  end loop;
end $$;

-- A call failed before any text. Some in a row, by whichever workers, break the model for a while.
create function private.report_failure(p_lane private.gateway_lanes, p_code text) returns void
language plpgsql set search_path = ''
as $$
declare
  v_policy private.run_policy;
  v_failures integer;
begin
  if private.is_resting(p_lane) then
    return;
  end if;
  select p.* into v_policy from private.run_policy p;
  v_failures := 1 + case
    when p_lane.failing_since > now() - v_policy.lane_failures_within then p_lane.failures else 0 end;
  -- guards G29: broken model
  if v_failures >= v_policy.lane_failures or p_lane.paused_until is not null then
    perform private.pause_lane(p_lane, p_code, least(v_policy.lane_broken_pause_max,
      v_policy.lane_broken_pause * power(2, least(p_lane.pauses, 10))));
  else
    update private.gateway_lanes l set
      failures = v_failures,
      failing_since = case when v_failures = 1 then now() else l.failing_since end
    where l.id = p_lane.id;
  end if;
end $$;

-- An answer began. Only one that was asked for after the pause began shows that it may end.
create function private.report_work(p_lane private.gateway_lanes, p_run_id uuid) returns void
language plpgsql set search_path = ''
as $$
begin
  update private.gateway_lanes l set failures = 0, failing_since = null
  where l.id = p_lane.id and l.failures > 0;
  -- guards G29: proof of a probe
  if not exists (select from public.agent_runs r where r.id = p_run_id and r.claimed_at > p_lane.paused_at) then
    return;
  end if;
  update private.gateway_lanes l set
    reason = null, paused_at = null, paused_until = null, pauses = 0, probing = false,
    reopened_at = case when l.reason = 'rate_limited' then now() end,
    max_running = greatest(1, private.count_in_lane(l.id, null)),
    worked_running = coalesce(l.worked_running, 1)
  where l.id = p_lane.id
    or (l.gateway = p_lane.gateway and l.reason = 'payment_required' and p_lane.reason = l.reason);
end $$;

-- p_report is {lane, kind, code?, retry_after_ms?, run_id?}. Answers with the lane's state; null for a lane that
-- no worker watches, and that is nobody's.
create function public.report_lane(p_report jsonb) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v_lane private.gateway_lanes;
begin
  -- All of the gateway, in one order: what is reported of one may concern the others.
  perform from private.gateway_lanes l where l.gateway = split_part(p_report ->> 'lane', ':', 1)
  order by l.lane for no key update;
  select l.* into v_lane from private.gateway_lanes l where l.lane = p_report ->> 'lane';
  if not found then
    return 'null';
  end if;
  case p_report ->> 'kind'
    when 'rate_limited' then perform private.report_rate_limit(v_lane, p_report);
    when 'payment_required' then perform private.report_unpaid(v_lane);
    when 'failed' then perform private.report_failure(v_lane, p_report ->> 'code');
    when 'worked' then perform private.report_work(v_lane, (p_report ->> 'run_id')::uuid);
    else raise exception using errcode = 'PT400', message = 'invalid_request',
      hint = 'kind must be rate_limited, payment_required, failed or worked.';
  end case;
  return private.watched_lanes(array[v_lane.lane]) -> 0;
end $$;
grant execute on function public.report_lane(jsonb) to service_role;

-- Runs whose callers wait at a screen and do not want to wait for the gateway: they end at once while the
-- whole pool is paused. Only the sweep calls this.
create function private.fail_impatient_runs() returns setof public.agent_runs
language plpgsql set search_path = ''
as $$
declare
  v_reason text := private.pool_pause() ->> 'reason';
  v_run public.agent_runs;
begin
  if v_reason is null or v_reason not in ('rate_limited', 'payment_required') then
    return;
  end if;
  for v_run in
    select r.* from public.agent_runs r
    where r.phase = 'queued' and r.on_rate_limit = 'fail'
    limit (select p.sweep_batch from private.run_policy p)
    for update skip locked
  loop
    return next private.mark_finalized(v_run.id, 'failed', jsonb_build_object('error_code', v_reason));
  end loop;
end $$;

-- schemas/50_claim_run.sql

-- Leases and claims. A worker process renews its lease each second, and may claim queued runs while
-- the lease holds. Each claim is a new attempt; its number fences every later write.

-- Renews the worker's lease, or begins it. `lost` is final: the process starts again under a new id
-- and finalizes nothing. `held` and `cancel` are the runs that the ledger believes it works on.
create function public.heartbeat_worker(p_worker_id uuid) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v_lease interval := (select p.lease from private.run_policy p);
begin
  insert into public.workers as w (id, lease_expires_at) values (p_worker_id, now() + v_lease)
  on conflict (id) do update set
    lease_expires_at = now() + v_lease,
    -- After a gap the worker counts as new and may take over no runs until a lease has passed. Half a
    -- lease is already a gap: when the database was unavailable for a little less than a lease, some
    -- leases have expired and others have not.
    alive_since = case when w.lease_expires_at < now() + v_lease / 2 then now() else w.alive_since end
  where w.lost_at is null;
  if not found then
    return jsonb_build_object('lost', true, 'held', 0, 'cancel', '[]'::jsonb);
  end if;

  return (
    select jsonb_build_object(
      'lost', false,
      'held', count(*),
      'cancel', coalesce(
        jsonb_agg(jsonb_build_object('id', r.id, 'attempt', r.attempt))
          -- guards G10: without the hint
          filter (where r.cancel_requested_at is not null), '[]'))
    from public.agent_runs r
    where r.worker_id = p_worker_id and r.phase = 'active'
  );
end $$;

-- Whether it is too late to start the run. The sweep ends such runs.
create function private.is_overdue(p_run public.agent_runs) returns boolean
language plpgsql stable set search_path = ''
as $$
begin
  return case when p_run.started_at is null then p_run.expires_at <= now() else p_run.deadline_at <= now() end;
end $$;

-- Why a run cannot be claimed; null when it can. Whatever the reason, the job is done.
create function private.refused_claim(p_run public.agent_runs) returns text
language plpgsql stable set search_path = ''
as $$
begin
  return case
    when p_run.id is null then 'missing'
    when p_run.status = 'cancelled' then 'cancelled'
    -- guards G3, G11
    when p_run.status <> 'running' then 'terminal'
    when p_run.phase = 'active' then 'held'
    when p_run.cancel_requested_at is not null then 'cancelled'
    when private.is_overdue(p_run) then 'expired'
  end;
end $$;

-- While this lock is held the sweep cannot mark the worker lost. It therefore sees the claim.
create function private.lock_living_worker(p_worker_id uuid) returns boolean
language plpgsql set search_path = ''
as $$
begin
  perform from public.workers w
  -- guards G5: living worker
  where w.id = p_worker_id and w.lost_at is null and w.lease_expires_at > now()
  for key share;
  return found;
end $$;

-- Begins an attempt of a run that the caller has locked, and returns what its worker needs.
create function private.begin_attempt(
  p_run_id uuid, p_worker_id uuid, p_slot_charge double precision, p_lane_id integer default null)
returns jsonb
language plpgsql set search_path = ''
as $$
declare
  v_run public.agent_runs;
begin
  update public.agent_runs r set
    phase = 'active',
    attempt = r.attempt + 1,
    worker_id = p_worker_id,
    claimed_at = now(),
    started_at = coalesce(r.started_at, now()),
    queued_ms = coalesce(r.queued_ms, private.ms_since(r.created_at)),
    deadline_at = coalesce(r.deadline_at, now() + (select p.work_limit from private.run_policy p)),
    enqueue_after = null,
    not_before = null,
    slot_charge = p_slot_charge,
    lane_id = p_lane_id,
    -- The text of the previous attempt is superseded from here on.
    output_text = null,
    text_length = 0,
    truncated = false
  where r.id = p_run_id
  returning * into v_run;
  perform private.open_attempt(v_run);
  return jsonb_build_object('kind', 'claimed', 'run', to_jsonb(v_run),
    'has_budget', private.has_budget(v_run.tenant_id), 'workspace', (
    select jsonb_build_object('id', w.id, 'name', w.name,
      'time_zone', w.time_zone, 'currency', w.currency, 'language', w.language)
    from public.workspaces w where w.id = v_run.workspace_id));
end $$;

-- Claims one run by its id, whoever's turn it is: how tests get a run into a worker's hands.
create function public.claim_run(p_run_id uuid, p_worker_id uuid) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v_run public.agent_runs;
  v_refusal text;
begin
  if not private.lock_living_worker(p_worker_id) then
    return jsonb_build_object('kind', 'worker_lost');
  end if;
  -- Decided on the locked row, so that the answer is true at the moment of the refusal.
  select r.* into v_run from public.agent_runs r where r.id = p_run_id for update;
  v_refusal := private.refused_claim(v_run);
  if v_refusal is not null then
    return jsonb_strip_nulls(jsonb_build_object('kind', v_refusal, 'attempt', v_run.attempt));
  end if;
  return private.begin_attempt(p_run_id, p_worker_id, 0);
end $$;

-- The next run of a tenant, locked; null if it has none that may start. A run that somebody else has
-- locked is being cancelled or swept.
create function private.take_next_run(p_tenant_id uuid) returns uuid
language plpgsql set search_path = ''
as $$
begin
  return (
    select r.id from public.agent_runs r
    where r.tenant_id = p_tenant_id and r.phase = 'queued' and private.may_start(r)
    order by r.priority desc, r.created_at, r.id limit 1
    for update skip locked
  );
end $$;

-- Claims the next run of a tenant whose row the caller has locked; null if it may have none now, which its
-- row then says. A tenant that runs as much as it may has more only when p_is_over_cap.
create function private.claim_of_tenant(
  p_flow private.tenant_flow, p_worker_id uuid, p_is_over_cap boolean, p_lane jsonb)
returns jsonb
language plpgsql set search_path = ''
as $$
declare
  v_limits private.tenant_limits := private.limits_of(p_flow.tenant_id);
  -- guards G27: cap
  v_running integer := private.count_running(p_flow.tenant_id, v_limits.max_running);
  v_run_id uuid;
  v_claim jsonb;
begin
  if v_running >= v_limits.max_running and not p_is_over_cap then
    update private.tenant_flow f set capped = true where f.tenant_id = p_flow.tenant_id;
    return null;
  end if;
  v_run_id := private.take_next_run(p_flow.tenant_id);
  if v_run_id is not null then
    if p_lane ->> 'kind' = 'gated' and not private.enter_lane((p_lane ->> 'id')::integer) then
      return '{"kind": "again"}';
    end if;
    v_claim := private.begin_attempt(v_run_id, p_worker_id, p_flow.mean_seconds, (p_lane ->> 'id')::integer);
  end if;
  update private.tenant_flow f set
    -- guards G27: charge
    vtime = f.vtime + case when v_run_id is null then 0 else f.mean_seconds / v_limits.weight end,
    -- Without a run it still waits if somebody else has locked the one that may start.
    -- guards G27: locked run
    waiting = private.has_next_run(f.tenant_id),
    capped = v_running + (v_run_id is not null)::integer >= v_limits.max_running
  where f.tenant_id = p_flow.tenant_id;
  return v_claim;
end $$;

-- Claims of the tenant that is furthest behind, and of the next if that has no run that may start. Null if
-- nobody waits. A tenant that another claim has locked is passed over; the claim waits for one only if all
-- of them are, and while it holds none itself.
create function private.claim_in_turn(
  p_worker_id uuid, p_tenants uuid[], p_may_wait boolean, p_lane jsonb)
returns jsonb
language plpgsql set search_path = ''
as $$
declare
  v_again constant jsonb := '{"kind": "again"}';
  v_first private.tenant_flow;
  v_next private.tenant_flow;
  v_flow private.tenant_flow;
  v_claim jsonb;
  v_holds boolean := false;
begin
  for v_next in
    select f.* from private.tenant_flow f
    where f.waiting and (p_tenants is null or f.tenant_id = any (p_tenants))
    -- guards G27: turn
    order by f.capped, f.vtime, f.tenant_id
    limit 30
  loop
    -- Whoever runs as much as it may comes only when no other waits.
    exit when v_next.capped and not v_first.capped;
    if v_first.tenant_id is null then
      v_first := v_next;
    end if;
    select f.* into v_flow from private.tenant_flow f where f.tenant_id = v_next.tenant_id
    for no key update skip locked;
    continue when not found;
    v_holds := true;
    -- It may have changed since it was read.
    continue when not v_flow.waiting or v_flow.capped and not v_next.capped;
    v_claim := private.claim_of_tenant(v_flow, p_worker_id, v_flow.capped, p_lane);
    if v_claim is not null then
      return v_claim;
    end if;
  end loop;
  if v_first.tenant_id is null then
    return null;
  elsif v_holds or not p_may_wait then
    return v_again;
  end if;
  select f.* into v_flow from private.tenant_flow f where f.tenant_id = v_first.tenant_id for no key update;
  if not v_flow.waiting or v_flow.capped and not v_first.capped then
    return v_again;
  end if;
  return coalesce(private.claim_of_tenant(v_flow, p_worker_id, v_flow.capped, p_lane), v_again);
end $$;

-- Claims the run whose turn it is (27_tenant_flow.sql). Answers `claimed` with the run, `empty`, `again`
-- (nothing was found, and the caller should ask once more), `paused` with the time until which the
-- gateway of this lane takes nothing, or `worker_lost`. p_tenants: a worker of these tenants alone.
create function public.claim_next(p_worker_id uuid, p_lane text default null, p_tenants uuid[] default null)
returns jsonb
language plpgsql security definer set search_path = ''
-- The plan for any tenant is the plan for all of them, however the tables looked when it was made.
set plan_cache_mode = 'force_generic_plan' set enable_seqscan = off
as $$
declare
  v_lane jsonb := private.look_at_lane(p_lane);
  v_answer jsonb;
begin
  if not private.lock_living_worker(p_worker_id) then
    return jsonb_build_object('kind', 'worker_lost');
  end if;
  if v_lane ->> 'kind' = 'paused' then
    return v_lane || jsonb_build_object('wait_ms', greatest(0, -private.ms_since((v_lane ->> 'until')::timestamptz)));
  end if;
  v_answer := private.claim_in_turn(p_worker_id, p_tenants, true, v_lane);
  if v_answer is null and private.wake_due_tenants(1, p_tenants) > 0 then
    v_answer := private.claim_in_turn(p_worker_id, p_tenants, false, v_lane);
  end if;
  if v_answer ->> 'kind' = 'claimed' then
    -- Whether the beginning of its answer may open the lane.
    return v_answer || jsonb_build_object('lane', p_lane, 'gated', v_lane ->> 'kind' = 'gated');
  end if;
  return coalesce(v_answer, '{"kind": "empty"}');
end $$;

grant execute on function public.heartbeat_worker(uuid), public.claim_run(uuid, uuid),
  public.claim_next(uuid, text, uuid[]) to service_role;

-- schemas/51_finalize_run.sql

-- A worker ends the run that it holds. Only the attempt that holds the run can; a requested cancel
-- takes precedence over the worker's report, and without one no report cancels; artifacts are saved in
-- the same transaction, and only if the run completes. The call is idempotent: a repeat returns the row.

-- The ending that a report leads to: {status, …answer}.
create function private.decide_ending(p_run public.agent_runs, p_result jsonb) returns jsonb
language plpgsql set search_path = ''
as $$
declare
  v_outcome jsonb;
begin
  -- guards G10: cancel first
  if p_run.cancel_requested_at is not null then
    return p_result || '{"status": "cancelled"}';
  end if;
  -- A worker that reports a cancel nobody asked for has a bug, or is of another version.
  -- guards G10: no cancel
  if p_result ->> 'status' = 'cancelled' then
    return (p_result - 'error_message') || '{"status": "failed", "error_code": "internal"}';
  end if;
  if p_result ->> 'status' <> 'completed' or not p_run.save_artifacts then
    return p_result - 'saved';
  end if;
  v_outcome := private.save_artifacts(p_run, p_result -> 'artifacts');
  if v_outcome ? 'saved' then
    return p_result || v_outcome;
  end if;
  return p_result || jsonb_build_object('status', 'failed',
    'error_code', 'artifacts_rejected', 'error_message', v_outcome ->> 'refused');
end $$;

-- The queued run that follows this one in its pipeline: {next: {id, attempt}}, or {}.
create function private.next_of(p_run_id uuid) returns jsonb
language plpgsql stable set search_path = ''
as $$
begin
  return coalesce((
    select jsonb_build_object('next', jsonb_build_object('id', n.id, 'attempt', n.attempt))
    from public.agent_runs r
    join public.agent_runs n on n.pipeline_id = r.pipeline_id and n.pipeline_step = r.pipeline_step + 1
    where r.id = p_run_id and n.phase = 'queued'
  ), '{}');
end $$;

-- `next` is the run that this end has put into the queue. The worker adds its job, and the sweep does
-- when that is lost: a repeat of the call names the run again. `waiting` says whether a worker of
-- p_tenants (null: of all) may find another run now.
create function public.finalize_run(
  p_run_id uuid, p_attempt integer, p_result jsonb, p_tenants uuid[] default null
) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v_run public.agent_runs;
  v_ending jsonb;
begin
  if p_result ->> 'status' is null or p_result ->> 'status' not in ('completed', 'failed', 'cancelled') then
    raise exception using errcode = 'PT400', message = 'invalid_request',
      hint = 'status must be completed, failed or cancelled.';
  end if;
  v_run := private.lock_held_run(p_run_id, p_attempt);
  if v_run.id is null then
    return private.not_applied(p_run_id, p_tenants) || private.next_of(p_run_id);
  end if;
  v_ending := private.decide_ending(v_run, p_result);
  v_run := private.mark_finalized(p_run_id, v_ending ->> 'status', v_ending);
  return private.applied(v_run, p_tenants) || private.next_of(p_run_id);
end $$;

grant execute on function public.finalize_run(uuid, integer, jsonb, uuid[]) to service_role;

-- schemas/52_release_run.sql

-- A worker releases the run that it holds: because the attempt failed in a way that another may not,
-- because the process is stopping, or because the gateway asked to wait. Only a failure counts, and
-- the last one ends the run with its own code. The worker that releases the run adds its job.

create function public.release_run(
  p_run_id uuid, p_attempt integer, p_release jsonb, p_tenants uuid[] default null
) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v_policy private.run_policy;
  v_kind text := p_release ->> 'kind';
  v_delay interval;
  v_run public.agent_runs;
begin
  if v_kind is null or v_kind not in ('failed', 'drain', 'rate_limited') then
    raise exception using errcode = 'PT400', message = 'invalid_request',
      hint = 'kind must be failed, drain or rate_limited.';
  end if;
  select p.* into v_policy from private.run_policy p;
  v_run := private.lock_held_run(p_run_id, p_attempt);
  if v_run.id is null then
    return private.not_applied(p_run_id, p_tenants);
  end if;

  if v_kind = 'failed' then
    update public.agent_runs r set app_retries = r.app_retries + 1 where r.id = p_run_id
    returning * into v_run;
  end if;

  if v_run.cancel_requested_at is not null then
    v_run := private.mark_finalized(p_run_id, 'cancelled', p_release);
  elsif v_kind = 'failed' and v_run.app_retries >= v_policy.max_app_retries then
    v_run := private.mark_finalized(p_run_id, 'failed', p_release || jsonb_build_object(
      'error_code', p_release ->> 'code', 'error_message', p_release ->> 'message'));
  else
    v_delay := greatest('0', least(v_policy.release_delay_max,
      coalesce((p_release ->> 'delay_ms')::numeric, 0) * interval '1 millisecond'));
    -- The sweep adds the job only after the worker had time to do so.
    v_run := private.mark_released(p_run_id,
      case when v_kind = 'failed' then coalesce(p_release ->> 'code', v_kind) else v_kind end,
      now() + v_delay + v_policy.first_enqueue_after, p_release, now() + nullif(v_delay, interval '0'));
  end if;
  return private.applied(v_run, p_tenants);
end $$;

grant execute on function public.release_run(uuid, integer, jsonb, uuid[]) to service_role;

-- schemas/53_reconcile_worker.sql

-- A claim whose reply was lost: the ledger says that a living worker holds a run, and the worker does
-- not know about it. The count in the heartbeat's reply shows the difference, and the worker calls this.
--
-- p_held is the list of {id, attempt} that the worker works on. Runs beyond that list, claimed so long ago
-- that the reply to the claim has arrived or never will, are released and due at once.
--
-- The first time counts as no retry, because nobody worked on the run. From the second time on it
-- counts, so that a run whose replies are lost again and again ends.

create function public.reconcile_worker(p_worker_id uuid, p_held jsonb) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v_lost constant jsonb := '{"outcome": "lost", "reason": "reply_lost"}';
  v_policy private.run_policy;
  v_run public.agent_runs;
  v_counted integer;
  v_ended jsonb := '[]';
  v_released jsonb := '[]';
begin
  -- A missing list is not an empty one: it would release everything that the worker holds.
  if p_held is null or jsonb_typeof(p_held) <> 'array' then
    raise exception using errcode = 'PT400', message = 'invalid_request',
      hint = 'p_held must be the list of {id, attempt} that the worker holds.';
  end if;
  select p.* into v_policy from private.run_policy p;
  -- This and the sweep hold the rows of several tenants, in no order.
  perform from private.sweep_state s for update;

  for v_run in
    select r.* from public.agent_runs r
    where r.worker_id = p_worker_id and r.phase = 'active'
      and r.claimed_at <= now() - v_policy.reconcile_after
      and not exists (
        select from jsonb_array_elements(p_held) h
        where (h ->> 'id')::uuid = r.id and (h ->> 'attempt')::integer = r.attempt
      )
    -- A run that is being finalized or released right now is no longer held a moment later.
    for update skip locked
  loop
    v_counted := (select least(count(*), 1) from public.agent_run_attempts a
      where a.run_id = v_run.id and a.reason = 'reply_lost');
    -- guards G11: lost replies
    update public.agent_runs r set infra_retries = r.infra_retries + v_counted where r.id = v_run.id
    returning * into v_run;
    if v_run.cancel_requested_at is not null then
      v_run := private.mark_finalized(v_run.id, 'cancelled', p_outcome => v_lost);
    elsif v_run.infra_retries >= v_policy.max_infra_retries then
      v_run := private.mark_finalized(v_run.id, 'failed', '{"error_code": "worker_lost"}', v_lost);
    else
      v_run := private.mark_released(v_run.id, 'reply_lost', now(), p_outcome => v_lost);
    end if;
    if v_run.status = 'running' then
      v_released := v_released || jsonb_build_object('id', v_run.id, 'attempt', v_run.attempt);
    else
      v_ended := v_ended || jsonb_build_object('id', v_run.id, 'attempt', v_run.attempt);
    end if;
  end loop;
  return jsonb_build_object('ended', v_ended, 'released', v_released);
end $$;

grant execute on function public.reconcile_worker(uuid, jsonb) to service_role;

-- schemas/54_sweep_runs.sql

-- The sweep takes runs from lost workers, ends runs that no worker will end, and adds jobs again.
-- Every worker calls it each second. The first whose turn it is does the work, in bounded batches.

-- Whether a worker may declare others lost: only after it has itself been alive for a whole lease.
-- After an outage of the database all leases have expired, and those that live renew theirs first.
create function private.may_take_over(p_worker_id uuid) returns boolean
language sql stable set search_path = ''
as $$
  select exists (
    select from public.workers w, private.run_policy p
    where w.id = p_worker_id and w.lost_at is null
      -- guards G1: alive for a lease
      and w.lease_expires_at > now() and w.alive_since <= now() - p.lease
  )
$$;

-- True for the worker that moves the sweep's clock forward. A worker too young to take over waits for
-- a second period, in which no older one has come. Otherwise it would use up the turn of a worker that
-- may do everything, and readers of a lost run would wait.
create function private.take_sweep_turn(p_worker_id uuid) returns boolean
language plpgsql set search_path = ''
as $$
declare
  v_every interval := (select p.sweep_every from private.run_policy p);
begin
  if not private.may_take_over(p_worker_id) then
    -- guards G1: leave the turn
    v_every := 2 * v_every;
  end if;
  update private.sweep_state s set at = now() where s.at <= now() - v_every;
  return found;
end $$;

-- One statement, so that one snapshot judges the caller and the others.
create function private.mark_lost_workers(p_worker_id uuid) returns void
language plpgsql set search_path = ''
as $$
declare
  v_policy private.run_policy;
begin
  select p.* into v_policy from private.run_policy p;
  update public.workers w set lost_at = now()
  where w.id in (
    select l.id from public.workers l
    where l.lost_at is null and l.lease_expires_at < now()
      and private.may_take_over(p_worker_id)
    order by l.lease_expires_at
    limit v_policy.sweep_batch
    -- A worker whose claim or heartbeat is in progress is not lost. The next sweep looks again.
    for update of l skip locked
  );
end $$;

-- A statement of its own, so that it sees every claim that was committed before its worker was marked.
create function private.release_from_lost_workers() returns setof public.agent_runs
language plpgsql set search_path = ''
as $$
declare
  v_lost constant jsonb := '{"outcome": "lost", "reason": "worker_lost"}';
  v_policy private.run_policy;
  v_run public.agent_runs;
begin
  select p.* into v_policy from private.run_policy p;
  for v_run in
    select r.* from public.agent_runs r
    where r.phase = 'active'
      and exists (select from public.workers w where w.id = r.worker_id and w.lost_at is not null)
    order by r.claimed_at
    limit v_policy.sweep_batch
    for update of r skip locked
  loop
    update public.agent_runs r set infra_retries = r.infra_retries + 1 where r.id = v_run.id
    returning * into v_run;
    if v_run.cancel_requested_at is not null then
      return next private.mark_finalized(v_run.id, 'cancelled', p_outcome => v_lost);
    -- guards G1: third loss
    elsif v_run.infra_retries >= v_policy.max_infra_retries then
      return next private.mark_finalized(v_run.id, 'failed', '{"error_code": "worker_lost"}', v_lost);
    else
      return next private.mark_released(v_run.id, 'worker_lost', now(), p_outcome => v_lost);
    end if;
  end loop;
end $$;

-- Ends runs that waited or took too long, whoever holds them.
create function private.finalize_overdue_runs() returns setof public.agent_runs
language plpgsql set search_path = ''
as $$
declare
  v_policy private.run_policy;
  v_run public.agent_runs;
begin
  select p.* into v_policy from private.run_policy p;
  for v_run in
    select r.* from public.agent_runs r
    where (r.phase = 'queued' and r.started_at is null and r.expires_at <= now())
      or (r.status = 'running' and r.deadline_at <= now() - v_policy.end_grace)
    limit v_policy.sweep_batch
    for update skip locked
  loop
    if v_run.cancel_requested_at is not null then
      return next private.mark_finalized(v_run.id, 'cancelled');
    else
      return next private.mark_finalized(v_run.id, 'failed', jsonb_build_object('error_code',
        case when v_run.started_at is null then 'expired' else 'deadline_exceeded' end));
    end if;
  end loop;
end $$;

-- The runs whose job is to be added again. A queue that came back empty has lost all of them.
create function private.take_due_runs(p_queue_lost boolean) returns table (id uuid, attempt integer)
language plpgsql set search_path = ''
as $$
declare
  v_policy private.run_policy;
begin
  select p.* into v_policy from private.run_policy p;
  if p_queue_lost then
    update public.agent_runs r set enqueue_after = now(), enqueue_count = 0 where r.phase = 'queued';
  end if;
  return query
  with due as (
    select r.id from public.agent_runs r
    -- guards G1, G13: enqueue again
    where r.phase = 'queued' and r.enqueue_after <= now()
    order by r.enqueue_after
    limit v_policy.sweep_batch
    for update skip locked
  )
  update public.agent_runs r set
    enqueue_count = r.enqueue_count + 1,
    -- Ten doublings exceed any maximum, and an interval cannot overflow.
    -- guards G1, G13: next look
    enqueue_after = now() + least(v_policy.enqueue_backoff_max,
      v_policy.enqueue_backoff * power(2, least(r.enqueue_count, 10)))
  from due where r.id = due.id
  returning r.id, r.attempt;
end $$;

-- Heals the hints by which claims find whose turn it is: the tenants of runs that are due are woken, and
-- a limit that was raised works at once.
create function private.heal_tenant_flow(p_due uuid[]) returns void
language plpgsql set search_path = ''
as $$
declare
  v_batch integer := (select p.sweep_batch from private.run_policy p);
begin
  perform private.wake_due_tenants(v_batch, null);
  perform private.wake_tenant(t.tenant_id) from (
    select distinct r.tenant_id from public.agent_runs r
    left join private.tenant_flow f on f.tenant_id = r.tenant_id
    where r.id = any (p_due) and f.waiting is not true
  ) t;
  update private.tenant_flow f set capped = false
  where f.tenant_id in (
    select c.tenant_id from private.tenant_flow c
    where c.waiting and c.capped
      and private.count_running(c.tenant_id, (private.limits_of(c.tenant_id)).max_running)
        < (private.limits_of(c.tenant_id)).max_running
    limit v_batch
    for no key update skip locked
  );
end $$;

-- Removes lost workers after a day, unless they still hold a run.
create function private.forget_lost_workers() returns void
language sql set search_path = ''
as $$
  delete from public.workers w
  where w.lost_at < now() - (select p.forget_workers_after from private.run_policy p)
    and not exists (select from public.agent_runs r where r.worker_id = w.id and r.phase = 'active')
$$;

-- Returns {swept, ended, enqueue}: the runs whose end to announce, and those whose job to add.
create function public.sweep_runs(p_worker_id uuid, p_queue_lost boolean default false) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v_ended jsonb;
  v_enqueue jsonb;
begin
  if not private.take_sweep_turn(p_worker_id) then
    return jsonb_build_object('swept', false, 'ended', '[]'::jsonb, 'enqueue', '[]'::jsonb);
  end if;

  -- guards G1: lost workers
  perform private.mark_lost_workers(p_worker_id);
  with swept as (
    select * from private.finalize_overdue_runs()
    union all
    select * from private.fail_impatient_runs()
    union all
    select * from private.release_from_lost_workers()
  )
  select coalesce(jsonb_agg(jsonb_build_object('id', s.id, 'attempt', s.attempt, 'status', s.status)), '[]')
  into v_ended from swept s where s.status <> 'running';

  select coalesce(jsonb_agg(jsonb_build_object('id', d.id, 'attempt', d.attempt)), '[]')
  into v_enqueue from private.take_due_runs(coalesce(p_queue_lost, false)) d;

  perform private.forget_lost_workers();
  perform private.forget_expired_keys();
  perform private.forget_submission_counts();
  -- Last, because the rows of tenants are the last for which a transaction waits.
  perform private.heal_tenant_flow(array(select (e ->> 'id')::uuid from jsonb_array_elements(v_enqueue) e));
  return jsonb_build_object('swept', true, 'ended', v_ended, 'enqueue', v_enqueue);
end $$;

grant execute on function public.sweep_runs(uuid, boolean) to service_role;

-- schemas/55_cancel_run.sql

-- Cancelling. A queued run is cancelled at once. For an active run the cancel is requested: its worker
-- ends it, or the sweep when that worker is lost. Once requested, the run never completes. The call is
-- idempotent, also after the end: a repeat returns the row.

create function public.cancel_run(p_run_id uuid) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v_run public.agent_runs;
begin
  select r.* into v_run from public.agent_runs r
  where r.id = p_run_id and private.user_has_workspace_access(r.workspace_id)
  for update;
  if not found then
    raise exception using errcode = 'PT404', message = 'run_not_found';
  end if;
  perform private.check_run_access(v_run.workspace_id);

  if v_run.status = 'running' and v_run.cancel_requested_at is null then
    update public.agent_runs r set cancel_requested_at = now() where r.id = p_run_id
    returning * into v_run;
  end if;
  if private.run_state(v_run) = 'queued' then
    v_run := private.mark_finalized(p_run_id, 'cancelled');
  end if;
  return jsonb_build_object('run', to_jsonb(v_run));
end $$;

grant execute on function public.cancel_run(uuid) to authenticated;

-- schemas/56_list_runs.sql

-- A page of the caller's runs, newest first. Each workspace gives at most a page, by the index that
-- has its filter and its order, so that a page costs the same after a million runs.
--
-- It reads as the caller: the policy of the runs holds here as everywhere.

create function public.list_runs(
  p_workspace_id uuid default null,
  p_status text default null,
  p_mode text default null,
  p_before_at timestamptz default null,
  p_before_id uuid default null,
  p_limit integer default 20
) returns setof public.agent_runs
language plpgsql stable set search_path = ''
-- Planned with the values of each call: a filter that is not asked for is then no condition.
set plan_cache_mode = force_custom_plan
-- The statistics of all workspaces say little about one. Whatever they say, the index with the most of
-- the filters is used, because each row counts for more than any page, and its order, because no sort
-- is. Such costs are no reason to compile the plan.
set cpu_tuple_cost = 1000
set enable_sort = off
set jit = off
as $$
begin
  return query
  select page.*
  from (
    select distinct m.id from private.my_workspace_ids() m (id)
    where p_workspace_id is null or m.id = p_workspace_id
  ) w
  cross join lateral (
    select r.* from public.agent_runs r
    -- In an adopted project the app's own rows stand beside the runs, without a phase.
    where r.workspace_id = w.id and r.phase is not null
      and (p_status is null or r.status = p_status)
      and (p_mode is null or r.mode = p_mode)
      and (p_before_at is null or (r.created_at, r.id) < (p_before_at, p_before_id))
    order by r.created_at desc, r.id desc
    limit least(p_limit, 101)
  ) page
  order by page.created_at desc, page.id desc
  limit least(p_limit, 101);
end $$;

grant execute on function public.list_runs(uuid, text, text, timestamptz, uuid, integer) to authenticated;

-- schemas/57_membership.sql

-- How users get workspaces, and other users into them. The decisions are here and not in the API,
-- because users can call these functions with the project's public key.
--
-- Whoever runs a workspace names an address, not an account: the answer is the same whether anybody
-- has signed up with it, so that nobody learns who has. The invited user accepts after signing in.

create table public.workspace_invitations (
  workspace_id uuid not null references public.workspaces (id) on delete cascade,
  email text not null check (email = lower(email) and char_length(email) <= 320),
  role text not null check (role in ('owner', 'admin', 'member', 'viewer')),
  invited_by uuid not null,
  created_at timestamptz not null default now(),
  primary key (workspace_id, email)
);
create index workspace_invitations_email_idx on public.workspace_invitations (email);

-- Confirmed, because an address in a token that nobody has confirmed proves nothing.
create function private.my_confirmed_email() returns text
language sql stable security definer set search_path = ''
as $$
  select lower(u.email) from auth.users u
  where u.id = auth.uid() and u.email_confirmed_at is not null
$$;

alter table public.workspace_invitations enable row level security;
create policy members_select on public.workspace_invitations for select to authenticated
  using (workspace_id in (select private.my_workspace_ids()));
grant select on public.workspace_invitations to authenticated, service_role;

-- The strongest role, because the owner of a workspace may have a row among its members, too.
create function private.role_in(p_user_id uuid, p_workspace_id uuid) returns text
language sql stable security definer set search_path = ''
as $$
  select r.role from private.roles_of(p_user_id) r
  where r.workspace_id = p_workspace_id
  order by array_position(array['owner', 'admin', 'member', 'viewer'], r.role)
  limit 1
$$;

-- Owners may do everything. Admins manage members and viewers, but neither owners nor other admins.
create function private.may_manage(p_own_role text, p_other_role text) returns boolean
language sql immutable set search_path = ''
as $$
  select coalesce(p_own_role = 'owner'
    or (p_own_role = 'admin' and p_other_role in ('member', 'viewer')), false)
$$;

-- One change of a workspace's members at a time, so that two owners cannot remove each other at once.
create function private.lock_members(p_workspace_id uuid) returns public.workspaces
language plpgsql security definer set search_path = ''
as $$
declare
  v_workspace public.workspaces;
begin
  perform private.check_user();
  select w.* into v_workspace from public.workspaces w
  where w.id = p_workspace_id and private.user_has_workspace_access(w.id)
  for update;
  if not found then
    raise exception using errcode = 'PT403', message = 'workspace_forbidden';
  end if;
  return v_workspace;
end $$;

create function private.check_role(p_role text) returns void
language plpgsql set search_path = ''
as $$
begin
  if p_role is null or p_role not in ('owner', 'admin', 'member', 'viewer') then
    perform private.refuse_input('invalid_request', 'role', 'Must be owner, admin, member or viewer');
  end if;
end $$;

create function private.check_may_manage(p_workspace_id uuid, p_roles text[]) returns void
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_own_role text := private.role_in(auth.uid(), p_workspace_id);
begin
  if not (select bool_and(private.may_manage(v_own_role, r)) from unnest(p_roles) r) then
    raise exception using errcode = 'PT403', message = 'membership_forbidden';
  end if;
end $$;

-- An anonymous sign-in costs nothing, so it gets nothing that costs money.
create function private.check_signed_up() returns void
language plpgsql stable set search_path = ''
as $$
begin
  perform private.check_user();
  -- guards G15: anonymous
  if nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'is_anonymous' = 'true' then
    raise exception using errcode = 'PT403', message = 'sign_up_required';
  end if;
end $$;

-- `Jörg's Café` becomes `jorg-s-cafe-4f1c…`. The random part makes it unique and hard to guess.
create function private.new_slug(p_name text) returns text
language sql volatile set search_path = ''
as $$
  select trim(both '-' from left(regexp_replace(lower(
      normalize(p_name, nfkd)), '[^a-z0-9]+', '-', 'g'), 60))
    || '-' || left(replace(gen_random_uuid()::text, '-', ''), 12)
$$;

create function private.check_new_workspace(
  p_name text, p_time_zone text, p_currency text, p_language text
) returns void
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_max_chars integer := (select p.max_name_chars from private.run_policy p);
begin
  if p_name is null or trim(p_name) = '' or char_length(p_name) > v_max_chars then
    perform private.refuse_input('invalid_request', 'name',
      format('Must be 1 to %s characters', v_max_chars));
  end if;
  if p_time_zone is null or not exists (
    select from pg_catalog.pg_timezone_names z where z.name = p_time_zone
  ) then
    perform private.refuse_input('invalid_request', 'time_zone',
      'Must be an IANA time zone such as Europe/Berlin');
  end if;
  if p_currency is null or p_currency !~ '^[A-Z]{3}$' then
    perform private.refuse_input('invalid_request', 'currency',
      'Must be an ISO 4217 code such as EUR');
  end if;
  if p_language is null or p_language !~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$' then
    perform private.refuse_input('invalid_request', 'language',
      'Must be a BCP 47 tag such as en or de-AT');
  end if;
end $$;

-- The tenant of a new workspace: a new one, or one of whose workspaces the user is an owner.
create function private.tenant_for_workspace(p_tenant_id uuid, p_name text) returns uuid
language plpgsql security definer set search_path = ''
as $$
declare
  v_tenant_id uuid;
begin
  if p_tenant_id is null then
    insert into public.tenants (name, slug) values (p_name, private.new_slug(p_name))
    returning id into v_tenant_id;
    return v_tenant_id;
  end if;
  -- guards G18: tenant of a new workspace
  if not exists (
    select from public.workspaces w join private.my_roles() r on r.workspace_id = w.id
    where w.tenant_id = p_tenant_id and r.role = 'owner'
  ) then
    raise exception using errcode = 'PT403', message = 'membership_forbidden';
  end if;
  return p_tenant_id;
end $$;

create function public.create_workspace(
  p_name text,
  p_time_zone text default 'UTC',
  p_currency text default 'USD',
  p_language text default 'en',
  p_tenant_id uuid default null
) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v_name text := trim(p_name);
  v_owned integer;
  v_workspace public.workspaces;
begin
  perform private.check_signed_up();
  perform private.check_new_workspace(v_name, p_time_zone, p_currency, p_language);
  -- Parallel calls of one user would otherwise all count what was there before.
  perform pg_advisory_xact_lock(hashtextextended('create_workspace ' || auth.uid(), 0));
  select count(*) into v_owned from public.workspaces w where w.owner_id = auth.uid();
  -- guards G16: workspaces of a user
  if v_owned >= (select p.max_workspaces_per_user from private.run_policy p) then
    raise exception using errcode = 'PT403', message = 'workspace_limit';
  end if;
  insert into public.workspaces
    (tenant_id, name, slug, owner_id, is_default, time_zone, currency, language)
  values (private.tenant_for_workspace(p_tenant_id, v_name), v_name, private.new_slug(v_name),
    auth.uid(), v_owned = 0, p_time_zone, p_currency, p_language)
  returning * into v_workspace;
  insert into public.workspace_members (workspace_id, user_id, role)
  values (v_workspace.id, auth.uid(), 'owner');
  return jsonb_build_object('workspace', private.workspace_for(v_workspace, 'owner'));
end $$;

-- What a user is shown of a workspace.
create function private.workspace_for(p_workspace public.workspaces, p_role text) returns jsonb
language sql immutable set search_path = ''
as $$
  select jsonb_build_object('id', p_workspace.id, 'tenant_id', private.tenant_id_of(p_workspace),
    'name', p_workspace.name, 'role', p_role, 'is_default', p_workspace.is_default,
    'time_zone', p_workspace.time_zone, 'currency', p_workspace.currency,
    'language', p_workspace.language, 'created_at', p_workspace.created_at)
$$;

-- The workspaces that the user has, and those that wait for the user to accept.
create function public.list_workspaces() returns jsonb
language plpgsql stable security definer set search_path = ''
as $$
begin
  perform private.check_user();
  return jsonb_build_object(
    'workspaces', (
      select coalesce(jsonb_agg(private.workspace_for(w, private.role_in(auth.uid(), w.id))
        order by w.is_default desc, w.name, w.id), '[]')
      from public.workspaces w where w.id in (select private.my_workspace_ids())
    ),
    'invitations', (
      select coalesce(jsonb_agg(jsonb_build_object('workspace_id', w.id, 'name', w.name,
        'role', i.role, 'created_at', i.created_at) order by i.created_at, w.id), '[]')
      from public.workspace_invitations i join public.workspaces w on w.id = i.workspace_id
      where i.email = private.my_confirmed_email()
    ));
end $$;

create function public.invite_member(p_workspace_id uuid, p_email text, p_role text default 'member')
returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v_email text := lower(trim(p_email));
  v_workspace public.workspaces := private.lock_members(p_workspace_id);
begin
  perform private.check_role(p_role);
  if v_email is null or v_email !~ '^[^@\s]+@[^@\s]+$' or char_length(v_email) > 320 then
    perform private.refuse_input('invalid_request', 'email', 'Must be an e-mail address');
  end if;
  perform private.check_may_manage(v_workspace.id, array[p_role]);
  -- guards G16: invitations of a workspace
  if (select count(*) from public.workspace_invitations i where i.workspace_id = v_workspace.id
      and i.email <> v_email) >= (select p.max_invitations from private.run_policy p) then
    raise exception using errcode = 'PT403', message = 'invitation_limit';
  end if;
  insert into public.workspace_invitations (workspace_id, email, role, invited_by)
  values (v_workspace.id, v_email, p_role, auth.uid())
  on conflict (workspace_id, email) do update
    set role = excluded.role, invited_by = excluded.invited_by, created_at = now();
  return jsonb_build_object('workspace_id', v_workspace.id, 'email', v_email, 'role', p_role);
end $$;

create function public.withdraw_invitation(p_workspace_id uuid, p_email text) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v_workspace public.workspaces := private.lock_members(p_workspace_id);
  v_role text;
begin
  select i.role into v_role from public.workspace_invitations i
  where i.workspace_id = v_workspace.id and i.email = lower(trim(p_email));
  if v_role is null then
    raise exception using errcode = 'PT404', message = 'member_not_found';
  end if;
  perform private.check_may_manage(v_workspace.id, array[v_role]);
  delete from public.workspace_invitations i
  where i.workspace_id = v_workspace.id and i.email = lower(trim(p_email));
  return jsonb_build_object('workspace_id', v_workspace.id);
end $$;

-- Of a user who is a member already, the stronger of both roles stays.
create function public.accept_invitation(p_workspace_id uuid) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v_workspace public.workspaces;
  v_role text;
begin
  perform private.check_user();
  select w.* into v_workspace from public.workspaces w where w.id = p_workspace_id for update;
  delete from public.workspace_invitations i
  where i.workspace_id = p_workspace_id and i.email = private.my_confirmed_email()
  returning i.role into v_role;
  if v_role is null then
    raise exception using errcode = 'PT404', message = 'invitation_not_found';
  end if;
  insert into public.workspace_members as m (workspace_id, user_id, role)
  values (p_workspace_id, auth.uid(), v_role)
  on conflict (workspace_id, user_id) do update set role = excluded.role
    where array_position(array['owner', 'admin', 'member', 'viewer'], excluded.role)
      < array_position(array['owner', 'admin', 'member', 'viewer'], m.role);
  return jsonb_build_object('workspace',
    private.workspace_for(v_workspace, private.role_in(auth.uid(), p_workspace_id)));
end $$;

-- A workspace keeps an owner. Whoever `owner_id` names is one without a row among the members, so it
-- passes to another owner when that user loses the role.
create function private.pass_ownership(p_workspace public.workspaces, p_from uuid) returns void
language plpgsql security definer set search_path = ''
as $$
declare
  v_heir uuid;
begin
  select m.user_id into v_heir from public.workspace_members m
  where m.workspace_id = p_workspace.id and m.role = 'owner' and m.user_id <> p_from
  order by m.created_at, m.user_id limit 1;
  if v_heir is null and p_workspace.owner_id <> p_from then
    v_heir := p_workspace.owner_id;
  end if;
  -- guards G18: last owner
  if v_heir is null then
    raise exception using errcode = 'PT409', message = 'last_owner';
  end if;
  if p_workspace.owner_id = p_from then
    update public.workspaces w set owner_id = v_heir, is_default = false where w.id = p_workspace.id;
  end if;
end $$;

create function public.change_member_role(p_workspace_id uuid, p_user_id uuid, p_role text)
returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v_workspace public.workspaces := private.lock_members(p_workspace_id);
  v_role text := private.role_in(p_user_id, p_workspace_id);
begin
  perform private.check_role(p_role);
  if v_role is null then
    raise exception using errcode = 'PT404', message = 'member_not_found';
  end if;
  -- guards G18: roles of others
  perform private.check_may_manage(v_workspace.id, array[v_role, p_role]);
  if v_role = 'owner' and p_role <> 'owner' then
    perform private.pass_ownership(v_workspace, p_user_id);
  end if;
  insert into public.workspace_members (workspace_id, user_id, role)
  values (v_workspace.id, p_user_id, p_role)
  on conflict (workspace_id, user_id) do update set role = excluded.role;
  return jsonb_build_object('workspace_id', v_workspace.id, 'user_id', p_user_id, 'role', p_role);
end $$;

-- Everybody may leave; others are removed by those who manage their role.
create function public.remove_member(p_workspace_id uuid, p_user_id uuid) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v_workspace public.workspaces := private.lock_members(p_workspace_id);
  v_role text := private.role_in(p_user_id, p_workspace_id);
begin
  if v_role is null then
    raise exception using errcode = 'PT404', message = 'member_not_found';
  end if;
  if p_user_id <> auth.uid() then
    perform private.check_may_manage(v_workspace.id, array[v_role]);
  end if;
  if v_role = 'owner' then
    perform private.pass_ownership(v_workspace, p_user_id);
  end if;
  delete from public.workspace_members m
  where m.workspace_id = v_workspace.id and m.user_id = p_user_id;
  return jsonb_build_object('workspace_id', v_workspace.id, 'user_id', p_user_id);
end $$;

grant execute on function
  public.create_workspace(text, text, text, text, uuid),
  public.list_workspaces(),
  public.invite_member(uuid, text, text),
  public.withdraw_invitation(uuid, text),
  public.accept_invitation(uuid),
  public.change_member_role(uuid, uuid, text),
  public.remove_member(uuid, uuid)
  to authenticated;

-- schemas/58_import_metrics.sql

-- Metrics that a marketer brings along: a table of days, from a spreadsheet or a report.
--
-- All lines are checked before the first is written, and each refused line is named with its reason.
-- With one refused line nothing is written. The same table can be imported again: a day of a campaign
-- and a channel is replaced, not counted twice.

create function private.metrics_line_error(p_workspace_id uuid, p_line jsonb) returns jsonb
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_name text;
begin
  if jsonb_typeof(p_line) <> 'object' then
    return jsonb_build_object('path', '', 'message', 'Must be an object');
  end if;
  select k into v_name from jsonb_object_keys(p_line) k
  where k not in ('snapshot_date', 'metric_type', 'campaign_id', 'campaign', 'channel_id', 'channel',
    'impressions', 'clicks', 'conversions', 'cost', 'revenue') order by k limit 1;
  if v_name is not null then
    return jsonb_build_object('path', left(v_name, 100), 'message', 'Is not a known column');
  end if;
  if coalesce(p_line ->> 'snapshot_date', '') !~ '^(20\d\d)-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$'
    or not pg_input_is_valid(p_line ->> 'snapshot_date', 'date') then
    return jsonb_build_object('path', 'snapshot_date', 'message', 'Must be a day, written as 2026-01-31');
  end if;
  if (p_line ->> 'snapshot_date')::date > now()::date + 1 then
    return jsonb_build_object('path', 'snapshot_date', 'message', 'Must not lie in the future');
  end if;
  if coalesce(p_line ->> 'metric_type', 'daily') not in ('daily', 'weekly', 'monthly') then
    return jsonb_build_object('path', 'metric_type', 'message', 'Must be daily, weekly or monthly');
  end if;
  foreach v_name in array array['impressions', 'clicks', 'conversions'] loop
    if coalesce(p_line ->> v_name, '0') !~ '^\d{1,9}$' then
      return jsonb_build_object('path', v_name, 'message', 'Must be a whole number from 0');
    end if;
  end loop;
  foreach v_name in array array['cost', 'revenue'] loop
    if coalesce(p_line ->> v_name, '0') !~ '^\d{1,12}(\.\d{1,6})?$' then
      return jsonb_build_object('path', v_name, 'message', 'Must be an amount from 0, such as 1234.50');
    end if;
  end loop;
  return private.metrics_parent_error(p_workspace_id, p_line);
end $$;

-- A campaign and a channel are named by id or by name. A name that two have names neither.
create function private.metrics_parent_error(p_workspace_id uuid, p_line jsonb) returns jsonb
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_campaigns uuid[] := private.metrics_campaigns(p_workspace_id, p_line);
begin
  if coalesce(p_line ->> 'campaign_id', p_line ->> 'campaign') is not null
    and cardinality(v_campaigns) <> 1 then
    return jsonb_build_object('path',
      case when p_line ->> 'campaign_id' is null then 'campaign' else 'campaign_id' end,
      'message', case when cardinality(v_campaigns) = 0
        then 'This workspace has no such campaign'
        else 'Several campaigns have this name. Use campaign_id' end);
  end if;
  if coalesce(p_line ->> 'channel_id', p_line ->> 'channel') is not null
    and cardinality(private.metrics_channels(p_workspace_id, p_line)) <> 1 then
    return jsonb_build_object('path',
      case when p_line ->> 'channel_id' is null then 'channel' else 'channel_id' end,
      'message', 'The campaign has no such channel, or several. Use channel_id');
  end if;
  return null;
end $$;

create function private.metrics_campaigns(p_workspace_id uuid, p_line jsonb) returns uuid[]
language sql stable security definer set search_path = ''
as $$
  select coalesce(array_agg(c.id), '{}') from public.cmo_campaigns c
  where c.workspace_id = p_workspace_id and case
    when p_line ->> 'campaign_id' is not null then c.id::text = lower(p_line ->> 'campaign_id')
    else lower(c.campaign_name) = lower(trim(p_line ->> 'campaign'))
  end
$$;

create function private.metrics_channels(p_workspace_id uuid, p_line jsonb) returns uuid[]
language sql stable security definer set search_path = ''
as $$
  select coalesce(array_agg(c.id), '{}') from public.cmo_campaign_channels c
  where c.workspace_id = p_workspace_id
    and (coalesce(p_line ->> 'campaign_id', p_line ->> 'campaign') is null
      or c.campaign_id = any (private.metrics_campaigns(p_workspace_id, p_line)))
    and case
      when p_line ->> 'channel_id' is not null then c.id::text = lower(p_line ->> 'channel_id')
      else lower(c.channel_name) = lower(trim(p_line ->> 'channel'))
    end
$$;

-- Lines with the number that a person sees, as records to be written.
create function private.metrics_records(p_workspace_id uuid, p_lines jsonb) returns table (
  line bigint, campaign_id uuid, channel_id uuid, snapshot_date date, metric_type text,
  impressions integer, clicks integer, conversions integer, cost numeric, revenue numeric
)
language sql stable security definer set search_path = ''
as $$
  select l.line,
    (private.metrics_campaigns(p_workspace_id, l.value))[1],
    (private.metrics_channels(p_workspace_id, l.value))[1],
    (l.value ->> 'snapshot_date')::date, coalesce(l.value ->> 'metric_type', 'daily'),
    coalesce(l.value ->> 'impressions', '0')::integer, coalesce(l.value ->> 'clicks', '0')::integer,
    coalesce(l.value ->> 'conversions', '0')::integer,
    coalesce(l.value ->> 'cost', '0')::numeric, coalesce(l.value ->> 'revenue', '0')::numeric
  from jsonb_array_elements(p_lines) with ordinality l (value, line)
$$;

-- What a line would be written over, so that two lines of one table cannot mean the same.
create function private.metrics_key(
  p_campaign_id uuid, p_channel_id uuid, p_snapshot_date date, p_metric_type text
) returns text
language sql immutable set search_path = ''
as $$
  -- The table has one row for a campaign, a day and a granularity, whatever its channel.
  select concat_ws(' ', coalesce(p_campaign_id, p_channel_id)::text, p_snapshot_date, p_metric_type)
$$;

create function private.metrics_errors(p_workspace_id uuid, p_lines jsonb) returns jsonb
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_errors jsonb;
begin
  select jsonb_agg(jsonb_build_object('line', e.line) || e.error order by e.line) into v_errors
  from (
    select l.line, private.metrics_line_error(p_workspace_id, l.value) as error
    from jsonb_array_elements(p_lines) with ordinality l (value, line)
  ) e
  where e.error is not null;
  if v_errors is not null then
    return v_errors;
  end if;
  select jsonb_agg(jsonb_build_object('line', d.line, 'path', 'snapshot_date',
    'message', format('Line %s has the same day of the same campaign or channel', d.first)) order by d.line)
  into v_errors
  from (
    select r.line, min(r.line) over (
      partition by private.metrics_key(r.campaign_id, r.channel_id, r.snapshot_date, r.metric_type)
    ) as first
    from private.metrics_records(p_workspace_id, p_lines) r
  ) d
  where d.line > d.first;
  return coalesce(v_errors, '[]');
end $$;

create function public.import_metrics(p_lines jsonb, p_dry_run boolean default false, p_workspace_id uuid default null)
returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v_policy private.run_policy;
  v_errors jsonb;
  v_inserted integer := 0;
  v_lines integer;
  v_workspace_id uuid;
begin
  perform private.check_user();
  v_workspace_id := coalesce(p_workspace_id, private.implied_workspace_id());
  perform private.check_run_access(v_workspace_id);
  select p.* into v_policy from private.run_policy p;
  if jsonb_typeof(p_lines) is distinct from 'array' or jsonb_array_length(p_lines) = 0
    or jsonb_array_length(p_lines) > v_policy.max_imported_lines then
    perform private.refuse_input('invalid_request', 'lines',
      format('Must be 1 to %s lines', v_policy.max_imported_lines));
  end if;
  v_lines := jsonb_array_length(p_lines);
  -- Two imports at once would both find that a day is not there yet.
  perform pg_advisory_xact_lock(hashtextextended('import_metrics ' || v_workspace_id, 0));
  v_errors := private.metrics_errors(v_workspace_id, p_lines);
  if v_errors = '[]' then
    v_inserted := v_lines - private.replace_metrics(v_workspace_id, p_lines, p_dry_run);
  end if;
  return jsonb_build_object('lines', v_lines, 'dry_run', p_dry_run, 'errors', v_errors,
    'imported', case when v_errors = '[]' and not p_dry_run then v_lines else 0 end,
    'new', v_inserted, 'replaced', case when v_errors = '[]' then v_lines - v_inserted else 0 end);
end $$;

-- How many days were there before. Nothing is written in a dry run.
create function private.replace_metrics(p_workspace_id uuid, p_lines jsonb, p_dry_run boolean)
returns integer
language plpgsql security definer set search_path = ''
as $$
declare
  v_replaced integer;
begin
  create temporary table imported_metrics on commit drop as
  select r.*, s.id as replaced_id
  from private.metrics_records(p_workspace_id, p_lines) r
  left join public.cmo_metrics_snapshots s on s.workspace_id = p_workspace_id
    and s.snapshot_date = r.snapshot_date and s.metric_type = r.metric_type
    and case when r.campaign_id is not null then s.campaign_id = r.campaign_id
      else s.campaign_id is null and s.channel_id is not distinct from r.channel_id end;
  select count(i.replaced_id) into v_replaced from pg_temp.imported_metrics i;
  if not p_dry_run then
    update public.cmo_metrics_snapshots s set channel_id = i.channel_id,
      impressions = i.impressions, clicks = i.clicks, conversions = i.conversions,
      cost = i.cost, revenue = i.revenue
    from pg_temp.imported_metrics i where i.replaced_id = s.id;
    insert into public.cmo_metrics_snapshots (workspace_id, campaign_id, channel_id, snapshot_date,
      metric_type, impressions, clicks, conversions, cost, revenue, data_mode)
    select p_workspace_id, i.campaign_id, i.channel_id, i.snapshot_date, i.metric_type, i.impressions,
      i.clicks, i.conversions, i.cost, i.revenue,
      (select case when w.demo_mode then 'demo' else 'live' end from public.workspaces w
        where w.id = p_workspace_id)::public.data_mode
    from pg_temp.imported_metrics i where i.replaced_id is null;
  end if;
  drop table pg_temp.imported_metrics;
  return v_replaced;
end $$;

grant execute on function public.import_metrics(jsonb, boolean, uuid) to authenticated;

-- schemas/59_edit_rows.sql

-- What users do with a row beyond editing its columns: move its status, bring back a version. Both are
-- functions because they decide on more than the row that is sent.

-- The tables whose rows have a status that moves.
create function private.has_moving_status(p_table text) returns boolean
language sql immutable set search_path = ''
as $$
  select coalesce(p_table in
    ('cmo_offers', 'cmo_marketing_plans', 'cmo_funnels', 'cmo_campaigns', 'cmo_content_assets'), false)
$$;

-- The row, locked, as JSON. A foreign one and one that does not exist are refused alike.
create function private.lock_row(p_table text, p_row_id uuid) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v_row jsonb;
begin
  execute format('select to_jsonb(t) from public.%I t where t.id = $1 for update', p_table)
    into v_row using p_row_id;
  -- guards G18: rows that are moved or restored
  if v_row is null or not private.user_has_workspace_access((v_row ->> 'workspace_id')::uuid) then
    raise exception using errcode = 'PT404', message = 'row_not_found';
  end if;
  perform private.check_run_access((v_row ->> 'workspace_id')::uuid);
  return v_row;
end $$;

-- Returns {table, row_id, status, moved}. A row that has the status already is left as it is.
create function public.move_status(p_table text, p_row_id uuid, p_status text) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v_row jsonb;
begin
  perform private.check_user();
  if not private.has_moving_status(p_table) then
    perform private.refuse_input('invalid_request', 'table', 'Must be a table whose rows have a status');
  end if;
  v_row := private.lock_row(p_table, p_row_id);
  if v_row ->> 'status' is distinct from p_status then
    perform private.check_status_move(v_row ->> 'status', p_status);
    execute format('update public.%I t set status = $1 where t.id = $2', p_table) using p_status, p_row_id;
  end if;
  return jsonb_build_object('table', p_table, 'row_id', p_row_id, 'status', p_status,
    'moved', v_row ->> 'status' is distinct from p_status);
end $$;

-- What was in a row at a version, without its status: to bring back a text approves nothing.
create function private.content_at(p_table text, p_row_id uuid, p_number integer) returns jsonb
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_version record;
  v_content jsonb := '{}';
begin
  for v_version in
    select v.number, v.changed from public.cmo_versions v
    where v.table_name = p_table and v.row_id = p_row_id and v.number <= p_number order by v.number
  loop
    v_content := v_content || v_version.changed;
  end loop;
  if v_version.number is distinct from p_number then
    raise exception using errcode = 'PT404', message = 'version_not_found';
  end if;
  return v_content - 'status';
end $$;

-- Returns {table, row_id, number}: the number of the version that the row is at now.
create function public.restore_version(p_table text, p_row_id uuid, p_number integer) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v_row jsonb;
  v_content jsonb;
  v_number integer;
begin
  perform private.check_user();
  -- A version exists only of tables that keep them, so that the name is one of ours.
  if not exists (select from public.cmo_versions v where v.table_name = p_table and v.row_id = p_row_id) then
    raise exception using errcode = 'PT404', message = 'row_not_found';
  end if;
  v_row := private.lock_row(p_table, p_row_id);
  v_content := private.changed_columns(v_row, private.content_at(p_table, p_row_id, p_number));
  if v_content <> '{}' then
    perform private.update_row(format('public.%I', p_table)::regclass, p_row_id, v_content);
  end if;
  select max(v.number) into v_number from public.cmo_versions v
  where v.table_name = p_table and v.row_id = p_row_id;
  if v_content <> '{}' then
    update public.cmo_versions v set restored_from = p_number
    where v.table_name = p_table and v.row_id = p_row_id and v.number = v_number;
  end if;
  return jsonb_build_object('table', p_table, 'row_id', p_row_id, 'number', v_number);
exception when foreign_key_violation then
  raise exception using errcode = 'PT409', message = 'version_refused',
    hint = 'It belongs to a plan, funnel or campaign that has been deleted since.';
end $$;

grant execute on function
  public.move_status(text, uuid, text),
  public.restore_version(text, uuid, integer)
  to authenticated;

-- schemas/60_advance_pipeline.sql

-- A pipeline advances when the run of its current step ends, whoever ends it.

-- The input of a step: what was asked for it, and the ids of the rows that earlier steps saved, under
-- the names that its agent expects.
create function private.step_input(p_pipeline public.pipelines, p_mode text) returns jsonb
language sql stable set search_path = ''
as $$
  select coalesce(p_pipeline.inputs -> p_mode, '{}') || coalesce((
    select jsonb_object_agg(n.field, s.id)
    from (values
      ('funnels', 'planId', 'cmo_marketing_plans'),
      ('campaigns', 'planId', 'cmo_marketing_plans'),
      ('campaigns', 'funnelId', 'cmo_funnels'),
      ('content', 'campaignId', 'cmo_campaigns')
    ) as n (mode, field, table_name)
    join lateral (
      select a ->> 'id' as id
      from public.agent_runs r, jsonb_array_elements(r.artifacts) a
      where r.pipeline_id = p_pipeline.id and a ->> 'table' = n.table_name
      order by r.pipeline_step desc
      limit 1
    ) s on true
    where n.mode = p_mode
  ), '{}')
$$;

create function private.finalize_pipeline(p_pipeline_id uuid, p_status text, p_failure jsonb default '{}')
returns void
language sql set search_path = ''
as $$
  update public.pipelines p set
    status = p_status,
    completed_at = now(),
    failed_step = p_failure ->> 'step',
    error_code = p_failure ->> 'code',
    error_message = p_failure ->> 'message'
  where p.id = p_pipeline_id
$$;

-- Inserts the run of the next step. It was accepted with its pipeline: no limit is checked again but that of
-- the budget, of which each run reserves its own part.
create function private.insert_next_step(p_pipeline public.pipelines) returns void
language plpgsql set search_path = ''
as $$
declare
  v_step integer := p_pipeline.step + 1;
  v_mode text := p_pipeline.steps[v_step];
  v_reserve bigint := private.reserve_budget(p_pipeline.tenant_id, p_pipeline.workspace_id, v_mode);
begin
  insert into public.agent_runs (
    id, tenant_id, workspace_id, created_by, agent, mode, input, save_artifacts, on_rate_limit,
    reserved_micros, status, phase, output, enqueue_after, expires_at, pipeline_id, pipeline_step
  )
  select
    private.uuid_v7(), p_pipeline.tenant_id, p_pipeline.workspace_id, p_pipeline.created_by,
    private.agent_of_mode(v_mode), v_mode, private.step_input(p_pipeline, v_mode), true, 'wait',
    v_reserve, 'running', 'queued', null,
    now() + p.first_enqueue_after, now() + p.wait_limit, p_pipeline.id, v_step
  from private.run_policy p;
  update public.pipelines p set step = v_step where p.id = p_pipeline.id;
end $$;

-- Continues after a completed step if the pipeline's creator still may run. A reason not to continue
-- ends the pipeline, not the run, which has completed. A failure of the database itself is thrown, so
-- that the worker finalizes again.
create function private.start_next_step(p_pipeline public.pipelines) returns void
language plpgsql set search_path = ''
as $$
declare
  v_mode text := p_pipeline.steps[p_pipeline.step + 1];
  v_refusal text := private.refused_membership(p_pipeline.created_by, p_pipeline.workspace_id);
  v_detail text;
begin
  -- guards G16: creator
  if v_refusal is not null then
    perform private.finalize_pipeline(p_pipeline.id, 'failed', jsonb_build_object('step', v_mode, 'code', v_refusal,
      'message', 'The user who started the pipeline may not run in this workspace any longer, so it stopped. What it had saved is kept.'));
    return;
  end if;
  perform private.insert_next_step(p_pipeline);
exception when sqlstate 'PT402' then
  get stacked diagnostics v_detail = pg_exception_detail;
  perform private.finalize_pipeline(p_pipeline.id, 'failed', jsonb_build_object('step', v_mode, 'code', sqlerrm,
    'message', coalesce(nullif(v_detail, '')::jsonb ->> 'message', private.failure_message(sqlerrm)) || ' What was saved is kept; start the rest as a new pipeline.'));
when others then
  -- 40 rollback, 53 resources, 55 state, 57 operator, 58 system, XX internal.
  if left(sqlstate, 2) in ('40', '53', '55', '57', '58', 'XX') then
    raise;
  end if;
  perform private.finalize_pipeline(p_pipeline.id, 'failed', jsonb_build_object('step', v_mode, 'code', 'internal',
    'message', 'The next step could not be started. What was saved is kept. Start the rest as a new pipeline.'));
end $$;

create function private.advance_pipeline() returns trigger
language plpgsql set search_path = ''
as $$
declare
  v_pipeline public.pipelines;
begin
  -- Only the end of the current step's run advances a pipeline, and a run ends once.
  select p.* into v_pipeline from public.pipelines p
  where p.id = new.pipeline_id and p.status = 'running' and p.step = new.pipeline_step
  for update;
  if not found then
    return null;
  end if;
  if new.status = 'failed' then
    perform private.finalize_pipeline(v_pipeline.id, 'failed', jsonb_build_object(
      'step', new.mode, 'code', new.error_code, 'message', new.error_message));
  elsif new.status = 'cancelled' or v_pipeline.cancel_requested_at is not null then
    perform private.finalize_pipeline(v_pipeline.id, 'cancelled');
  elsif v_pipeline.step = cardinality(v_pipeline.steps) then
    perform private.finalize_pipeline(v_pipeline.id, 'completed');
  else
    perform private.start_next_step(v_pipeline);
  end if;
  return null;
end $$;

create trigger advance_pipeline after update of status on public.agent_runs
  for each row when (new.pipeline_id is not null and old.status = 'running' and new.status <> 'running')
  execute function private.advance_pipeline();

-- schemas/61_create_pipeline.sql

-- Accepts a pipeline: its row and its first run, or neither. Users can call it with the project's public
-- key, so that whatever the API refuses is refused here as well.

-- A pipeline with its runs, in their order.
create function private.show_pipeline(p_pipeline_id uuid) returns jsonb
language sql stable set search_path = ''
as $$
  select jsonb_build_object('pipeline', to_jsonb(p), 'runs', (
    select jsonb_agg(to_jsonb(r) order by r.pipeline_step) from public.agent_runs r where r.pipeline_id = p.id))
  from public.pipelines p where p.id = p_pipeline_id
$$;

-- Steps are some of the four, each at most once and in their order: a later one builds on an earlier.
create function private.check_steps(p_steps text[], p_inputs jsonb) returns void
language plpgsql stable set search_path = ''
as $$
declare
  v_order constant text[] := array['strategy', 'funnels', 'campaigns', 'content'];
  v_known text[] := array(select o from unnest(v_order) with ordinality as u (o, n)
    where o = any (p_steps) order by n);
begin
  if coalesce(cardinality(p_steps), 0) = 0 or p_steps <> v_known then
    perform private.refuse_input('invalid_request', 'steps',
      'Must be a subset of strategy, funnels, campaigns, content, without repetition and in this order');
  end if;
  perform private.check_input_bounds(p_inputs);
  if exists (select from jsonb_each(p_inputs) i where i.key <> all (p_steps) or jsonb_typeof(i.value) <> 'object') then
    perform private.refuse_input('invalid_request', 'payload', 'Must contain an object for each step, and nothing else');
  end if;
end $$;

-- The caller's earlier pipeline that this request repeats; null if there is none.
create function private.find_repeated_pipeline(p_id uuid, p_key text, p_hash text, p_workspace_id uuid)
returns uuid
language plpgsql stable security definer set search_path = ''
as $$
declare
  -- Before the query: what refuses another request must not depend on the order of its conditions.
  v_id uuid := coalesce(private.target_of_key('pipeline', p_key, p_hash, p_workspace_id), p_id);
begin
  select p.id into v_id from public.pipelines p
  where p.id = v_id and p.created_by = auth.uid() and p.workspace_id = p_workspace_id;
  return v_id;
end $$;

-- The first run is accepted by create_run, with everything that it checks and counts.
create function public.create_pipeline(
  p_id uuid,
  p_steps text[],
  p_inputs jsonb,
  p_workspace_id uuid default null,
  p_tenant_claim uuid default null,
  p_idempotency_key text default null
) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v_workspace_id uuid;
  v_hash text;
  v_repeated_id uuid;
  v_is_new boolean;
  v_run_id uuid := private.uuid_v7();
  v_accepted jsonb;
begin
  perform private.check_user();
  perform private.check_idempotency_key(p_idempotency_key);
  if p_id is null then
    perform private.refuse_input('invalid_request', 'id', 'Must be a UUID');
  end if;
  perform private.check_steps(p_steps, p_inputs);
  v_workspace_id := coalesce(
    p_workspace_id, private.workspace_of_key('pipeline', p_idempotency_key), private.implied_workspace_id());
  v_hash := encode(sha256(convert_to(
    jsonb_build_array(p_steps, v_workspace_id, p_inputs)::text, 'UTF8')), 'hex');
  if private.user_has_workspace_access(v_workspace_id) then
    v_repeated_id := private.find_repeated_pipeline(p_id, p_idempotency_key, v_hash, v_workspace_id);
    if v_repeated_id is not null then
      return private.show_pipeline(v_repeated_id) || '{"created": false}';
    end if;
  end if;

  perform private.check_run_access(v_workspace_id);
  v_is_new := private.take_key('pipeline', p_idempotency_key, v_hash, v_workspace_id, p_id);
  if v_is_new then
    insert into public.pipelines (id, tenant_id, workspace_id, created_by, steps, inputs)
    values (p_id, private.tenant_of(v_workspace_id, p_tenant_claim), v_workspace_id, auth.uid(), p_steps, p_inputs)
    -- Of concurrent requests with one id, the later ones wait here for the first, then find its row.
    on conflict do nothing;
    v_is_new := found;
  end if;
  if not v_is_new then
    v_repeated_id := private.find_repeated_pipeline(p_id, p_idempotency_key, v_hash, v_workspace_id);
    if v_repeated_id is null then
      raise exception using errcode = 'PT409', message = 'id_taken';
    end if;
    return private.show_pipeline(v_repeated_id) || '{"created": false}';
  end if;
  v_accepted := public.create_run(p_id => v_run_id, p_mode => p_steps[1],
    p_input => coalesce(p_inputs -> p_steps[1], '{}'), p_workspace_id => v_workspace_id, p_save => true);
  update public.agent_runs r set pipeline_id = p_id, pipeline_step = 1 where r.id = v_run_id;
  return private.show_pipeline(p_id) || jsonb_build_object('created', true, 'rate_limit', v_accepted -> 'rate_limit');
end $$;

grant execute on function public.create_pipeline(uuid, text[], jsonb, uuid, uuid, text) to authenticated;

-- schemas/62_cancel_pipeline.sql

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

-- schemas/63_note_calls.sql

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

-- schemas/64_usage.sql

-- What the caller's workspaces have used, in groups, and what a run of each mode has typically cost. Whoever
-- may read the runs of a workspace may read what they cost, and nobody else.

-- The time zone in which days begin: the one that is asked for, else that of the one workspace it is about.
create function private.usage_time_zone(p_time_zone text, p_workspace_ids uuid[]) returns text
language plpgsql stable set search_path = ''
as $$
begin
  if p_time_zone is not null
    and not exists (select from pg_catalog.pg_timezone_names z where z.name = p_time_zone) then
    perform private.refuse_input('invalid_request', 'time_zone',
      'Must be the name of a time zone, such as Europe/Berlin');
  end if;
  return coalesce(p_time_zone, (
    select z.name from public.workspaces w
    join pg_catalog.pg_timezone_names z on z.name = w.time_zone
    where cardinality(p_workspace_ids) = 1 and w.id = p_workspace_ids[1]
  ), 'UTC');
end $$;

create function private.check_usage_request(p_group_by text, p_from date, p_to date) returns void
language plpgsql stable set search_path = ''
as $$
begin
  if p_group_by is null or p_group_by not in ('tenant', 'workspace', 'user', 'mode', 'model', 'day') then
    perform private.refuse_input('invalid_request', 'group_by',
      'Must be tenant, workspace, user, mode, model or day');
  end if;
  if p_from > p_to or not isfinite(p_from) or not isfinite(p_to) then
    perform private.refuse_input('invalid_request', 'from', 'Must not be after to');
  end if;
  if p_to - p_from > 366 then
    perform private.refuse_input('invalid_request', 'from', 'Must be at most a year before to');
  end if;
end $$;

-- The calls of the attempts that began in a period. An attempt without a call is there once. Thoughts are
-- output: where a total is more than its parts, they are the rest.
create function private.usage_calls(p_workspace_ids uuid[], p_from timestamptz, p_to timestamptz)
returns table (
  run_id uuid, attempt integer, has_call boolean, tenant uuid, workspace uuid, "user" uuid, mode text,
  model text, began_at timestamptz, prompt bigint, cached bigint, total bigint, completion bigint,
  micros bigint, is_estimated boolean, is_unpriced boolean
)
language plpgsql stable set search_path = ''
as $$
begin
  return query
  select a.run_id, a.attempt, c.call is not null, r.tenant_id, a.workspace_id, r.created_by, r.mode,
    lower(c.call ->> 'model'), a.started_at,
    private.count_in(c.call -> 'usage', 'prompt_tokens', 10000000),
    private.count_in(c.call -> 'usage', 'cached_tokens', 10000000),
    private.count_in(c.call -> 'usage', 'total_tokens', 10000000),
    private.count_in(c.call -> 'usage', 'completion_tokens', 10000000),
    coalesce(private.count_in(c.call, 'cost_micros', 9000000000000), 0),
    coalesce(c.call -> 'estimated' = 'true', false), coalesce(c.call -> 'unpriced' = 'true', false)
  from public.agent_run_attempts a
  join public.agent_runs r on r.id = a.run_id
  left join lateral jsonb_array_elements(a.calls) c (call) on true
  where a.workspace_id = any (p_workspace_ids) and a.started_at >= p_from and a.started_at < p_to;
end $$;

-- Rows in the order in which a person reads them: days by time, all else by cost. `key` is null in the last,
-- which is about everything.
create function private.usage_groups(
  p_group_by text, p_workspace_ids uuid[], p_from timestamptz, p_to timestamptz, p_time_zone text)
returns table (is_total boolean, key text, figures jsonb)
language plpgsql stable set search_path = ''
as $$
begin
  return query
  select grouping(c.key) = 1, c.key, jsonb_build_object(
    'runs', count(distinct c.run_id), 'attempts', count(distinct (c.run_id, c.attempt)),
    'calls', count(*) filter (where c.has_call),
    'prompt_tokens', coalesce(sum(c.prompt), 0), 'cached_tokens', coalesce(sum(c.cached), 0),
    'completion_tokens', coalesce(sum(greatest(coalesce(c.completion, 0),
      coalesce(c.total, 0) - coalesce(c.prompt, 0))), 0),
    'cost_micros', coalesce(sum(c.micros), 0),
    'estimated_micros', coalesce(sum(c.micros) filter (where c.is_estimated), 0),
    'unpriced_calls', count(*) filter (where c.is_unpriced))
  from (
    select u.*, case p_group_by
      when 'tenant' then u.tenant::text
      when 'workspace' then u.workspace::text
      when 'user' then u."user"::text
      when 'mode' then u.mode
      when 'model' then coalesce(u.model, '')
      else to_char(u.began_at at time zone p_time_zone, 'YYYY-MM-DD')
    end as key
    from private.usage_calls(p_workspace_ids, p_from, p_to) u
  ) c
  group by grouping sets ((c.key), ())
  order by 1, case when p_group_by = 'day' then c.key end, sum(c.micros) desc nulls last, c.key;
end $$;

create function private.name_of_usage(p_group_by text, p_key text) returns text
language plpgsql stable set search_path = ''
as $$
begin
  return case p_group_by
    when 'workspace' then (select w.name from public.workspaces w where w.id = p_key::uuid)
    when 'tenant' then (select t.name from public.tenants t where t.id = p_key::uuid)
  end;
end $$;

-- Days are inclusive, in the time zone. Attempts count on the day on which they began. Without from and to:
-- the last 30 days.
create function public.usage_report(
  p_group_by text,
  p_from date default null,
  p_to date default null,
  p_workspace_id uuid default null,
  p_time_zone text default null
) returns jsonb
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_most constant integer := 1000;
  v_ids uuid[];
  v_zone text;
  v_from date;
  v_to date;
  v_rows jsonb;
  v_totals jsonb;
begin
  perform private.check_user();
  -- guards G18: usage
  v_ids := array(select distinct i from private.my_workspace_ids() i where p_workspace_id is null or i = p_workspace_id);
  if p_workspace_id is not null and cardinality(v_ids) = 0 then
    raise exception using errcode = 'PT403', message = 'workspace_forbidden';
  end if;
  v_zone := private.usage_time_zone(p_time_zone, v_ids);
  v_to := coalesce(p_to, greatest(p_from, (now() at time zone v_zone)::date));
  v_from := coalesce(p_from, v_to - 29);
  perform private.check_usage_request(p_group_by, v_from, v_to);

  select coalesce(jsonb_agg(jsonb_build_object('key', g.key, 'name', private.name_of_usage(p_group_by, g.key))
      || g.figures order by g.place) filter (where not g.is_total and g.place <= v_most), '[]'),
    jsonb_agg(g.figures) filter (where g.is_total) -> 0 || jsonb_build_object('groups', count(*) - 1)
  into v_rows, v_totals
  from private.usage_groups(p_group_by, v_ids, v_from::timestamp at time zone v_zone,
    (v_to + 1)::timestamp at time zone v_zone, v_zone) with ordinality g (is_total, key, figures, place);
  return jsonb_build_object('group_by', p_group_by, 'from', v_from, 'to', v_to, 'time_zone', v_zone,
    'currency', 'USD', 'rows', v_rows, 'totals', v_totals - 'groups',
    'truncated', (v_totals ->> 'groups')::integer > v_most);
end $$;

-- What completed runs of the last 30 days have cost in the caller's workspaces, for each mode that has any:
-- {mode: {runs, median_micros, p90_micros}}. Of each workspace the newest hundred runs of a mode are read,
-- by an index that has their order.
create function public.typical_costs() returns jsonb
language plpgsql stable security definer set search_path = ''
as $$
begin
  return (
    select coalesce(jsonb_object_agg(t.mode, t.figures), '{}') from (
      select m.mode, jsonb_build_object('runs', count(*),
        'median_micros', percentile_disc(0.5) within group (order by c.cost_micros),
        'p90_micros', percentile_disc(0.9) within group (order by c.cost_micros)) as figures
      -- guards G18: typical costs
      from (select distinct i from private.my_workspace_ids() i) w (id)
      cross join unnest(array['setup', 'strategy', 'funnels', 'campaigns', 'content', 'optimization']) m (mode)
      cross join lateral (
        select r.cost_micros from public.agent_runs r
        where r.workspace_id = w.id and r.status = 'completed' and r.status <> 'running' and r.mode = m.mode
          and r.phase is not null and r.created_at > now() - interval '30 days'
        order by r.created_at desc, r.id desc limit 100
      ) c
      group by m.mode
    ) t
  );
end $$;

grant execute on function public.usage_report(text, date, date, uuid, text), public.typical_costs()
  to authenticated;

-- schemas/90_realtime.sql

-- The tables that screens follow live. The publication belongs to Supabase's Realtime and does not
-- exist without it. Subscribers receive only the rows that row level security lets them read.

do $$
declare
  v_table text;
begin
  if not exists (select from pg_catalog.pg_publication where pubname = 'supabase_realtime') then
    return;
  end if;
  foreach v_table in array array[
    'agent_runs', 'cmo_brand_profiles', 'cmo_icp_segments', 'cmo_offers', 'cmo_marketing_plans',
    'cmo_funnels', 'cmo_funnel_stages', 'cmo_campaigns', 'cmo_campaign_channels',
    'cmo_content_assets', 'cmo_content_variants', 'cmo_metrics_snapshots', 'cmo_recommendations'
  ] loop
    execute format('alter publication supabase_realtime add table public.%I', v_table);
  end loop;
end $$;
