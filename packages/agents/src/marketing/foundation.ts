/** What all marketing of a workspace rests on: who it is, whom it serves, what it sells. */
import type { Row, WorkspaceDb } from "@cmo/shared/db";
import { InputError } from "../agent.ts";
import { pick } from "./pick.ts";

/** More of these than a plan can serve would only blur it. */
const SEGMENTS_MAX = 20;
const OFFERS_MAX = 20;

const BRAND_COLUMNS = [
  "brand_name",
  "tagline",
  "industry",
  "unique_value_proposition",
  "mission_statement",
  "brand_voice",
  "brand_tone",
  "brand_personality",
  "core_values",
  "key_differentiators",
  "messaging_pillars",
  "content_themes",
  "competitors",
  "brand_colors",
  "website_url",
] as const;

const SEGMENT_COLUMNS = [
  "segment_name",
  "is_primary",
  "priority_score",
  "segment_description",
  "company_size",
  "job_titles",
  "industry_verticals",
  "pain_points",
  "goals",
  "buying_triggers",
  "objections",
  "decision_criteria",
  "preferred_channels",
  "content_preferences",
  "budget_range",
] as const;

const OFFER_COLUMNS = [
  "offer_name",
  "offer_type",
  "is_flagship",
  "status",
  "description",
  "key_benefits",
  "features",
  "use_cases",
  "success_metrics",
  "pricing_model",
  "price_range",
  "target_segments",
  "competitive_positioning",
  "landing_page_url",
] as const;

export type Brand = Pick<Row<"cmo_brand_profiles">, (typeof BRAND_COLUMNS)[number]>;
export type Segment = Pick<Row<"cmo_icp_segments">, (typeof SEGMENT_COLUMNS)[number]>;
export type Offer = Pick<Row<"cmo_offers">, (typeof OFFER_COLUMNS)[number]>;

export interface Foundation {
  readonly brand: Brand;
  readonly segments: readonly Segment[];
  readonly offers: readonly Offer[];
}

/** Throws `InputError` where no brand has been described yet: nothing could be said of it. */
export async function readFoundation(db: WorkspaceDb): Promise<Foundation> {
  const [brand, segments, offers] = await Promise.all([
    readBrand(db),
    readSegments(db),
    readOffers(db),
  ]);
  if (!brand) {
    throw new InputError(
      "This workspace has no brand profile yet. Run the setup (brand intake) first, then try again.",
    );
  }
  // Marketing sells what can be bought; the interview alone wants to know what there was.
  return { brand, segments, offers: offers.filter(({ status }) => status !== "archived") };
}

export async function readBrand(db: WorkspaceDb): Promise<Brand | null> {
  const [row] = await db.list("cmo_brand_profiles", {
    orderBy: [["created_at", "ascending"]],
    limit: 1,
  });
  return row ? pick(row, BRAND_COLUMNS) : null;
}

/** The most important first. */
export async function readSegments(db: WorkspaceDb): Promise<readonly Segment[]> {
  const rows = await db.list("cmo_icp_segments", {
    where: { is_active: true },
    orderBy: [
      ["is_primary", "descending"],
      ["priority_score", "descending"],
      ["created_at", "ascending"],
      ["id", "ascending"],
    ],
    limit: SEGMENTS_MAX,
  });
  return rows.map((row) => pick(row, SEGMENT_COLUMNS));
}

/** The flagship first. */
export async function readOffers(db: WorkspaceDb): Promise<readonly Offer[]> {
  const rows = await db.list("cmo_offers", {
    orderBy: [
      ["is_flagship", "descending"],
      ["created_at", "ascending"],
      ["id", "ascending"],
    ],
    limit: OFFERS_MAX,
  });
  return rows.map((row) => pick(row, OFFER_COLUMNS));
}
