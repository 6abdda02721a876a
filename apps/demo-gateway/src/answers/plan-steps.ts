/** The milestones and weekly checkpoints of a scripted plan. */
import { addDays } from "./add-days.ts";
import { nth } from "./new-brief.ts";
import { toCount } from "./split-amount.ts";

interface Course {
  readonly start: string;
  readonly leads: number;
  readonly channels: readonly string[];
  readonly goal: string;
}

/** Day of the plan, label, metric, and target as a multiple of all leads. */
const MILESTONES = [
  [7, "Measuring works on all pages", "traffic", 1],
  [14, "First content is published", "reach", 20],
  [21, "Campaigns are live", "traffic", 6],
  [30, "First month is reviewed", "leads", 0.2],
  [45, "Winning message is chosen", "engagement", 4],
  [52, "Follow-up runs by itself", "signups", 0.3],
  [60, "Second month is reviewed", "leads", 0.55],
  [75, "Best channel is scaled", "traffic", 25],
  [82, "First conversations are held", "conversions", 0.15],
  [89, "The goal is measured", "leads", 1],
] as const;

export function newMilestones({ start, leads, channels, goal }: Course): object[] {
  return MILESTONES.map(([day, label, metricName, perLead], i) => ({
    label,
    target_date: addDays(start, day),
    metric: metricName,
    target_value: toCount(leads * perLead),
    funnel_action: `Brings the plan closer to ${goal}`,
    channels: [nth(channels, i)],
    dependencies: MILESTONES.slice(Math.max(0, i - 1), i).map(([, before]) => before),
  }));
}

/** Week of the plan and its focus. */
const CHECKPOINTS = [
  [1, "Measuring"],
  [2, "First content"],
  [3, "Launch"],
  [4, "First answers"],
  [6, "The winning message"],
  [8, "Follow-up"],
  [10, "The best channel"],
  [12, "The goal"],
] as const;

export function newCheckpoints({ goal }: Course): object[] {
  return CHECKPOINTS.map(([week, focus]) => ({
    week,
    focus,
    deliverables: [`One page of numbers: ${focus.toLowerCase()}`],
    success_criteria: `It is written down what the week did for ${goal}.`,
  }));
}
