/**
 * The interview's exact side: blocks that a team can start from, under the names that are known,
 * and how far the interview is. What is not enough yet is left out and asked for in the next turn:
 * sent back to the model, it would be invented.
 */
import type { Finished } from "../agent/define-agent.ts";
import { type Finding, fixed } from "../agent/finding.ts";
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
  const told: Finding[] = [];
  const { icp: segment, offer, brand, ...prose } = answer;
  const icp = segment && isReady(answer, segment, told) ? fitSegment(segment, context, told) : null;
  const output = {
    ...prose,
    ...(brand && { brand: fitBrand(brand, told) }),
    ...(icp && { icp }),
    ...(offer && { offer: fitOffer(offer, icp, { context, told }) }),
  };
  const progress = progressAfter(output, context);
  return {
    output: { ...output, progress },
    findings: told,
    progress: { percent: progress.percent, done: progress.known },
  };
}

/** An answer that would say nothing without its segment keeps it. */
function isReady(answer: BrandIntakeAnswer, segment: Segment, told: Finding[]): boolean {
  if (answer.message === "" && !answer.brand && !answer.offer) return true;
  const missing = Object.entries(SEGMENT_MINIMA).flatMap(([column, least]) => {
    const count = new Map<string, unknown>(Object.entries(segment)).get(column);
    return Array.isArray(count) && count.length < least ? [`${least} ${column}`] : [];
  });
  if (missing.length === 0) return true;
  told.push(fixed("missing", "icp", `Left out until it has at least ${missing.join(", ")}.`));
  return false;
}

function fitBrand(brand: Brand, told: Finding[]): Brand {
  return {
    ...brand,
    logo_url: fitUrl(brand.logo_url, "brand.logo_url", told),
    website_url: fitUrl(brand.website_url, "brand.website_url", told),
  };
}

/** People leave the scheme out; what is no address at all is not saved as one. */
function fitUrl(given: string | null, path: string, told: Finding[]): string | null {
  if (given === null || isUrl(given)) return given;
  const completed = `https://${given}`;
  const url = isUrl(completed) ? completed : null;
  told.push(fixed("shape", path, url ? "Written with https://." : "Left out: it is no address."));
  return url;
}

function isUrl(text: string): boolean {
  return /^https?:\/\/[^\s/.]+(?:\.[^\s/.]+)+(?:[/?#]\S*)?$/i.test(text) && URL.canParse(text);
}

function fitSegment(given: Segment, context: BrandIntakeContext, told: Finding[]): Segment {
  const { names, workspace } = context;
  const isFirst = names.segments.length === 0;
  if (isFirst && !given.is_primary) {
    told.push(fixed("missing", "icp.is_primary", "The first segment is the primary one."));
  }
  return {
    ...given,
    segment_name: asKnown(given.segment_name, names.segments, told),
    budget_range: fitRange(given.budget_range, workspace.currency, {
      path: "icp.budget_range",
      told,
    }),
    is_primary: given.is_primary || isFirst,
  };
}

interface Fitting {
  readonly context: BrandIntakeContext;
  readonly told: Finding[];
}

function fitOffer(given: Offer, icp: Segment | null, { context, told }: Fitting): Offer {
  const { names, workspace } = context;
  const isFirst = names.offers.length === 0;
  if (isFirst && !given.is_flagship) {
    told.push(fixed("missing", "offer.is_flagship", "The first offer is the flagship."));
  }
  const segments = icp ? [...names.segments, icp.segment_name] : names.segments;
  return {
    ...given,
    offer_name: asKnown(given.offer_name, names.offers, told),
    target_segments: knownOnly(given.target_segments, segments, told),
    price_range: fitRange(given.price_range, workspace.currency, {
      path: "offer.price_range",
      told,
    }),
    is_flagship: given.is_flagship || isFirst,
  };
}

/** A segment or an offer that is told of again keeps its name, so that it does not double. */
function asKnown(name: string, known: readonly string[], told: Finding[]): string {
  const found = known.includes(name) ? name : known.find((one) => toKey(one) === toKey(name));
  if (found === undefined || found === name) return name;
  told.push(fixed("reference", "", `“${name}” is known as “${found}”.`));
  return found;
}

function knownOnly(given: string[], known: readonly string[], told: Finding[]): string[] {
  const path = "offer.target_segments";
  const keys = known.map(toKey);
  const kept = given.filter((name) => keys.includes(toKey(name)));
  if (kept.length < given.length) {
    told.push(fixed("reference", path, "Segments that are not known yet were left out."));
  }
  return fitNames(kept, { kind: "segment", known, path, told });
}

interface Place {
  readonly path: string;
  readonly told: Finding[];
}

function fitRange(given: Range, currency: string, { path, told }: Place): Range {
  if (given === null || (given.min === null && given.max === null)) return given;
  const isTurned = given.min !== null && given.max !== null && given.min > given.max;
  const range = {
    min: isTurned ? given.max : given.min,
    max: isTurned ? given.min : given.max,
    currency: given.currency ?? currency,
  };
  if (isTurned) told.push(fixed("order", path, "The lower end stands first."));
  if (given.currency === null) {
    told.push(fixed("missing", `${path}.currency`, "Taken to be the workspace's."));
  }
  return range;
}

/** Of the part that the conversation was in, with what this turn has added. */
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

/** What a block leaves open empties nothing that is known. */
function withContent(block: object): object {
  return Object.fromEntries(
    Object.entries(block).filter(
      ([, value]) => value !== null && !(Array.isArray(value) && value.length === 0),
    ),
  );
}
