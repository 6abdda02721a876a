/**
 * The rows of finished content: an asset for each pair of variants, and its variants. The asset of a
 * planned piece has the piece's id, title, day and message.
 */
import type { Row } from "@cmo/shared/db";
import type { Artifact, Made } from "../agent/define-agent.ts";
import { formOf } from "./content-channel.ts";
import type { ContentEngineContext, PlannedContent } from "./context.ts";
import { matchPlanned } from "./match-planned.ts";
import { type Asset, pairVariants } from "./pair-variants.ts";
import type { ContentEngineInput, ContentEngineOutput } from "./schema.ts";

export function contentArtifacts(
  output: ContentEngineOutput,
  { input, context, newId }: Made<ContentEngineInput, ContentEngineContext>,
): readonly Artifact[] {
  const pairs = pairVariants(output.assets);
  const written = matchPlanned(pairs, context.campaign?.planned_content ?? []);
  return written.flatMap(({ a, b, planned }) => {
    const variants = [a, b].filter((variant) => variant !== null);
    const [first] = variants;
    if (!first) return [];
    const asset_id = newId();
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
      ...(planned ? asPlanned(planned) : {}),
    } satisfies Partial<Row<"cmo_content_assets">>;
    return [
      { table: "cmo_content_assets", id: asset_id, values },
      ...variants.map((variant) => toVariant(variant, asset_id, newId())),
    ];
  });
}

function asPlanned({ content_id, title, content_type, key_message, publish_date }: PlannedContent) {
  return { content_id, title, content_type, key_message, publish_date };
}

function toVariant(asset: Asset, asset_id: string, id: string): Artifact {
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
    visual_description: design_notes?.visual_style ?? null,
    metadata: { ...metadata, design_notes, performance_predictions },
  } satisfies Partial<Row<"cmo_content_variants">>;
  return { table: "cmo_content_variants", id, values };
}
