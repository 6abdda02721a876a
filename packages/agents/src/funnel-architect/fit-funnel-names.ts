/** Segments and offers in a funnel, by the names that the workspace gives them. */
import type { Finding } from "../agent/finding.ts";
import { fitName, fitNames } from "../marketing/fit-names.ts";
import type { KnownNames } from "../marketing/workspace/foundation.ts";
import type { FunnelArchitectOutput } from "./schema.ts";

export function fitFunnelNames(
  { funnel, stages }: FunnelArchitectOutput,
  { segments, offers }: KnownNames,
  told: Finding[],
): FunnelArchitectOutput {
  const segmentsAt = (path: string) => ({ kind: "segment", known: segments, path, told }) as const;
  const offersAt = (path: string) => ({ kind: "offer", known: offers, path, told }) as const;
  return {
    funnel: {
      ...funnel,
      target_icp_segments: fitNames(
        funnel.target_icp_segments,
        segmentsAt("funnel.target_icp_segments"),
      ),
      target_offers: fitNames(funnel.target_offers, offersAt("funnel.target_offers")),
    },
    stages: stages.map((stage, i) => ({
      ...stage,
      target_icps: fitNames(stage.target_icps, segmentsAt(`stages[${i}].target_icps`)),
      linked_offers: fitNames(stage.linked_offers, offersAt(`stages[${i}].linked_offers`)),
      content_assets: stage.content_assets.map((asset, n) => ({
        ...asset,
        target_icp: fitName(
          asset.target_icp,
          segmentsAt(`stages[${i}].content_assets[${n}].target_icp`),
        ),
      })),
    })),
  };
}
