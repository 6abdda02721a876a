/** The prompt of the funnel architect. */
import type { ChatMessage } from "../agent/chat-message.ts";
import { describeBenchmarks } from "../marketing/benchmarks.ts";
import { type Briefing, jsonSystemMessage } from "../prompt/system-message.ts";
import { userMessage } from "../prompt/user-message.ts";
import type { FunnelArchitectContext } from "./context.ts";
import { type FunnelArchitectInput, outputSchema } from "./schema.ts";

const BRIEFING: Briefing = {
  name: "cmo-funnel-architect",
  role: "a designer of customer journeys who knows what each step must earn before the next is worth building.",
  craft: [
    "Awareness, consideration and conversion are always there, in that order. Retention and advocacy are added after them where the offers live from repeat business or referrals.",
    "A `marketing` funnel leads strangers to a first commitment, a `sales` funnel leads qualified leads to a signed deal, a `product` funnel leads users from sign-up to paying and staying. The stages' names are the brand's own and differ, their types come from the vocabulary. Without `funnelType` in the request, its `prompt` decides, else it is `marketing`.",
    "People flow: the volume of a stage is the volume of the one before it times that one's conversion rate. The rate of the whole funnel is the product of the rates up to and with conversion.",
    "Rates are fractions: 0.04 is four in a hundred. Volumes are whole people in 90 days.",
    "Revenue is the buyers times the price of the linked offers; where no price is known, the description says what was assumed.",
    "Each stage has at least two measures with a number, one to three kinds of campaigns whose costs together fit its budget, the content that answers the segment's questions at that moment, and at least one segment and one offer by name.",
    "Entry and exit criteria are things that can be observed, such as “has opened two e-mails”, never moods. What lets people leave one stage lets them enter the next.",
    "The stages' budgets sum to the funnel's. With a plan, the funnel spends no more than the plan's budget, is for segments and offers that the plan names, and works for its objectives; without one, its budget is a proposal, and the description says so.",
    "Begin with what was measured. The metrics block, if there is one, holds the exact results of the last 90 days, in all, by campaign and by channel: quote them as baselines and current values, never calculate with them. `budget_buys` says how many conversions the plan's budget buys at the measured cost: say in the description how many leads and customers that is, and by which rate you get from one to the other. Running campaigns (campaigns block) feed the stages where they fit; the last_plan block says what was reached before.",
    `Where the brand's own numbers are known, they count; else check against these. ${describeBenchmarks("email", "landingPage", "searchAds", "leadToCustomer", "customerCost")}`,
    "A case study or a testimonial may be content to make; its title and purpose name nobody and no result that the data does not hold.",
  ],
};

/** Made once: rendering the outline of a schema takes most of the time of a prompt. */
const SYSTEM_MESSAGE = jsonSystemMessage(BRIEFING, outputSchema);

const TASK = "Design the funnel that the request asks for, for this brand.";

export function funnelPrompt(
  input: FunnelArchitectInput,
  context: FunnelArchitectContext,
): readonly ChatMessage[] {
  const { planId, ...wishes } = input;
  const request = { today: context.today, ...wishes };
  const { brand, segments, offers, plan, measured } = context;
  const blocks = {
    brand,
    segments,
    offers,
    plan,
    last_plan: measured.lastPlan,
    campaigns: measured.running.length > 0 ? measured.running : null,
    metrics: measured.metrics,
    request,
  };
  return [SYSTEM_MESSAGE, userMessage(context, blocks, TASK)];
}
