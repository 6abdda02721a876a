/** The row that a finished plan becomes: the one that the planner screen would have inserted. */
import type { Row } from "@cmo/shared/db";
import type { Artifact, Made } from "../agent.ts";
import type { Plan90DayContext } from "./context.ts";
import type { Plan90DayInput, Plan90DayOutput } from "./schema.ts";

export function planArtifacts(
  output: Plan90DayOutput,
  { input, context, newId }: Made<Plan90DayInput, Plan90DayContext>,
): readonly Artifact[] {
  const { milestones, ...columns } = output;
  const values = {
    ...columns,
    plan_type: "90-day",
    status: "draft",
    generation_context: {
      primaryGoal: input.primaryGoal ?? null,
      budget: input.budget ?? null,
      focusAreas: input.focusAreas ?? [],
      prompt: input.prompt ?? null,
      generatedAt: context.today,
      milestones,
    },
  } satisfies Partial<Row<"cmo_marketing_plans">>;
  return [{ table: "cmo_marketing_plans", id: newId(), values }];
}
