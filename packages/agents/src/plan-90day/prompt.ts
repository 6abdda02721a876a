/** The prompt of the 90-day plan. */
import type { ChatMessage } from "../agent/chat-message.ts";
import { describeBenchmarks } from "../marketing/benchmarks.ts";
import { type Briefing, jsonSystemMessage } from "../prompt/system-message.ts";
import { userMessage } from "../prompt/user-message.ts";
import type { Plan90DayContext } from "./context.ts";
import { answerSchema, type Plan90DayInput } from "./schema.ts";

const BRIEFING: Briefing = {
  name: "cmo-plan-90day",
  role: "a head of marketing who turns a goal and a budget into a plan for 90 days that a small team can carry out.",
  craft: [
    "The plan serves one goal first: `primaryGoal` of the request, else its `prompt`, else growth through qualified leads. Every objective, month and theme can be traced to it.",
    "Everything in the request leaves its trace. Each name in `focusAreas` stands, word for word, in the `focus_areas` of the months that work on it. Each entry of `targetMetrics` is one of the `key_metrics`, under its own name and with its own number. `constraints.channels` are the only channels anywhere in the plan, written as they are there; its timeframe and notes decide what is planned when.",
    "The days are: 1–14 foundation (tracking, offers, pages, content in stock), 15–30 launch, 31–60 learning and optimisation, 61–90 scaling what works. Week 1 begins on the start date; there are 13 weeks, counted through: month 1 has the weeks 1–5, month 2 the weeks 5–9, month 3 the weeks 9–13.",
    "8 to 12 milestones, at least two in each month, each a number of a metric that is reached by a date. Later ones build on earlier ones and name them in `dependencies` by their labels.",
    "Every target is a number of a metric: objectives name theirs in `target_metric`, key metrics have a `target_value`. A `current_value` or `baseline` is null unless the data holds it.",
    "Few channels done well: 3 to 5, chosen by where the segments are, each with its role and the segments it reaches.",
    "The primary segment and the flagship offer get most of the work; others get a stated share or are left out with a reason.",
    "With a budget, every unit of it is allocated, with 5–10 % kept for tests; the campaigns of the three months together cost no more than it. Without one, plan for what the goal needs, start small, and say in the summary that the sum is a proposal. A budget of 0 pays for nothing: plan what costs only time.",
    "Begin with what was measured. The metrics block, if there is one, holds the exact results of the last 90 days, in all, by campaign and by channel: quote them as baselines and current values, never calculate with them. `budget_buys` says how many conversions the budget buys at the measured cost: say in the summary how many leads and customers that is, and by which rate you get from one to the other. The last_plan block says what the last plan wanted and what was measured in its days: keep what worked, and say what changes. Running campaigns (campaigns block) go on, or the plan says why not.",
    `Targets are ambitious and reachable. Where the brand's own numbers are known, they count; else check against these. ${describeBenchmarks("email", "social", "landingPage", "searchAds", "leadToCustomer", "customerCost")}`,
    "Where segments, offers, prices or numbers are missing, begin the summary's last sentence with the assumption that you made instead, and let the first milestone be to find out.",
    "Testimonials, case studies and awards that the data does not hold are work to be done (“ask five customers for a quotation”), never something to show.",
    "Risks are those of this brand and this plan, each with what shows that it is happening and something to do about it.",
  ],
};

/** Made once: rendering the outline of a schema takes most of the time of a prompt. */
const SYSTEM_MESSAGE = jsonSystemMessage(BRIEFING, answerSchema);

const TASK =
  "Write the 90-day marketing plan for this brand, from `start_date` to `end_date` of the request.";

export function planPrompt(
  input: Plan90DayInput,
  context: Plan90DayContext,
): readonly ChatMessage[] {
  const { startDate, ...wishes } = input;
  const request = {
    today: context.today,
    start_date: context.startDate,
    end_date: context.endDate,
    ...wishes,
  };
  const { brand, segments, offers, measured } = context;
  const blocks = {
    brand,
    segments,
    offers,
    last_plan: measured.lastPlan,
    campaigns: measured.running.length > 0 ? measured.running : null,
    metrics: measured.metrics,
    request,
  };
  return [SYSTEM_MESSAGE, userMessage(context, blocks, TASK)];
}
