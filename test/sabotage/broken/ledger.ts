/** What the ledger promises, and the SQL without which it would not. */
import type { Sabotage } from "../sabotage.ts";

const sql = (file: string) => `supabase/migrations/20261123${file}.sql`;
const red = (file: string, name: string) =>
  ({ project: "integration", file: `supabase/tests/${file}.test.ts`, name }) as const;

export const ledgerSabotages: readonly Sabotage[] = [
  {
    id: "finalize-without-the-attempt",
    invariant: "I3",
    file: sql("000900_run_endings"),
    find: "where r.id = p_run_id and r.attempt = p_attempt and r.status = 'running' and r.phase = 'active'",
    replace: "where r.id = p_run_id and r.status = 'running' and r.phase = 'active'",
    red: red("finalize-run", "an attempt that was superseded neither ends nor releases the run"),
  },
  {
    id: "finalize-an-ended-run-again",
    invariant: "I2",
    file: sql("000900_run_endings"),
    find: "where r.id = p_run_id and r.attempt = p_attempt and r.status = 'running' and r.phase = 'active'",
    replace: "where r.id = p_run_id and r.attempt = p_attempt",
    red: red(
      "finalize-run",
      "an ending is applied once; a repeat changes nothing and answers with the row",
    ),
  },
  {
    id: "no-guard-for-what-has-ended",
    invariant: "I2",
    file: sql("000700_run_guard"),
    find: "if old.status <> 'running' then",
    replace: "if false then",
    red: red("run-guard", "what has ended is never changed again, not even by the superuser"),
  },
  {
    id: "an-attempt-may-jump",
    invariant: "I3",
    file: sql("000700_run_guard"),
    find: "if new.attempt <> old.attempt + (v_from = 'queued' and v_to = 'active')::int then",
    replace: "if new.attempt < old.attempt then",
    red: red("run-guard", "a claim cannot jump an attempt"),
  },
  {
    id: "completion-wins-over-cancel",
    invariant: "I7",
    file: sql("001300_finalize_run"),
    find: "if p_run.cancel_requested_at is not null then",
    replace: "if false then",
    red: red(
      "cancel-run",
      "an active run is asked, its worker hears of it, and it never completes",
    ),
  },
  {
    id: "take-over-after-an-outage",
    invariant: "I1",
    file: sql("001500_sweep_runs"),
    find: "and w.lease_expires_at > now() and w.alive_since <= now() - v_policy.lease",
    replace: "and w.lease_expires_at > now()",
    red: red(
      "sweep-runs",
      "a worker that has not been alive for a lease takes nothing: after an outage all have lapsed",
    ),
  },
  {
    id: "nobody-takes-over",
    invariant: "I1",
    file: sql("001500_sweep_runs"),
    find: "  perform private.mark_lost_workers(p_worker_id);\n",
    replace: "",
    red: red(
      "sweep-runs",
      "the runs of a worker whose lease has lapsed are queued again, due at once",
    ),
  },
  {
    id: "lost-workers-count-for-nothing",
    invariant: "I1",
    file: sql("001500_sweep_runs"),
    find: "elsif v_run.infra_retries >= v_policy.max_infra_retries then",
    replace: "elsif false then",
    red: red("sweep-runs", "the third lost worker ends the run"),
  },
  {
    id: "nothing-is-enqueued-again",
    invariant: "I8",
    file: sql("001500_sweep_runs"),
    find: "where r.phase = 'queued' and r.enqueue_after <= now()\n",
    replace: "where false\n",
    red: red("sweep-runs", "a queued run is due after five seconds, then ever more rarely"),
  },
  {
    id: "a-lost-worker-may-come-back",
    invariant: "I3",
    file: sql("001100_claim_run"),
    find: "where w.id = p_worker_id and w.lost_at is null and w.lease_expires_at > now()",
    replace: "where w.id = p_worker_id",
    red: red("claim-run", "only a worker whose lease runs may claim"),
  },
  {
    id: "anyone-may-run-anywhere",
    invariant: "I12",
    file: sql("000800_create_run"),
    find: "if not private.user_has_workspace_access(p_workspace_id) then",
    replace: "if false then",
    red: red("create-run", "a foreign workspace and one that does not exist are refused alike"),
  },
  {
    id: "viewers-may-run",
    invariant: "I11",
    file: sql("000800_create_run"),
    find: "if not private.user_has_workspace_access(p_workspace_id, p_to_run => true) then",
    replace: "if false then",
    red: red("create-run", "viewers may not run, members may"),
  },
  {
    id: "a-key-for-any-request",
    invariant: "I11",
    file: sql("000800_create_run"),
    find: "if found and v_run.request_hash <> p_hash then",
    replace: "if false then",
    red: red("create-run", "the same key for another request is refused"),
  },
  {
    id: "a-child-under-anybody's-parent",
    invariant: "I12",
    file: "supabase/migrations/20261125030200_artifact_rules.sql",
    find: "where t.id = $1 and t.agent_run_id = $2)",
    replace: "where t.id = $1 and $2 is not null)",
    red: red("save-artifacts", "is a row that the same run saved before it"),
  },
  {
    id: "a-pipeline-of-who-was-removed-goes-on",
    invariant: "I11",
    file: "supabase/migrations/20261125040200_advance_pipeline.sql",
    find: "if v_refusal is not null then",
    replace: "if false then",
    red: red("pipelines", "was removed is the last: the chain stops, and says why"),
  },
  {
    id: "a-cancelled-pipeline-goes-on",
    invariant: "I7",
    file: "supabase/migrations/20261125040300_create_pipeline.sql",
    find: "      perform public.cancel_run(v_run.id);\n",
    replace: "",
    red: red("cancel-pipeline", "a completion that waits for a cancel is none, and starts nothing"),
  },
];
