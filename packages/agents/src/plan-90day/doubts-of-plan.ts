/** The doubts about a plan: its texts, and the wishes of its request in words. */
import { doubt, type Finding } from "../agent/finding.ts";
import { doubtsOfTexts } from "../marketing/doubts-of-texts.ts";
import { numbersIn } from "../marketing/read-number.ts";
import { newEvidence, textsOf } from "../marketing/unproven-claims.ts";
import type { Plan90DayContext } from "./context.ts";
import { MONTHS, type Plan90DayAnswer, type Plan90DayInput } from "./schema.ts";

/** Amounts that a finding names. */
const NAMED_MAX = 4;

export function doubtsOfPlan(plan: Plan90DayAnswer, context: Plan90DayContext): Finding[] {
  const titles = MONTHS.flatMap((name) =>
    plan[name].content_pieces.map(({ title }, i) => ({
      path: `${name}.content_pieces[${i}].title`,
      text: title,
    })),
  );
  const heads = [
    { path: "plan_name", text: plan.plan_name },
    { path: "executive_summary", text: plan.executive_summary },
  ];
  // A rival may be named beside the own brand, but not in its place.
  const rest = heads.filter(({ text }) => !text.includes(context.brand.brand_name));
  const published = [...titles, ...rest];
  const doubts = doubtsOfTexts(
    {
      texts: textsOf(plan),
      published,
      words: wordsOf(context.asked),
      cost: {
        path: "budget_allocation.total_budget",
        value: plan.budget_allocation.total_budget,
      },
      parts: plan.budget_allocation.breakdown.map(({ category, amount }, i) => ({
        path: `budget_allocation.breakdown[${i}].amount`,
        name: category,
        value: amount,
      })),
      months: MONTHS.length,
      own: [context.segments, context.offers],
      dates: plan.milestones.map(({ target_date }, i) => ({
        path: `milestones[${i}].target_date`,
        date: target_date,
      })),
    },
    context,
  );
  return [...doubts, ...unknownAmounts(plan, context), ...unknownBaselines(plan, context)];
}

/** Where a goal begins was measured, and is in the data. */
function unknownBaselines(
  { primary_objectives }: Plan90DayAnswer,
  { brand, segments, offers, measured, asked }: Plan90DayContext,
): Finding[] {
  const { numbers } = newEvidence(brand, segments, offers, measured, asked);
  return primary_objectives.flatMap(({ baseline }, i) => {
    if (typeof baseline !== "number" || baseline === 0 || numbers.has(baseline)) return [];
    const message = `${baseline} is a measured number that the data does not hold.`;
    return [doubt("claim", `primary_objectives[${i}].baseline`, message)];
  });
}

/** Amounts of the summary that are neither the plan's nor the data's. */
function unknownAmounts(plan: Plan90DayAnswer, context: Plan90DayContext): Finding[] {
  const { executive_summary, ...parts } = plan;
  const { brand, segments, offers, measured, asked } = context;
  const { numbers } = newEvidence(parts, brand, segments, offers, measured, asked);
  const unknown = numbersIn(executive_summary)
    .filter(({ unit, value }) => unit === "money" && !numbers.has(value))
    .map(({ written }) => `“${written}”`)
    .take(NAMED_MAX);
  const named = [...unknown].join(", ");
  if (named === "") return [];
  const total = plan.budget_allocation.total_budget;
  const message = `${named} is no amount of the plan, whose total is ${total}.`;
  return [doubt("sum", "executive_summary", message)];
}

function wordsOf({ prompt, primaryGoal, constraints }: Plan90DayInput) {
  const inWords =
    typeof constraints === "object" ? [constraints.timeframe, constraints.notes] : [constraints];
  return [prompt, primaryGoal, ...inWords];
}
