/** The foundation of a workspace: its brand, its segments and its offers. */
import type { Row, WorkspaceDb } from "@cmo/shared/db";
import { InputError } from "../../agent/define-agent.ts";
import { type Room, takeWithin } from "../../prompt/take-within.ts";
import { pick } from "./pick.ts";

/** More rows are read than are used, so that those left out can be counted. */
const ROWS_MAX = 100;
/** A plan cannot serve more segments and offers. */
const SEGMENTS_ROOM: Room = { items: 20, characters: 24_000 };
/** The same for offers. */
const OFFERS_ROOM: Room = { items: 20, characters: 20_000 };

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
  "demographics",
  "psychographics",
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

/** The names that an answer may use, including those that did not fit into the prompt. */
export interface KnownNames {
  readonly segments: readonly string[];
  readonly offers: readonly string[];
}

export interface Foundation {
  readonly brand: Brand;
  readonly segments: readonly Segment[];
  readonly offers: readonly Offer[];
  readonly names: KnownNames;
  /** One sentence for each kind that did not fit completely. */
  readonly leftOut: readonly string[];
}

export async function readFoundation(db: WorkspaceDb): Promise<Foundation> {
  const { brand, segments, offers } = await readBasis(db);
  return { brand, ...excerpt(segments, offers) };
}

/**
 * The complete foundation, for callers that search it for one row. Throws `InputError` if no brand
 * has been described yet.
 */
export async function readBasis(db: WorkspaceDb) {
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
  // Only offers that can be bought are marketed; the interview reads the others, too.
  return { brand, segments, offers: offers.filter(({ status }) => status !== "archived") };
}

/** As many rows as fit into a prompt, and the names of the others. */
export function excerpt<Segments extends object, Offers extends object>(
  allSegments: readonly Segments[],
  allOffers: readonly Offers[],
) {
  const segments = takeWithin(allSegments, SEGMENTS_ROOM);
  const offers = takeWithin(allOffers, OFFERS_ROOM);
  return {
    segments,
    offers,
    names: {
      segments: namesIn(allSegments, "segment_name"),
      offers: namesIn(allOffers, "offer_name"),
    },
    leftOut: [
      ...leftOutOf(allSegments, segments, "segment"),
      ...leftOutOf(allOffers, offers, "offer"),
    ],
  };
}

function namesIn(rows: readonly object[], column: string): readonly string[] {
  return rows
    .map((row) => new Map<string, unknown>(Object.entries(row)).get(column))
    .filter((name) => typeof name === "string");
}

function leftOutOf(all: readonly object[], shown: readonly object[], kind: string) {
  const count = all.length - shown.length;
  if (count === 0) return [];
  const amount = all.length >= ROWS_MAX ? `At least ${count}` : String(count);
  return [
    `${amount} further ${kind}${count === 1 ? " is" : "s are"} not shown; the most important ones come first.`,
  ];
}

export async function readBrand(db: WorkspaceDb): Promise<Brand | null> {
  const [row] = await db.list("cmo_brand_profiles", {
    orderBy: [["created_at", "ascending"]],
    limit: 1,
  });
  return row ? pick(row, BRAND_COLUMNS) : null;
}

/** The most important first, then the newest. */
export async function readSegments(db: WorkspaceDb): Promise<readonly Segment[]> {
  const rows = await db.list("cmo_icp_segments", {
    where: { is_active: true },
    orderBy: [
      ["is_primary", "descending"],
      ["priority_score", "descending"],
      ["created_at", "descending"],
      ["id", "ascending"],
    ],
    limit: ROWS_MAX,
  });
  return rows.map((row) => pick(row, SEGMENT_COLUMNS));
}

/** The flagship first, then the newest; offers that are no longer sold come last. */
export async function readOffers(db: WorkspaceDb): Promise<readonly Offer[]> {
  const rows = await db.list("cmo_offers", {
    orderBy: [
      ["is_flagship", "descending"],
      ["created_at", "descending"],
      ["id", "ascending"],
    ],
    limit: ROWS_MAX,
  });
  const offers = rows.map((row) => pick(row, OFFER_COLUMNS));
  return offers.toSorted((a, b) => Number(b.status === "active") - Number(a.status === "active"));
}
