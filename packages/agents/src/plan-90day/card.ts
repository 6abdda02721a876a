/** The card of the 90-day plan. Raise the version when its prompt or a schema changes meaning. */
import { defineCard } from "../agent/agent-card.ts";
import { inputSchema, outputSchema } from "./schema.ts";

export const plan90DayCard = defineCard({
  name: "cmo-plan-90day",
  mode: "strategy",
  title: "90-day plan",
  description:
    "Turns a goal and a budget into a marketing plan for 90 days: objectives, months, channels, milestones and risks.",
  version: 3,
  reply: "json",
  tag: "plan",
  input: inputSchema,
  output: outputSchema,
  legacyFields: {
    primary_goal: "primaryGoal",
    target_metrics: "targetMetrics",
    focus_areas: "focusAreas",
    start_date: "startDate",
  },
});
