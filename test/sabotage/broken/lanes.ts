/** Sabotages of what the pool learns of its gateway. */
import { becomes, remove, type Sabotage, swap } from "../sabotage.ts";

const LANES = "supabase/schemas/28_gateway_lanes.sql";
const REPORTS = "supabase/schemas/46_lane_reports.sql";
const lanes = (name: string) =>
  ({ project: "integration", file: "supabase/tests/gateway-lanes.test.ts", name }) as const;
const breakers = (name: string) =>
  ({ project: "integration", file: "supabase/tests/gateway-breakers.test.ts", name }) as const;

const CLAIMS: readonly Sabotage[] = [
  {
    id: "a-paused-lane-is-claimed-for",
    file: LANES,
    guards: "G29: paused lane",
    change: swap("v_until > now()", "false"),
    red: lanes("pauses the lane for every worker, and costs the run no attempt"),
  },
  {
    id: "a-limited-lane-takes-any-number",
    file: LANES,
    guards: "G29: limited lane",
    change: swap(">= v_allowance", "> 1000000"),
    red: lanes("starts no more runs than it allows"),
  },
  {
    id: "a-lane-never-takes-more-than-worked",
    file: LANES,
    guards: "G29: additive increase",
    lines: 2,
    change: becomes("  return p_lane.worked_running;"),
    red: lanes("doubles each second up to what worked, then grows by a tenth of that"),
  },
  {
    id: "a-probe-leaves-the-lane-as-it-is",
    file: LANES,
    guards: "G29: one probe",
    lines: 3,
    change: remove,
    red: lanes("one claim probes, and nobody else starts until its answer begins"),
  },
  {
    id: "claims-enter-a-lane-together",
    file: LANES,
    guards: "G29: one at a time",
    change: becomes("  ;"),
    red: breakers("a probe that is not committed yet keeps others out"),
  },
  {
    id: "a-run-that-nobody-pays-is-accepted",
    file: LANES,
    guards: "G16: gateway",
    change: swap("raise exception", "raise notice"),
    red: breakers("new runs are refused at once, with the time of the next probe; a repeat is not"),
  },
];

const FINDINGS: readonly Sabotage[] = [
  {
    id: "a-gateway-is-asked-as-often-as-it-likes",
    file: REPORTS,
    guards: "G29: pause",
    change: swap("v_policy.lane_pause_min, ", "'0 seconds'::interval, "),
    red: lanes("that asks for 1 ms pauses for 1 s"),
  },
  {
    id: "a-second-refusal-changes-nothing",
    file: REPORTS,
    guards: "G29: multiplicative decrease",
    change: swap(" * 3 / 4", ""),
    red: lanes("goes back to what ran before a refusal, and to three quarters after the next"),
  },
  {
    id: "an-earlier-answer-ends-a-pause",
    file: REPORTS,
    guards: "G29: proof of a probe",
    change: swap(" and r.claimed_at > p_lane.paused_at", ""),
    red: lanes("an answer that was asked for before the pause proves nothing"),
  },
  {
    id: "a-model-that-is-down-is-asked-for-ever",
    file: REPORTS,
    guards: "G29: broken model",
    change: swap("v_failures >= v_policy.lane_failures or ", ""),
    red: breakers("five failures in a row pause it, and not the next model"),
  },
  {
    id: "a-gateway-is-asked-after-the-pause-began",
    file: "apps/worker/src/pooled-gateway.ts",
    guards: "G29: paused since the claim",
    change: remove,
    red: {
      project: "unit",
      file: "apps/worker/src/pooled-gateway.test.ts",
      name: "a lane that was paused since the claim is not asked, unless the run is its probe",
    },
  },
];

export const laneSabotages: readonly Sabotage[] = [...CLAIMS, ...FINDINGS];
