/** The row of a finished plan, as the planner screen would insert it. */
import type { Row } from "@cmo/shared/db";
import type { Artifact, Made } from "../agent/define-agent.ts";
import { addDays } from "../marketing/calendar.ts";
import type { Plan90DayContext } from "./context.ts";
import type { Plan90DayAnswer, Plan90DayInput } from "./schema.ts";
import { sourcesOf } from "./sources.ts";

export function planArtifacts(
  output: Plan90DayAnswer,
  { input, context, newId }: Made<Plan90DayInput, Plan90DayContext>,
): readonly Artifact[] {
  const values = {
    plan_name: output.plan_name,
    plan_type: "90-day",
    status: "draft",
    start_date: output.start_date,
    end_date: output.end_date,
    executive_summary: output.executive_summary,
    primary_objectives: output.primary_objectives,
    key_metrics: output.key_metrics,
    budget_allocation: output.budget_allocation,
    month_1_plan: output.month_1_plan,
    month_2_plan: output.month_2_plan,
    month_3_plan: output.month_3_plan,
    channel_mix: output.channel_mix,
    content_calendar_outline: toCalendarOutline(output),
    campaign_themes: output.campaign_themes,
    risks_mitigations: output.risks_mitigations,
    target_icp_segments: output.target_icp_segments,
    target_offers: output.target_offers,
    generation_context: {
      primaryGoal: input.primaryGoal ?? null,
      budget: input.budget ?? null,
      focusAreas: input.focusAreas ?? [],
      targetMetrics: input.targetMetrics ?? {},
      constraints: input.constraints ?? null,
      prompt: input.prompt ?? null,
      generatedAt: context.today,
      milestones: output.milestones,
      weekly_checkpoints: output.weekly_checkpoints,
      sources: sourcesOf(output, context),
    },
  } satisfies Partial<Row<"cmo_marketing_plans">>;
  return [{ table: "cmo_marketing_plans", id: newId(), values, from: [""] }];
}

/** All pieces of the three months by week, each with the first day of its week. */
function toCalendarOutline({ start_date, ...plan }: Plan90DayAnswer) {
  return [plan.month_1_plan, plan.month_2_plan, plan.month_3_plan]
    .flatMap((month) => month.content_pieces)
    .toSorted((a, b) => a.publish_week - b.publish_week)
    .map(({ publish_week, ...piece }) => ({
      week: publish_week,
      week_of: addDays(start_date, 7 * (publish_week - 1)),
      ...piece,
    }));
}
