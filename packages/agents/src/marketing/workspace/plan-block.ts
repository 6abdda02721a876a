/** The plan, as the prompts of other agents contain it. */
import type { Row } from "@cmo/shared/db";
import { pick } from "./pick.ts";

const PLAN_COLUMNS = [
  "id",
  "plan_name",
  "status",
  "start_date",
  "end_date",
  "executive_summary",
  "primary_objectives",
  "key_metrics",
  "budget_allocation",
  "channel_mix",
  "campaign_themes",
  "target_icp_segments",
  "target_offers",
] as const;

export type PlanBlock = Pick<Row<"cmo_marketing_plans">, (typeof PLAN_COLUMNS)[number]>;

export function toPlanBlock(row: Row<"cmo_marketing_plans">): PlanBlock {
  return pick(row, PLAN_COLUMNS);
}
