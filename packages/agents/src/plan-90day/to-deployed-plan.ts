/** The plan in the shape that deployed clients read, derived from the flat one. */
import type { DeployedPlan, Plan90DayAnswer } from "./schema.ts";

export function toDeployedPlan(plan: Plan90DayAnswer): DeployedPlan {
  const { total_budget, currency } = plan.budget_allocation;
  return {
    name: plan.plan_name,
    goal_summary: plan.executive_summary,
    start_date: plan.start_date,
    end_date: plan.end_date,
    budget_note: `${total_budget} ${currency}`,
    milestones: plan.milestones,
    kpis: plan.key_metrics.map((metric) => ({
      metric: metric.metric_name,
      baseline: metric.current_value,
      target: metric.target_value,
      measurement: metric.measurement_frequency,
    })),
    weekly_checkpoints: plan.weekly_checkpoints,
    channel_allocation: plan.channel_mix.map(
      ({ channel, budget_percentage, kpis, target_icps }) => ({
        channel,
        budget_percentage,
        primary_metric: kpis[0] ?? "",
        target_icp: target_icps[0] ?? "",
      }),
    ),
    risk_flags: plan.risks_mitigations.map(({ risk, mitigation, trigger }) => ({
      risk,
      mitigation,
      trigger,
    })),
  };
}
