/** Sabotages of the ledger's SQL. */
import { becomes, remove, type Sabotage, swap } from "../sabotage.ts";

const sql = (file: string) => `supabase/schemas/${file}.sql`;
const red = (file: string, name: string) =>
  ({ project: "integration", file: `supabase/tests/${file}.test.ts`, name }) as const;
const refused = (file: string, name: string) =>
  ({ project: "integration", file: `test/integration/refused-${file}.int.test.ts`, name }) as const;

export const ledgerSabotages: readonly Sabotage[] = [
  {
    id: "finalize-without-the-attempt",
    file: sql("42_end_of_work"),
    guards: "G3, G5: finalize",
    change: becomes("  where r.id = p_run_id and r.status = 'running' and r.phase = 'active'"),
    red: red("finalize-run", "an attempt that was superseded neither ends nor releases the run"),
  },
  {
    id: "finalize-an-ended-run-again",
    file: sql("42_end_of_work"),
    guards: "G3, G5: finalize",
    change: becomes("  where r.id = p_run_id and r.attempt = p_attempt"),
    red: red(
      "finalize-run",
      "an ending is applied once; a repeat changes nothing and answers with the row",
    ),
  },
  {
    id: "no-guard-for-what-has-ended",
    file: sql("23_run_guard"),
    guards: "G4",
    change: becomes("  if false then"),
    red: red("run-guard", "what has ended is never changed again, not even by the superuser"),
  },
  {
    id: "an-attempt-may-jump",
    file: sql("23_run_guard"),
    guards: "G5: next attempt",
    change: becomes("  if new.attempt < old.attempt then"),
    red: red("run-guard", "a claim cannot jump an attempt"),
  },
  {
    id: "completion-wins-over-cancel",
    file: sql("51_finalize_run"),
    guards: "G10: cancel first",
    change: becomes("  if false then"),
    red: red(
      "cancel-run",
      "an active run is asked, its worker hears of it, and it never completes",
    ),
  },
  {
    id: "a-worker-cancels-a-run",
    file: sql("51_finalize_run"),
    guards: "G10: no cancel",
    change: becomes("  if false then"),
    red: red(
      "cancel-run",
      "a worker of another version that reports a cancel that nobody asked for has failed the run",
    ),
  },
  {
    id: "runs-are-swept-after-an-outage",
    file: sql("54_sweep_runs"),
    guards: "G1: alive for a lease",
    change: becomes("      and w.lease_expires_at > now()"),
    red: red(
      "sweep-runs",
      "a worker that has not been alive for a lease takes nothing: after an outage all have lapsed",
    ),
  },
  {
    id: "runs-of-lost-workers-are-kept",
    file: sql("54_sweep_runs"),
    guards: "G1: lost workers",
    change: remove,
    red: red(
      "sweep-runs",
      "the runs of a worker whose lease has lapsed are queued again, due at once",
    ),
  },
  {
    id: "lost-workers-count-for-nothing",
    file: sql("54_sweep_runs"),
    guards: "G1: third loss",
    change: becomes("    elsif false then"),
    red: red("sweep-runs", "the third lost worker ends the run"),
  },
  {
    id: "nothing-is-enqueued-again",
    file: sql("54_sweep_runs"),
    guards: "G1, G13: enqueue again",
    change: becomes("    where false"),
    red: red("sweep-runs", "a queued run is due after five seconds, then ever more rarely"),
  },
  {
    id: "what-is-enqueued-is-never-looked-at-again",
    file: sql("54_sweep_runs"),
    guards: "G1, G13: next look",
    lines: 2,
    change: becomes("    enqueue_after = null"),
    red: red("sweep-runs", "a queued run is due after five seconds, then ever more rarely"),
  },
  {
    id: "young-workers-use-up-the-turn",
    file: sql("54_sweep_runs"),
    guards: "G1: leave the turn",
    change: becomes("    null;"),
    red: red("sweep-turn", "a young worker leaves the turn to one that may take over"),
  },
  {
    id: "cancels-come-only-by-the-hint",
    file: sql("50_claim_run"),
    guards: "G10: without the hint",
    change: swap("filter (where r.cancel_requested_at is not null)", "filter (where false)"),
    red: red(
      "cancel-run",
      "an active run is asked, its worker hears of it, and it never completes",
    ),
  },
  {
    id: "a-lost-worker-may-come-back",
    file: sql("50_claim_run"),
    guards: "G5: living worker",
    change: becomes("  where w.id = p_worker_id"),
    red: red("claim-run", "only a worker whose lease runs may claim"),
  },
  {
    id: "anyone-may-run-anywhere",
    file: sql("40_check_request"),
    guards: "G18: workspace access",
    change: becomes("  if false then"),
    red: refused("callers", "S16: a foreign workspace, as one that does not exist"),
  },
  {
    id: "viewers-may-run",
    file: sql("40_check_request"),
    guards: "G16: role",
    change: becomes("  if false then"),
    red: refused("callers", "S31: a viewer"),
  },
  {
    id: "a-key-for-any-request",
    file: sql("26_idempotency_keys"),
    guards: "G16, G17: same request",
    change: becomes("  if false then"),
    red: refused("inputs", "a key that was used, for a request of another payload"),
  },
  {
    id: "a-child-under-anybody's-parent",
    file: sql("43_check_artifacts"),
    guards: "G18: parent",
    change: swap("where t.id = $1 and t.agent_run_id = $2)", "where t.id = $1 and $2 is not null)"),
    red: red("save-artifacts", "is a row that the same run saved before it"),
  },
  {
    id: "a-pipeline-of-who-was-removed-goes-on",
    file: sql("60_advance_pipeline"),
    guards: "G16: creator",
    change: becomes("  if false then"),
    red: red("pipelines", "of a member who was removed is the last: the chain stops, and says why"),
  },
  {
    id: "a-cancelled-pipeline-goes-on",
    file: sql("62_cancel_pipeline"),
    guards: "G10: run of the pipeline",
    change: remove,
    red: red("cancel-pipeline", "a completion that waits for a cancel is none, and starts nothing"),
  },
  {
    id: "a-key-is-not-looked-up",
    file: sql("26_idempotency_keys"),
    guards: "G16, G17: look up",
    lines: 2,
    change: becomes("    and false"),
    red: red("create-run", "the same key and request answer with the same run"),
  },
  {
    id: "a-key-is-taken-twice",
    file: sql("26_idempotency_keys"),
    guards: "G16, G17: unique",
    lines: 2,
    change: becomes("  where true;\n  return found;"),
    red: red(
      "create-run",
      "of parallel requests with one key, one creates and all answer with its run",
    ),
  },
  {
    id: "a-repeat-is-admitted-anew",
    file: sql("41_create_run"),
    guards: "G16, G17: repeat",
    change: becomes("  if false then"),
    red: red(
      "create-run",
      "a repeat is answered with its run though its caller may start none now",
    ),
  },
  {
    id: "lost-replies-are-not-counted",
    file: sql("53_reconcile_worker"),
    guards: "G11: lost replies",
    change: swap(" + v_counted", ""),
    red: red(
      "reconcile-worker",
      "a run whose claims get lost again counts them from the second time on, and ends",
    ),
  },
];
