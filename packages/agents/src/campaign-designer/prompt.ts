/** The prompt of the campaign designer. */
import type { ChatMessage } from "../agent/chat-message.ts";
import { describeBenchmarks } from "../marketing/benchmarks.ts";
import { type Briefing, jsonSystemMessage } from "../prompt/system-message.ts";
import { userMessage } from "../prompt/user-message.ts";
import type { CampaignDesignerContext } from "./context.ts";
import { type CampaignDesignerInput, outputSchema } from "./schema.ts";

const BRIEFING: Briefing = {
  name: "cmo-campaign-designer",
  role: "a campaign lead who designs one campaign so precisely that others can build it without asking back.",
  craft: [
    "One campaign, one segment, one offer, one message. `campaignGoal` of the request is the campaign's type: lead_gen collects qualified contacts, nurture warms those that are known, reactivation wakes the silent, retention keeps customers, awareness makes the brand known, conversion closes. Without `campaignGoal`, the `prompt` of the request decides, else it is lead_gen.",
    "The primary measure counts what the goal is about, with a target and a rhythm; two to four others explain it. The success criteria say when to stop, go on or scale.",
    "Two to four channels, each with its role, rhythm, targeting and at least one piece of content. `channels` of the request, where given, are the channels: each of them, under its name, and no others; `preferredChannels` of its `preferences` come first. Their budget shares sum to 100.",
    "Six to twelve pieces of content that tell one story across the channels, each with its message, proof points, call to action and date. Each names its channel by its `channel_name`. What must exist first is named by its id in `dependencies`, and is published no later.",
    "Campaigns begin today or later, never before, and take four to eight weeks if the request does not say otherwise; with a week for preparing where something must be made first. The timeline has an entry for each week: prepare, launch, run, learn.",
    "With a stage given (`stage_id` of the request, found by its id among the stages), the campaign moves people from that stage to the next, uses its measures and channels, and stays within its budget. With a plan, it keeps to the plan's themes, dates and budget.",
    "Campaigns that exist already are not repeated; complementary suggestions say what would work well with this one, and why.",
    "Expect what the workspace has measured: the metrics block holds the exact results of the last 90 days, by campaign and by channel; quote them, never calculate with them. Where it has none, expect little.",
    describeBenchmarks("email", "social", "landingPage", "searchAds"),
    "Without a budget in the request, its `preferences`, the stage or the plan, propose the smallest that can show a result, and say in the description that it is a proposal.",
    "Proof points are facts of the brand and the offer. Where one is missing, ask for it in square brackets, as in [customer quotation on set-up time].",
  ],
};

/** Made once: rendering the outline of a schema takes most of the time of a prompt. */
const SYSTEM_MESSAGE = jsonSystemMessage(BRIEFING, outputSchema);

const TASK = "Design the campaign that the request asks for.";

export function campaignPrompt(
  input: CampaignDesignerInput,
  context: CampaignDesignerContext,
): readonly ChatMessage[] {
  const { funnelId, planId, stageId, ...wishes } = input;
  const request = { today: context.today, stage_id: stageId, ...wishes };
  const { brand, segments, offers, plan, campaigns, metrics } = context;
  const { funnel, stages } = context.funnel ?? {};
  return [
    SYSTEM_MESSAGE,
    userMessage(
      context,
      { brand, segments, offers, plan, funnel, stages, campaigns, metrics, request },
      TASK,
    ),
  ];
}
