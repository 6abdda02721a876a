/** The campaign's exact side: its type and dates, whole pieces of content, shares that sum. */
import type { Finding, Finished } from "../agent.ts";
import { fitTo } from "../marketing/apportion.ts";
import { isWithin, nearestDay } from "../marketing/calendar.ts";
import { fixed, open } from "../marketing/findings.ts";
import type { CampaignDesignerContext } from "./context.ts";
import type { CampaignDesignerOutput } from "./schema.ts";

export function finishCampaign(
  output: CampaignDesignerOutput,
  { goal }: Pick<CampaignDesignerContext, "goal">,
): Finished<CampaignDesignerOutput> {
  const findings: Finding[] = [];
  return {
    output: {
      ...output,
      campaign: setType(output.campaign, goal, findings),
      channels: fitShares(output.channels, findings).map(withWholeQuantities),
      content_outline: fitDates(output, findings),
      timeline: orderWeeks(output.timeline, findings),
    },
    findings,
  };
}

type Campaign = CampaignDesignerOutput["campaign"];
type Channels = CampaignDesignerOutput["channels"];
type Outline = CampaignDesignerOutput["content_outline"];
type Timeline = CampaignDesignerOutput["timeline"];

function setType(
  given: Campaign,
  goal: CampaignDesignerContext["goal"],
  told: Finding[],
): Campaign {
  if (goal === null || goal === given.campaign_type) return given;
  told.push(fixed("asked", "campaign.campaign_type", "Set to the goal that was asked for."));
  return { ...given, campaign_type: goal };
}

function fitShares(given: Channels, told: Finding[]): Channels {
  const givenShares = given.map((channel) => channel.budget_percentage);
  const shares = fitTo(givenShares, 100, 1);
  if (shares === givenShares) return given;
  told.push(fixed("sum", "channels", "Budget percentages scaled to sum to 100."));
  return given.map((channel, i) => ({ ...channel, budget_percentage: shares[i] ?? 0 }));
}

function withWholeQuantities(channel: Channels[number]): Channels[number] {
  const content_types = channel.content_types.map((type) => ({
    ...type,
    quantity: Math.round(type.quantity),
  }));
  return { ...channel, content_types };
}

/** Only the model could say which end of a campaign that ends before it starts is wrong. */
function fitDates({ campaign, content_outline }: CampaignDesignerOutput, told: Finding[]): Outline {
  const span = { startDate: campaign.start_date, endDate: campaign.end_date };
  if (span.endDate < span.startDate) {
    told.push(open("date", "campaign.end_date", "Lies before the start."));
    return content_outline;
  }
  const isInside = ({ publish_date }: Outline[number]) =>
    publish_date === null || isWithin(span, publish_date);
  if (content_outline.every(isInside)) return content_outline;
  told.push(
    fixed("date", "content_outline", "Dates outside the campaign moved to its nearest day."),
  );
  return content_outline.map((piece) => ({
    ...piece,
    publish_date: piece.publish_date && nearestDay(span, piece.publish_date),
  }));
}

function orderWeeks(given: Timeline, told: Finding[]): Timeline {
  const timeline = given.toSorted((a, b) => a.week - b.week);
  if (timeline.every((week, i) => week === given[i])) return given;
  told.push(fixed("order", "timeline", "Put in the order of its weeks."));
  return timeline;
}
