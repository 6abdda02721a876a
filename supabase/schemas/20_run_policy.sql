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
