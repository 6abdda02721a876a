/** Segments and offers in a plan, by the names that the workspace gives them. */
import { type Fitted, fitEach, fitInSteps } from "../agent/fitted.ts";
import { fitName, fitNames } from "../marketing/fit-names.ts";
import type { KnownNames } from "../marketing/workspace/foundation.ts";
import { MONTHS, type Plan90DayAnswer } from "./schema.ts";

type MonthName = (typeof MONTHS)[number];
type Month = Plan90DayAnswer[MonthName];

export function fitPlanNames(plan: Plan90DayAnswer, names: KnownNames): Fitted<Plan90DayAnswer> {
  return fitInSteps(plan, [
    ...MONTHS.map((name) => (given: Plan90DayAnswer) => {
      const { value, findings } = fitMonth(given[name], name, names);
      return { value: { ...given, [name]: value }, findings };
    }),
    (given) => fitTargetLists(given, names),
    (given) => fitReach(given, names),
  ]);
}

function fitMonth(month: Month, name: MonthName, { segments }: KnownNames): Fitted<Month> {
  const fitTarget = <Item extends { target_icp: string }>(item: Item, path: string) => {
    const rules = { kind: "segment", known: segments, path: `${path}.target_icp` } as const;
    const { value, findings } = fitName(item.target_icp, rules);
    return { value: { ...item, target_icp: value }, findings };
  };
  const campaigns = fitEach(month.campaigns, (campaign, i) =>
    fitTarget(campaign, `${name}.campaigns[${i}]`),
  );
  const pieces = fitEach(month.content_pieces, (piece, i) =>
    fitTarget(piece, `${name}.content_pieces[${i}]`),
  );
  return {
    value: { ...month, campaigns: campaigns.value, content_pieces: pieces.value },
    findings: [...campaigns.findings, ...pieces.findings],
  };
}

function fitTargetLists(plan: Plan90DayAnswer, { segments }: KnownNames): Fitted<Plan90DayAnswer> {
  const fitTargets = <Item extends { target_icps: string[] }>(item: Item, path: string) => {
    const rules = { kind: "segment", known: segments, path: `${path}.target_icps` } as const;
    const { value, findings } = fitNames(item.target_icps, rules);
    return { value: { ...item, target_icps: value }, findings };
  };
  const mix = fitEach(plan.channel_mix, (channel, i) => fitTargets(channel, `channel_mix[${i}]`));
  const themes = fitEach(plan.campaign_themes, (theme, i) =>
    fitTargets(theme, `campaign_themes[${i}]`),
  );
  return {
    value: { ...plan, channel_mix: mix.value, campaign_themes: themes.value },
    findings: [...mix.findings, ...themes.findings],
  };
}

/** The segments and offers that the plan as a whole is for. */
function fitReach(plan: Plan90DayAnswer, names: KnownNames): Fitted<Plan90DayAnswer> {
  const segments = fitNames(plan.target_icp_segments, {
    kind: "segment",
    known: names.segments,
    path: "target_icp_segments",
  });
  const offers = fitNames(plan.target_offers, {
    kind: "offer",
    known: names.offers,
    path: "target_offers",
  });
  return {
    value: { ...plan, target_icp_segments: segments.value, target_offers: offers.value },
    findings: [...segments.findings, ...offers.findings],
  };
}
