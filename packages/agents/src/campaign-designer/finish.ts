/** The campaign's exact side: whole pieces of content, weeks in order, shares that sum. */
import type { Finished } from "../agent.ts";
import { fitTo } from "../marketing/apportion.ts";
import { fixedIf } from "../marketing/findings.ts";
import type { CampaignDesignerOutput } from "./schema.ts";

export function finishCampaign(output: CampaignDesignerOutput): Finished<CampaignDesignerOutput> {
  const given = output.channels.map((channel) => channel.budget_percentage);
  const shares = fitTo(given, 100, 1);
  const channels = output.channels.map((channel, i) => ({
    ...channel,
    budget_percentage: shares[i] ?? channel.budget_percentage,
    content_types: channel.content_types.map((type) => ({
      ...type,
      quantity: Math.round(type.quantity),
    })),
  }));
  const timeline = output.timeline.toSorted((a, b) => a.week - b.week);
  return {
    output: { ...output, channels, timeline },
    findings: [
      ...fixedIf(shares !== given, "channels", "Budget percentages scaled to sum to 100."),
      ...fixedIf(
        timeline.some((week, i) => week !== output.timeline[i]),
        "timeline",
        "Put in the order of its weeks.",
      ),
    ],
  };
}
