/** Checks that each channel has an A and a B that differ, of the requested content types. */
import { doubt, type Finding, open } from "../agent/finding.ts";
import { toKey } from "../marketing/fit-names.ts";
import type { ContentEngineContext } from "./context.ts";
import { type Asset, type Pair, pairVariants } from "./pair-variants.ts";

/** The placeholders that are filled in when a text is sent. */
const PLACEHOLDERS: ReadonlySet<string> = new Set([
  "first_name",
  "company",
  "industry",
  "job_title",
  "offer_name",
  "pain_point",
  "benefit",
  "cta_url",
]);

/** Variants that share more words are too similar for a test. */
const SAME_WORDS = 0.9;

export function checkVariants(
  assets: readonly Asset[],
  context: ContentEngineContext,
): readonly Finding[] {
  return [
    ...uncovered(assets, context),
    ...pairVariants(assets).flatMap((pair) => checkPair(pair, assets)),
    ...assets.flatMap((asset, i) => checkAsset(asset, `assets[${i}]`, context)),
  ];
}

function uncovered(assets: readonly Asset[], { asked }: ContentEngineContext): readonly Finding[] {
  return (asked.channels ?? [])
    .filter((channel) => assets.every((asset) => asset.channel !== channel))
    .map((channel) =>
      open(
        "missing",
        "assets",
        `There is nothing for ${channel}. Write a variant A and a variant B.`,
      ),
    );
}

function checkPair({ a, b }: Pair, assets: readonly Asset[]): readonly Finding[] {
  const [one, missing] = a ? [a, "B"] : [b, "A"];
  if (!a || !b) {
    const message = `${one?.asset_id ?? ""} has no variant ${missing}. Write the one that it is tested against.`;
    return [open("missing", `assets[${indexOf(one, assets)}]`, message)];
  }
  if (likeness(a, b) < SAME_WORDS) return [];
  const message = `${b.asset_id} says the same as ${a.asset_id}. Let B test one idea against A, such as another opening or benefit.`;
  return [doubt("duplicate", `assets[${indexOf(b, assets)}].body`, message)];
}

function indexOf(asset: Asset | null, assets: readonly Asset[]): number {
  return asset ? assets.indexOf(asset) : -1;
}

/** The share of words that two texts have in common. */
function likeness(a: Asset, b: Asset): number {
  const [first, second] = [wordsOf(a), wordsOf(b)];
  const common = [...first].filter((word) => second.has(word)).length;
  const all = first.size + second.size - common;
  return all === 0 ? 1 : common / all;
}

function wordsOf({ title, body }: Asset): ReadonlySet<string> {
  return new Set(
    toKey(`${title} ${body}`)
      .split(" ")
      .filter((word) => word !== ""),
  );
}

function checkAsset(
  { asset_id, asset_type, title, body, metadata }: Asset,
  path: string,
  { asked }: ContentEngineContext,
): readonly Finding[] {
  const findings: Finding[] = [];
  if (metadata.cta === "") {
    const message = `Say in ${asset_id} what its reader is asked to do.`;
    findings.push(open("missing", `${path}.metadata.cta`, message));
  }
  const strange = [...`${title}\n${body}`.matchAll(/\{\{\s*([^{}]*?)\s*\}\}/g)].find(
    ([, name = ""]) => !PLACEHOLDERS.has(name),
  );
  if (strange) {
    const message = `${strange[0]} in ${asset_id} is not a known placeholder. Use one of these, or words: ${[...PLACEHOLDERS].join(", ")}.`;
    findings.push(open("reference", `${path}.body`, message));
  }
  if (
    asked.contentTypes.length > 0 &&
    !asked.contentTypes.some((type) => isKind(asset_type, type))
  ) {
    const message = `${asset_id} is a “${asset_type}”. Write one of these, and name it so: ${asked.contentTypes.join(", ")}.`;
    findings.push(open("asked", `${path}.asset_type`, message));
  }
  return findings;
}

/** “Newsletters” and “weekly newsletter” are the same kind. */
function isKind(given: string, asked: string): boolean {
  const [one, other] = [toKey(given), toKey(asked)];
  return (
    one === other || (one !== "" && other.includes(one)) || (other !== "" && one.includes(other))
  );
}
