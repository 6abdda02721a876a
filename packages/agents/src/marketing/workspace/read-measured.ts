/**
 * What the workspace has measured, for plans that begin with facts: the numbers of the last 90 days,
 * the campaigns that run, and what the last plan wanted and reached.
 */
import type { Row, WorkspaceDb } from "@cmo/shared/db";
import type { Room } from "../../prompt/take-within.ts";
import type { Measured, Metrics } from "../metrics/measure-campaigns.ts";
import { windowsOf } from "../metrics/period.ts";
import { pick } from "./pick.ts";
import { type CampaignBlock, readCampaigns } from "./read-campaigns.ts";

const ROOM: Room = { items: 15, characters: 8_000 };
/** Words of the screens and of the database for what is under way. */
const RUNNING = ["active", "published"];
/** A draft was never carried out, so it has no outcome. */
const CARRIED_OUT = [...RUNNING, "approved", "paused", "completed"];
const LAST_PLAN_COLUMNS = [
  "plan_name",
  "status",
  "start_date",
  "end_date",
  "primary_objectives",
  "key_metrics",
  "budget_allocation",
] as const;

interface LastPlan extends Pick<Row<"cmo_marketing_plans">, (typeof LAST_PLAN_COLUMNS)[number]> {
  /** All numbers of the workspace from the plan's first day to its last, or to today. */
  readonly measured_in_its_days: Measured["current"];
}

interface BudgetBuys {
  readonly budget: number;
  /** Leads or purchases: what the workspace counts as one. */
  readonly conversions: number;
  readonly at_cost_per_conversion: number;
}

export interface MeasuredWorkspace {
  readonly running: readonly CampaignBlock[];
  /** Null if nothing was measured. */
  readonly metrics: (Metrics & { readonly budget_buys: BudgetBuys | null }) | null;
  readonly lastPlan: LastPlan | null;
  readonly leftOut: readonly string[];
}

interface Scope {
  readonly today: string;
  /** Null if it is open. */
  readonly budget: number | null;
  /** A plan that is shown already. */
  readonly planId?: string | undefined;
}

export async function readMeasured(
  db: WorkspaceDb,
  { today, budget, planId }: Scope,
): Promise<MeasuredWorkspace> {
  const scope = { funnelId: undefined, planId, room: ROOM };
  const [read, lastPlan] = await Promise.all([
    readCampaigns(db, { ...scope, windows: windowsOf("last_90_days", today) }),
    readLastPlan(db, today, planId),
  ]);
  const { metrics } = read;
  return {
    running: read.campaigns.filter(({ status }) => RUNNING.includes(status ?? "")),
    metrics:
      metrics.data_mode === null
        ? null
        : { ...metrics, budget_buys: toBudgetBuys(budget, metrics.totals.current) },
    lastPlan,
    leftOut: read.leftOut,
  };
}

/** Computed here, because models do not divide reliably. */
export function toBudgetBuys(
  budget: number | null,
  measured: Measured["current"],
): BudgetBuys | null {
  const cost = measured?.cost_per_conversion ?? 0;
  if (budget === null || budget <= 0 || cost <= 0) return null;
  return { budget, conversions: Math.floor(budget / cost), at_cost_per_conversion: cost };
}

async function readLastPlan(
  db: WorkspaceDb,
  today: string,
  shownId: string | undefined,
): Promise<LastPlan | null> {
  const plans = await db.list("cmo_marketing_plans", {
    among: ["status", CARRIED_OUT],
    orderBy: [
      ["created_at", "descending"],
      ["id", "ascending"],
    ],
    limit: 5,
  });
  const plan = plans.find(({ id, start_date }) => id !== shownId && (start_date ?? "") <= today);
  return plan ? { ...pick(plan, LAST_PLAN_COLUMNS), ...(await outcomeOf(db, plan, today)) } : null;
}

async function outcomeOf(
  db: WorkspaceDb,
  { id, start_date: from, end_date: to }: Row<"cmo_marketing_plans">,
  today: string,
): Promise<Pick<LastPlan, "measured_in_its_days">> {
  if (from === null || to === null || from > to) return { measured_in_its_days: null };
  const windows = windowsOf({ from, to }, today);
  const { metrics } = await readCampaigns(db, {
    funnelId: undefined,
    planId: id,
    room: ROOM,
    windows,
  });
  return { measured_in_its_days: metrics.totals.current };
}
