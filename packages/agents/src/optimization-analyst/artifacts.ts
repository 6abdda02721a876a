/** The rows of a finished analysis: one for each recommendation, in their order. */
import type { Row } from "@cmo/shared/db";
import type { Artifact, Made } from "../agent/define-agent.ts";
import type { OptimizationAnalystContext } from "./context.ts";
import { priorityOf, type Recommendation } from "./finish-recommendation.ts";
import type { OptimizationAnalystInput, OptimizationAnalystOutput } from "./schema.ts";

export function recommendationArtifacts(
  { recommendations }: OptimizationAnalystOutput,
  { context, newId }: Made<OptimizationAnalystInput, OptimizationAnalystContext>,
): readonly Artifact[] {
  const campaignOf = campaignsById(context);
  return recommendations.map((one, index) => {
    const values = {
      campaign_id: (one.source_id && campaignOf.get(one.source_id)) || null,
      recommendation_type: one.category,
      priority: priorityOf(one.priority_score),
      title: one.title,
      description: one.description,
      rationale: rationaleOf(one),
      expected_impact: one.impact,
      effort_level: one.effort,
      action_items: one.suggested_actions.map(({ action, timeline, owner, expected_outcome }) =>
        joined([action, timeline, owner, expected_outcome]),
      ),
      status: "pending",
    } satisfies Partial<Row<"cmo_recommendations">>;
    const from = [`recommendations[${index}]`];
    return { table: "cmo_recommendations", id: newId(), values, from };
  });
}

/** The id of the campaign, or of the campaign that the channel belongs to. */
function campaignsById({ campaigns }: OptimizationAnalystContext): ReadonlyMap<string, string> {
  return new Map(
    campaigns.flatMap(({ id, channels }) => [
      [id, id] as const,
      ...channels.map((channel) => [channel.id, id] as const),
    ]),
  );
}

/** Consists of numbers and words of the answer only, so it is in the language of the answer. */
function rationaleOf({ source_name, metrics_affected, supporting_data }: Recommendation): string {
  const metrics = metrics_affected.map(
    ({ metric, current_value, target_value }) =>
      `${metric}: ${current_value ?? "?"} → ${target_value ?? "?"}`,
  );
  return joined([source_name, ...metrics, supporting_data?.comparison_period ?? ""]);
}

function joined(parts: readonly string[]): string {
  return parts.filter((part) => part !== "").join(" · ");
}
