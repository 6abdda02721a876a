/** Segments and offers in a plan, by the names that the workspace gives them. */
import type { Finding } from "../agent/finding.ts";
import { fitName, fitNames } from "../marketing/fit-names.ts";
import type { KnownNames } from "../marketing/workspace/foundation.ts";
import type { MONTHS, Plan90DayAnswer } from "./schema.ts";

type Month = Plan90DayAnswer["month_1_plan"];

export function fitPlanNames(
  plan: Plan90DayAnswer,
  names: KnownNames,
  told: Finding[],
): Plan90DayAnswer {
  const segmentsAt = (path: string) =>
    ({ kind: "segment", known: names.segments, path, told }) as const;
  const month = (name: (typeof MONTHS)[number]): Month => ({
    ...plan[name],
    campaigns: plan[name].campaigns.map((campaign, i) => ({
      ...campaign,
      target_icp: fitName(campaign.target_icp, segmentsAt(`${name}.campaigns[${i}].target_icp`)),
    })),
    content_pieces: plan[name].content_pieces.map((piece, i) => ({
      ...piece,
      target_icp: fitName(piece.target_icp, segmentsAt(`${name}.content_pieces[${i}].target_icp`)),
    })),
  });
  return {
    ...plan,
    month_1_plan: month("month_1_plan"),
    month_2_plan: month("month_2_plan"),
    month_3_plan: month("month_3_plan"),
    channel_mix: plan.channel_mix.map((channel, i) => ({
      ...channel,
      target_icps: fitNames(channel.target_icps, segmentsAt(`channel_mix[${i}].target_icps`)),
    })),
    campaign_themes: plan.campaign_themes.map((theme, i) => ({
      ...theme,
      target_icps: fitNames(theme.target_icps, segmentsAt(`campaign_themes[${i}].target_icps`)),
    })),
    target_icp_segments: fitNames(plan.target_icp_segments, segmentsAt("target_icp_segments")),
    target_offers: fitNames(plan.target_offers, {
      kind: "offer",
      known: names.offers,
      path: "target_offers",
      told,
    }),
  };
}
