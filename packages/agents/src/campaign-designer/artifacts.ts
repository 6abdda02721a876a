/** The rows of a finished campaign: the campaign, its channels and its planned content. */
import type { Row } from "@cmo/shared/db";
import type { Artifact, Made } from "../agent/define-agent.ts";
import { linkParameters } from "../marketing/link-parameters.ts";
import type { CampaignDesignerContext } from "./context.ts";
import type { CampaignDesignerInput, CampaignDesignerOutput } from "./schema.ts";

type Campaign = CampaignDesignerOutput["campaign"];

/** The goal of the row for each type of campaign; the two columns have different vocabularies. */
const GOAL_OF_TYPE = {
  lead_gen: "leads",
  nurture: "engagement",
  awareness: "engagement",
  reactivation: "revenue",
  retention: "revenue",
  conversion: "revenue",
} as const satisfies Record<Campaign["campaign_type"], string>;

export function campaignArtifacts(
  output: CampaignDesignerOutput,
  { input, context, newId }: Made<CampaignDesignerInput, CampaignDesignerContext>,
): readonly Artifact[] {
  const campaign_id = newId();
  const campaign = {
    ...output.campaign,
    goal: GOAL_OF_TYPE[output.campaign.campaign_type],
    funnel_id: context.funnel?.funnel.id ?? null,
    plan_id: input.planId ?? null,
    status: "draft",
  } satisfies Partial<Row<"cmo_campaigns">>;
  const channels = output.channels.map((channel, index): Artifact => {
    const values = {
      ...channel,
      is_paid: channel.channel_type === "paid",
      ...linkParameters(channel, output.campaign.campaign_name),
      campaign_id,
    } satisfies Partial<Row<"cmo_campaign_channels">>;
    return { table: "cmo_campaign_channels", id: newId(), values, from: [`channels[${index}]`] };
  });
  const content = output.content_outline.map((piece, index): Artifact => {
    const values = {
      ...piece,
      campaign_id,
      status: "draft",
    } satisfies Partial<Row<"cmo_content_assets">>;
    const from = [`content_outline[${index}]`];
    return { table: "cmo_content_assets", id: newId(), values, from };
  });
  const whole = { table: "cmo_campaigns", id: campaign_id, values: campaign, from: [""] };
  return [whole, ...channels, ...content];
}
