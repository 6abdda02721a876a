/**
 * Finishes a turn of the interview: complete blocks under known names, and the progress.
 *
 * An incomplete segment is left out and asked for in the next turn. Sent back to the model, it
 * would be completed with inventions.
 */
import type { Finished } from "../agent/define-agent.ts";
import { fixed, fixedIf } from "../agent/finding.ts";
import { type Fitted, fitted } from "../agent/fitted.ts";
import { fitNames, toKey } from "../marketing/fit-names.ts";
import type { BrandIntakeContext } from "./context.ts";
import { intakeProgress, SEGMENT_MINIMA } from "./intake-progress.ts";
import type { BrandIntakeAnswer, IntakeProgress } from "./schema.ts";

type Brand = NonNullable<BrandIntakeAnswer["brand"]>;
type Segment = NonNullable<BrandIntakeAnswer["icp"]>;
type Offer = NonNullable<BrandIntakeAnswer["offer"]>;
type Range = Segment["budget_range"];

export function finishIntake(
  answer: BrandIntakeAnswer,
  context: BrandIntakeContext,
): Finished<BrandIntakeAnswer & { progress: IntakeProgress }> {
  const { icp: segment, offer: givenOffer, brand: givenBrand, ...prose } = answer;
  const icp = segment && fitReadySegment(answer, segment, context);
  const brand = givenBrand && fitBrand(givenBrand);
  const offer = givenOffer && fitOffer(givenOffer, icp?.value ?? null, context);
  const output = {
    ...prose,
    ...(brand && { brand: brand.value }),
    ...(icp?.value && { icp: icp.value }),
    ...(offer && { offer: offer.value }),
  };
  const progress = progressAfter(output, context);
  return {
    output: { ...output, progress },
    findings: [icp, brand, offer].flatMap((block) => block?.findings ?? []),
    progress: { percent: progress.percent, done: progress.known },
  };
}

/** Null for a segment that is left out. */
function fitReadySegment(
  answer: BrandIntakeAnswer,
  segment: Segment,
  context: BrandIntakeContext,
): Fitted<Segment | null> {
  const missing = missingEntries(segment);
  // A segment that is the whole answer stays: without it the answer would be empty.
  const isWholeAnswer = answer.message === "" && !answer.brand && !answer.offer;
  if (missing.length === 0 || isWholeAnswer) return fitSegment(segment, context);
  const message = `Left out until it has at least ${missing.join(", ")}.`;
  return fitted(null, fixed("missing", "icp", message));
}

function missingEntries(segment: Segment): readonly string[] {
  return Object.entries(SEGMENT_MINIMA).flatMap(([column, least]) => {
    const entries = new Map<string, unknown>(Object.entries(segment)).get(column);
    return Array.isArray(entries) && entries.length < least ? [`${least} ${column}`] : [];
  });
}

function fitBrand(brand: Brand): Fitted<Brand> {
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

function fitSegment(given: Segment, { names, workspace }: BrandIntakeContext): Fitted<Segment> {
  const isFirst = names.segments.length === 0;
  const name = asKnown(given.segment_name, names.segments);
  const range = fitRange(given.budget_range, workspace.currency, "icp.budget_range");
  return fitted(
    {
      ...given,
      segment_name: name.value,
      budget_range: range.value,
      is_primary: given.is_primary || isFirst,
    },
    ...fixedIf(
      isFirst && !given.is_primary,
      "missing",
      "icp.is_primary",
      "The first segment is the primary one.",
    ),
    ...name.findings,
    ...range.findings,
  );
}

function fitOffer(
  given: Offer,
  icp: Segment | null,
  { names, workspace }: BrandIntakeContext,
): Fitted<Offer> {
  const isFirst = names.offers.length === 0;
  const known = icp ? [...names.segments, icp.segment_name] : names.segments;
  const name = asKnown(given.offer_name, names.offers);
  const segments = knownOnly(given.target_segments, known);
  const range = fitRange(given.price_range, workspace.currency, "offer.price_range");
  return fitted(
    {
      ...given,
      offer_name: name.value,
      target_segments: segments.value,
      price_range: range.value,
      is_flagship: given.is_flagship || isFirst,
    },
    ...fixedIf(
      isFirst && !given.is_flagship,
      "missing",
      "offer.is_flagship",
      "The first offer is the flagship.",
    ),
    ...name.findings,
    ...segments.findings,
    ...range.findings,
  );
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

function fitRange(given: Range, currency: string, path: string): Fitted<Range> {
  if (given === null || (given.min === null && given.max === null)) return fitted(given);
  const isReversed = given.min !== null && given.max !== null && given.min > given.max;
  const range = {
    min: isReversed ? given.max : given.min,
    max: isReversed ? given.min : given.max,
    currency: given.currency ?? currency,
  };
  const isAssumed = given.currency === null;
  return fitted(
    range,
    ...fixedIf(isReversed, "order", path, "Reordered: the lower end comes first."),
    ...fixedIf(isAssumed, "missing", `${path}.currency`, "Set to the workspace's currency."),
  );
}

/** The progress of the current part, including what this turn has added. */
function progressAfter(
  { brand, icp, offer }: BrandIntakeAnswer,
  { known, progress }: BrandIntakeContext,
): IntakeProgress {
  return intakeProgress(progress.step, {
    brand: brand ? { ...known.brand, ...withContent(brand) } : known.brand,
    segments: laidOver(known.segments, icp, "segment_name"),
    offers: laidOver(known.offers, offer, "offer_name"),
  });
}

function laidOver(
  known: readonly object[],
  block: object | undefined,
  column: string,
): readonly object[] {
  if (!block) return known;
  const nameOf = (row: object) => new Map<string, unknown>(Object.entries(row)).get(column);
  const same = known.find((row) => nameOf(row) === nameOf(block));
  return [...known, { ...same, ...withContent(block) }];
}

/** An absent value of a block does not replace a known one. */
function withContent(block: object): object {
  return Object.fromEntries(
    Object.entries(block).filter(
      ([, value]) => value !== null && !(Array.isArray(value) && value.length === 0),
    ),
  );
}
