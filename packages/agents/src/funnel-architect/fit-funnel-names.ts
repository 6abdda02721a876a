/** Segments and offers in a funnel, by the names that the workspace gives them. */
import { type Fitted, fitEach } from "../agent/fitted.ts";
import { fitName, fitNames, type NameRules } from "../marketing/fit-names.ts";
import type { KnownNames } from "../marketing/workspace/foundation.ts";
import type { FunnelArchitectOutput } from "./schema.ts";

type Funnel = FunnelArchitectOutput["funnel"];
type Stage = FunnelArchitectOutput["stages"][number];

/** The rules for names at a path. */
type RulesAt = Readonly<Record<"segments" | "offers", (path: string) => NameRules>>;

export function fitFunnelNames(
  { funnel: given, stages: givenStages }: FunnelArchitectOutput,
  { segments, offers }: KnownNames,
): Fitted<FunnelArchitectOutput> {
  const rules: RulesAt = {
    segments: (path) => ({ kind: "segment", known: segments, path }),
    offers: (path) => ({ kind: "offer", known: offers, path }),
  };
  const funnel = fitFunnel(given, rules);
  const stages = fitEach(givenStages, (stage, i) => fitStage(stage, `stages[${i}]`, rules));
  return {
    value: { funnel: funnel.value, stages: stages.value },
    findings: [...funnel.findings, ...stages.findings],
  };
}

function fitFunnel(given: Funnel, rules: RulesAt): Fitted<Funnel> {
  const segments = fitNames(
    given.target_icp_segments,
    rules.segments("funnel.target_icp_segments"),
  );
  const offers = fitNames(given.target_offers, rules.offers("funnel.target_offers"));
  return {
    value: { ...given, target_icp_segments: segments.value, target_offers: offers.value },
    findings: [...segments.findings, ...offers.findings],
  };
}

function fitStage(given: Stage, path: string, rules: RulesAt): Fitted<Stage> {
  const icps = fitNames(given.target_icps, rules.segments(`${path}.target_icps`));
  const offers = fitNames(given.linked_offers, rules.offers(`${path}.linked_offers`));
  const assets = fitEach(given.content_assets, (asset, n) => {
    const rule = rules.segments(`${path}.content_assets[${n}].target_icp`);
    const { value, findings } = fitName(asset.target_icp, rule);
    return { value: { ...asset, target_icp: value }, findings };
  });
  return {
    value: {
      ...given,
      target_icps: icps.value,
      linked_offers: offers.value,
      content_assets: assets.value,
    },
    findings: [...icps.findings, ...offers.findings, ...assets.findings],
  };
}
