/**
 * The rows of finished content: an asset for each pair of variants, and its variants. The texts for
 * a planned piece become variants of its row.
 */
import type { Row } from "@cmo/shared/db";
import type { Artifact, Made } from "../agent/define-agent.ts";
import { formOf } from "./content-channel.ts";
import type { ContentEngineContext } from "./context.ts";
import { matchPlanned } from "./match-planned.ts";
import { type Asset, pairVariants } from "./pair-variants.ts";
import type { ContentEngineInput, ContentEngineOutput } from "./schema.ts";
import { callToActionLink } from "./tag-links.ts";

export function contentArtifacts(
  output: ContentEngineOutput,
  { input, context, newId }: Made<ContentEngineInput, ContentEngineContext>,
): readonly Artifact[] {
  const placeOf = (asset: Asset): string => `assets[${output.assets.indexOf(asset)}]`;
  const written = matchPlanned(pairVariants(output.assets), context.planned);
  return written.flatMap(({ a, b, planned }) => {
    const variants = [a, b].filter((variant) => variant !== null);
    const [first] = variants;
    if (!first) return [];
    // A text for a planned piece joins its row, which keeps its date.
    const asset_id = planned?.id ?? newId();
    const values = {
      campaign_id: input.campaignId ?? null,
      content_id: first.asset_id,
      title: first.title,
      content_type: first.asset_type,
      channel: first.channel,
      funnel_stage: first.funnel_stage,
      target_icp: first.metadata.target_icp,
      cta: first.metadata.cta,
      tone: first.metadata.tone,
      status: "draft",
    } satisfies Partial<Row<"cmo_content_assets">>;
    return [
      { table: "cmo_content_assets", id: asset_id, values, from: variants.map(placeOf) },
      ...variants.map((variant) => ({
        ...toVariant(variant, { asset_id, id: newId(), link: callToActionLink(variant, context) }),
        from: [placeOf(variant)],
      })),
    ];
  });
}

interface Place {
  readonly asset_id: string;
  readonly id: string;
  readonly link: ReturnType<typeof callToActionLink>;
}

function toVariant(asset: Asset, { asset_id, id, link }: Place): Omit<Artifact, "from"> {
  const { metadata, design_notes, performance_predictions } = asset;
  const isMail = formOf(asset.channel) === "email";
  const values = {
    asset_id,
    variant_name: `${asset.asset_id} (${asset.variant})`,
    variant_type: asset.variant,
    subject_line: isMail ? asset.title : null,
    headline: isMail ? null : asset.title,
    body_content: asset.body,
    cta_text: metadata.cta,
    visual_description: metadata.picture?.brief || (design_notes?.visual_style ?? null),
    metadata: { ...metadata, ...link, design_notes, performance_predictions },
  } satisfies Partial<Row<"cmo_content_variants">>;
  return { table: "cmo_content_variants", id, values };
}
