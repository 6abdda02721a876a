/** Sabotages of whose turn it is. */
import { becomes, remove, type Sabotage, swap } from "../sabotage.ts";

const sql = (file: string) => `supabase/schemas/${file}.sql`;
const red = (file: string, name: string) =>
  ({ project: "integration", file: `supabase/tests/${file}.test.ts`, name }) as const;

export const flowSabotages: readonly Sabotage[] = [
  {
    id: "the-first-come-is-served-first",
    file: sql("50_claim_run"),
    guards: "G27: turn",
    change: becomes("    order by f.capped, f.tenant_id"),
    red: red("claim-next", "weights 1, 2 and 4 get one, two and four parts of the time"),
  },
  {
    id: "weights-weigh-nothing",
    file: sql("50_claim_run"),
    guards: "G27: charge",
    change: swap(" / v_limits.weight", ""),
    red: red("claim-next", "weights 1, 2 and 4 get one, two and four parts of the time"),
  },
  {
    id: "runs-are-shared-and-not-seconds",
    file: sql("27_tenant_flow"),
    guards: "G27: slot-seconds",
    change: becomes("    vtime = f.vtime,"),
    red: red(
      "claim-next",
      "slot-seconds are shared and not runs: short runs come four times as often",
    ),
  },
  {
    id: "idleness-is-credited",
    file: sql("27_tenant_flow"),
    guards: "G27: no credit",
    change: becomes("    vtime = f.vtime"),
    red: red("claim-next", "time away gives no credit: who comes back shares from then on"),
  },
  {
    id: "charges-count-as-used",
    file: sql("27_tenant_flow"),
    guards: "G27: used so far",
    change: becomes("  return coalesce(v_flow.vtime, 0);"),
    red: red("claim-newcomers", "does not wait for charges that are corrected when runs end"),
  },
  {
    id: "a-flood-has-no-cap",
    file: sql("50_claim_run"),
    guards: "G27: cap",
    change: becomes("  if false then"),
    red: red("claim-next", "holds it back while others wait, and only then"),
  },
  {
    id: "a-capped-tenant-stays-capped",
    file: sql("27_tenant_flow"),
    guards: "G27: uncap",
    change: becomes("      and true"),
    red: red("claim-next", "is counted anew when a run ends: another may come while others wait"),
  },
  {
    id: "a-wake-looks-before-it-locks",
    file: sql("27_tenant_flow"),
    guards: "G27: wake",
    change: remove,
    red: red("claim-next-races", "that was submitted while a claim found that its tenant has none"),
  },
  {
    id: "a-tenant-whose-run-is-locked-is-parked",
    file: sql("50_claim_run"),
    guards: "G27: locked run",
    change: swap("waiting = ", "waiting = v_run_id is not null and "),
    red: red(
      "claim-next-races",
      "that somebody had locked for a moment when its tenant's turn came",
    ),
  },
  {
    id: "a-spent-job-stands-for-its-run",
    file: "packages/shared/src/queue/remove-corpses.ts",
    guards: "G27: spent jobs",
    change: remove,
    red: {
      project: "integration",
      file: "test/integration/dead-jobs.int.test.ts",
      name: "an active job that names another run is spent, and this run gets a new one",
    },
  },
  {
    id: "the-end-of-a-dead-process-is-not-announced",
    file: "apps/worker/src/take-runs.ts",
    guards: "G7: end of a dead process",
    change: remove,
    red: {
      project: "integration",
      file: "test/integration/take-runs.int.test.ts",
      name: "that was delivered again announces the end that its process had no time for",
    },
  },
  {
    id: "a-cancel-before-the-answer-is-forgotten",
    file: "apps/worker/src/live-runs.ts",
    guards: "G10: cancel before the answer",
    change: remove,
    red: {
      project: "unit",
      file: "apps/worker/src/live-runs.test.ts",
      name: "a cancel is remembered for every claim that is not yet answered",
    },
  },
];
