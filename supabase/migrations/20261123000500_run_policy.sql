-- The ledger's numbers, once, each with its reason. No RPC takes a time or a limit as an
-- argument: whoever may change this row may change the policy, nobody else. Tests shorten it.

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
  max_app_retries integer not null default 3 check (max_app_retries > 0),
  max_infra_retries integer not null default 3 check (max_infra_retries > 0),
  max_input_bytes integer not null default 262144 check (max_input_bytes between 1 and 1048576),
  max_output_text_bytes integer not null default 1048576 check (max_output_text_bytes > 0),
  sweep_batch integer not null default 500 check (sweep_batch > 0)
);

comment on column private.run_policy.lease is
  'Four missed beats of a second: long enough for a garbage collection or a slow commit, short enough that a reader waits a few seconds for a new attempt.';
comment on column private.run_policy.sweep_every is
  'Every worker asks each second; just under it, so that one of them is always let through.';
comment on column private.run_policy.wait_limit is
  'After an hour in the queue nobody waits for the answer any more, and an honest failure can be retried.';
comment on column private.run_policy.work_limit is
  'All attempts together. The longest honest run takes two minutes; three attempts of it fit.';
comment on column private.run_policy.end_grace is
  'A worker ends its own runs at the deadline; the sweep does it only when the worker did not.';
comment on column private.run_policy.reconcile_after is
  'A claim''s reply that has not arrived by then has met a timeout; before, it may be on its way.';
comment on column private.run_policy.first_enqueue_after is
  'The submitter adds the job within a second, or its queue is away: then the sweep does.';
comment on column private.run_policy.enqueue_backoff is
  'Doubles each time: a waiting run whose job is still in the queue need not be added again soon.';
comment on column private.run_policy.enqueue_backoff_max is
  'The longest that a run whose job was lost goes unnoticed while the queue seems intact.';
comment on column private.run_policy.release_delay_max is
  'Half of work_limit: a run that is put back keeps time to finish.';
comment on column private.run_policy.forget_workers_after is
  'A day of lost workers is enough to read an incident from.';
comment on column private.run_policy.max_app_retries is
  'Attempts that may fail on their own account; the model is paid for each.';
comment on column private.run_policy.max_infra_retries is
  'Workers that a run may lose: a run that kills its worker must not go round for ever.';
comment on column private.run_policy.max_input_bytes is
  'A conversation of many turns fits; what is larger does not fit the model''s context either.';
comment on column private.run_policy.max_output_text_bytes is
  'Ten times the longest answer a model gives; bounds a row and a snapshot.';
comment on column private.run_policy.sweep_batch is
  'Bounds one sweep to a fraction of a second; what is left over is due a second later.';

insert into private.run_policy default values;

-- The sweep's clock: whoever moves it forward may sweep.
create table private.sweep_state (
  id boolean primary key default true check (id),
  at timestamptz not null default '-infinity'
);
insert into private.sweep_state default values;
