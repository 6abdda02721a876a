/** Fits the blocks of an interview turn to what is known: names, addresses, ranges and firsts. */
import { fixed, fixedIf } from "../agent/finding.ts";
import { type Fitted, fitted } from "../agent/fitted.ts";
import { fitNames, toKey } from "../marketing/fit-names.ts";
import type { BrandIntakeContext } from "./context.ts";
import type { Brand, Offer, Segment } from "./schema.ts";

type Range = Segment["budget_range"];

export function fitBrand(brand: Brand): Fitted<Brand> {
  const logo = fitUrl(brand.logo_url, "brand.logo_url");
  const website = fitUrl(brand.website_url, "brand.website_url");
  return {
    value: { ...brand, logo_url: logo.value, website_url: website.value },
    findings: [...logo.findings, ...website.findings],
  };
}

/** Adds a missing scheme; a text that is no address is left out. */
function fitUrl(given: string | null, path: string): Fitted<string | null> {
  if (given === null || isUrl(given)) return fitted(given);
  const completed = `https://${given}`;
  if (isUrl(completed)) return fitted(completed, fixed("shape", path, "Written with https://."));
  return fitted(null, fixed("shape", path, "Left out: it is not a valid address."));
}

function isUrl(text: string): boolean {
  return /^https?:\/\/[^\s/.]+(?:\.[^\s/.]+)+(?:[/?#]\S*)?$/i.test(text) && URL.canParse(text);
}

export function fitSegment(
  given: Segment,
  { names, workspace }: BrandIntakeContext,
  is_primary: boolean,
): Fitted<Segment> {
  const name = asKnown(given.segment_name, names.segments);
  const range = fitRange(given.budget_range, workspace.currency, "icp.budget_range");
  return fitted(
    {
      ...given,
      segment_name: name.value,
      budget_range: range.value,
      is_primary,
    },
    ...fixedIf(
      is_primary !== given.is_primary,
      "missing",
      "icp.is_primary",
      "The first segment is the primary one, and no other.",
    ),
    ...name.findings,
    ...range.findings,
  );
}

/** What an offer's turn decides. */
interface OfTurn {
  readonly segmentsOfTurn: readonly Segment[];
  readonly is_flagship: boolean;
}

export function fitOffer(
  given: Offer,
  { names, workspace }: BrandIntakeContext,
  { segmentsOfTurn, is_flagship }: OfTurn,
): Fitted<Offer> {
  const known = [...names.segments, ...segmentsOfTurn.map(({ segment_name }) => segment_name)];
  const name = asKnown(given.offer_name, names.offers);
  const segments = knownOnly(given.target_segments, known);
  const range = fitRange(given.price_range, workspace.currency, "offer.price_range");
  return fitted(
    {
      ...given,
      offer_name: name.value,
      target_segments: segments.value,
      price_range: range.value,
      is_flagship,
    },
    ...fixedIf(
      is_flagship !== given.is_flagship,
      "missing",
      "offer.is_flagship",
      "The first offer is the flagship, and no other.",
    ),
    ...name.findings,
    ...segments.findings,
    ...range.findings,
  );
}

/** The index of the one that leads: the first that says so, else the first ever. */
export function leaderOf<Block>(
  blocks: readonly Block[],
  leads: (block: Block) => boolean,
  known: readonly string[],
): number {
  const claimed = blocks.findIndex(leads);
  return claimed < 0 && known.length === 0 ? 0 : claimed;
}

/** A segment or an offer that is described again keeps its name, so that it is not duplicated. */
function asKnown(name: string, known: readonly string[]): Fitted<string> {
  const found = known.includes(name) ? name : known.find((one) => toKey(one) === toKey(name));
  if (found === undefined || found === name) return fitted(name);
  return fitted(found, fixed("reference", "", `“${name}” is known as “${found}”.`));
}

function knownOnly(given: string[], known: readonly string[]): Fitted<string[]> {
  const path = "offer.target_segments";
  const keys = known.map(toKey);
  const kept = given.filter((name) => keys.includes(toKey(name)));
  const isShorter = kept.length < given.length;
  const message = "Segments that are not known yet were left out.";
  const { value, findings } = fitNames(kept, { kind: "segment", known, path });
  return fitted(value, ...fixedIf(isShorter, "reference", path, message), ...findings);
}

const SIGNS: Readonly<Record<string, string>> = { "€": "EUR", "£": "GBP", "¥": "JPY" };

/** The dollar is that of the workspace, if it has one. */
function codeOf(given: string | null, own: string): string {
  if (given === null) return own;
  const sign = given.trim();
  if (sign === "$") return own.endsWith("D") ? own : "USD";
  return SIGNS[sign] ?? sign;
}

function fitRange(given: Range, currency: string, path: string): Fitted<Range> {
  if (given === null || (given.min === null && given.max === null)) return fitted(given);
  const isReversed = given.min !== null && given.max !== null && given.min > given.max;
  const range = {
    min: isReversed ? given.max : given.min,
    max: isReversed ? given.min : given.max,
    currency: codeOf(given.currency, currency),
  };
  const isAssumed = given.currency === null;
  return fitted(
    range,
    ...fixedIf(isReversed, "order", path, "Reordered: the lower end comes first."),
    ...fixedIf(isAssumed, "missing", `${path}.currency`, "Set to the workspace's currency."),
  );
}
