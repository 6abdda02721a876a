/**
 * What the workspace has published: texts that show how the brand speaks, and what the variants that
 * were measured have reached. Texts of the asked channels come first, then the newest.
 */
import type { Row, WorkspaceDb } from "@cmo/shared/db";
import { type Room, takeWithin } from "../../prompt/take-within.ts";
import { matchChannel } from "../match-channel.ts";

/** More texts show no more of a voice, and cost tokens. */
const EXAMPLES = 3;
/** The beginning of a text shows how it speaks. */
const EXAMPLE_CHARS = 1_200;
const ASSETS_READ = 60;
const VARIANTS_READ = 200;
/** Variants with results that the prompt has room for. */
const RESULTS_ROOM: Room = { items: 12, characters: 4_000 };

type Asset = Row<"cmo_content_assets">;
type Variant = Row<"cmo_content_variants">;

interface Example {
  readonly channel: string | null;
  readonly title: string | null;
  readonly text: string;
}

type Result = Pick<
  Variant,
  "variant_type" | "subject_line" | "headline" | "cta_text" | "is_winner" | "performance_metrics"
> & { readonly channel: string | null };

export interface Published {
  readonly examples: readonly Example[];
  readonly results: readonly Result[];
}

/** Null for a workspace that has published and measured nothing. */
export async function readPublished(
  db: WorkspaceDb,
  channels: readonly string[],
): Promise<Published | null> {
  const assets = await db.list("cmo_content_assets", {
    among: ["status", ["published", "active", "completed"]],
    orderBy: [
      ["updated_at", "descending"],
      ["id", "ascending"],
    ],
    limit: ASSETS_READ,
  });
  const variants = await db.list("cmo_content_variants", {
    among: ["asset_id", assets.map(({ id }) => id)],
    orderBy: [
      ["updated_at", "descending"],
      ["id", "ascending"],
    ],
    limit: VARIANTS_READ,
  });
  const isAsked = ({ channel }: Asset) => matchChannel(channel ?? "", channels) !== null;
  const ordered = [...assets.filter(isAsked), ...assets.filter((asset) => !isAsked(asset))];
  const published = {
    examples: ordered.flatMap((asset) => toExample(asset, variants)).slice(0, EXAMPLES),
    results: takeWithin(
      ordered.flatMap((asset) => resultsOf(asset, variants)),
      RESULTS_ROOM,
    ),
  };
  return published.examples.length + published.results.length > 0 ? published : null;
}

/** Of an asset's variants, the one that won, else the first. */
function toExample(asset: Asset, variants: readonly Variant[]): readonly Example[] {
  const own = variantsOf(asset, variants).toSorted(
    (a, b) =>
      Number(b.is_winner === true) - Number(a.is_winner === true) ||
      (a.variant_type ?? "").localeCompare(b.variant_type ?? ""),
  );
  const [shown] = own.filter(({ body_content }) => (body_content ?? "").trim() !== "");
  if (!shown) return [];
  const text = (shown.body_content ?? "").slice(0, EXAMPLE_CHARS);
  return [{ channel: asset.channel, title: shown.subject_line ?? shown.headline, text }];
}

function resultsOf(asset: Asset, variants: readonly Variant[]): readonly Result[] {
  return variantsOf(asset, variants)
    .filter(
      ({ is_winner, performance_metrics }) => is_winner === true || !isEmpty(performance_metrics),
    )
    .map(({ variant_type, subject_line, headline, cta_text, is_winner, performance_metrics }) => ({
      channel: asset.channel,
      variant_type,
      subject_line,
      headline,
      cta_text,
      is_winner,
      performance_metrics,
    }));
}

function variantsOf({ id }: Asset, variants: readonly Variant[]): readonly Variant[] {
  return variants.filter(({ asset_id }) => asset_id === id);
}

function isEmpty(value: unknown): boolean {
  return typeof value !== "object" || value === null || Object.keys(value).length === 0;
}
