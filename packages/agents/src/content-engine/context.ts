/**
 * What the content engine knows: the brand, and the one segment and the one offer that it writes
 * for. They are the campaign's if one is given and names them, else the most important ones.
 */
import type { Row } from "@cmo/shared/db";
import type { ContextSource } from "../agent.ts";
import { type Brand, type Offer, readFoundation, type Segment } from "../marketing/foundation.ts";
import { pick } from "../marketing/pick.ts";
import { readNamedRow } from "../marketing/read-named-row.ts";
import { type Setting, toSetting } from "../marketing/setting.ts";
import type { ContentEngineInput } from "./schema.ts";

const CAMPAIGN_COLUMNS = [
  "campaign_name",
  "campaign_type",
  "objective",
  "description",
  "target_icp",
  "target_offer",
  "funnel_stage",
  "start_date",
  "end_date",
  "primary_kpi",
  "success_criteria",
] as const;

export interface ContentEngineContext extends Setting {
  readonly brand: Brand;
  readonly segment: Segment | null;
  readonly offer: Offer | null;
  readonly campaign: Pick<Row<"cmo_campaigns">, (typeof CAMPAIGN_COLUMNS)[number]> | null;
}

export async function readContentEngineContext(
  source: ContextSource,
  input: ContentEngineInput,
): Promise<ContentEngineContext> {
  const [{ brand, segments, offers }, campaign] = await Promise.all([
    readFoundation(source.db),
    readNamedRow(source.db, "cmo_campaigns", { field: "campaignId", id: input.campaignId }),
  ]);
  const segment =
    segments.find((known) => known.segment_name === campaign?.target_icp) ??
    segments.find((known) => known.is_primary) ??
    segments[0];
  const offer =
    offers.find((known) => known.offer_name === campaign?.target_offer) ??
    offers.find((known) => known.is_flagship) ??
    offers[0];
  return {
    ...toSetting(source),
    brand,
    segment: segment ?? null,
    offer: offer ?? null,
    campaign: campaign && pick(campaign, CAMPAIGN_COLUMNS),
  };
}
