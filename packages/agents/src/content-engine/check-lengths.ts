/** Finds texts that exceed the limits of their channel, and search ads that lack lines. */
import { doubt, type Finding, open } from "../agent/finding.ts";
import { CHANNEL_LIMITS, type Limit, SEARCH_AD_LINES } from "./channel-limits.ts";
import { measureText } from "./measure-text.ts";
import type { ContentEngineOutput } from "./schema.ts";

type Asset = ContentEngineOutput["assets"][number];

/** The values of placeholders: a link of the shortest real length, and the name of the offer. */
export interface Filled {
  readonly words: Intl.Segmenter;
  readonly offer: string;
}

const LINK = "https://example.com/a";

export function checkLengths(asset: Asset, path: string, filled: Filled): readonly Finding[] {
  const limits = CHANNEL_LIMITS[asset.channel];
  const tooLong = limits.flatMap((limit) => {
    const texts = textsOf(asset, limit.field);
    const longest =
      limit.unit === "count"
        ? texts.length
        : Math.max(0, ...texts.map((text) => lengthOf(text, { limit, asset, filled })));
    return longest > limit.max ? [tooLongFinding(asset, path, { limit, longest })] : [];
  });
  return asset.channel === "google_ads" ? [...tooLong, ...checkLines(asset, path)] : tooLong;
}

/** The lines of a body that begin with a label such as `Headline:`, in any markup. */
function linesOf(body: string, label: string): readonly string[] {
  const line = new RegExp(`^[\\s>*_#-]*${label}[\\s*_]*\\d*[\\s*_]*:[\\s*_]*(.*?)[\\s*_]*$`, "gim");
  return [...body.matchAll(line)].map(([, text = ""]) => text);
}

function textsOf(asset: Asset, field: Limit["field"]): readonly string[] {
  if (field === "title") return [asset.title];
  if (field === "body") return [asset.body];
  return field === "hashtags" ? asset.metadata.hashtags : linesOf(asset.body, field);
}

interface Measured {
  readonly limit: Limit;
  /** Its words have been counted. */
  readonly asset: Asset;
  readonly filled: Filled;
}

function lengthOf(text: string, { limit, asset, filled }: Measured): number {
  const { words, offer } = filled;
  const published = text
    .replaceAll("{{cta_url}}", LINK)
    .replaceAll("{{offer_name}}", offer || "offer_name")
    .replace(/\{\{(\w+)\}\}/g, "$1");
  // Counting words takes longer than everything else that is done with a long text.
  const isCounted = limit.unit === "words" && published === asset.body;
  const counted = isCounted ? asset.metadata.word_count : null;
  return counted ?? measureText(published, limit.unit, words);
}

interface TooLong {
  readonly limit: Limit;
  readonly longest: number;
}

const FIELD_WORDS = { title: "title", body: "body", hashtags: "list of hashtags" } as const;

function tooLongFinding(asset: Asset, path: string, { limit, longest }: TooLong): Finding {
  const { field, max, unit, basis } = limit;
  const what =
    field === "title" || field === "body" || field === "hashtags" ? FIELD_WORDS[field] : field;
  const units = unit === "words" || unit === "count" ? unit : "characters";
  const why = basis === "platform" ? `${asset.channel} takes` : "readers see";
  const place = field === "title" ? "title" : "body";
  // A platform refuses what is longer; what readers see is a rule of thumb.
  const find = basis === "platform" ? open : doubt;
  return find(
    "length",
    `${path}.${place}`,
    `The ${what} of ${asset.asset_id} has ${longest} ${units}; ${why} ${max}. Shorten it without losing its point.`,
  );
}

function checkLines(asset: Asset, path: string): readonly Finding[] {
  return Object.entries(SEARCH_AD_LINES).flatMap(([label, { min, max }]) => {
    const count = linesOf(asset.body, label).length;
    if (count >= min && count <= max) return [];
    return [
      open(
        "missing",
        `${path}.body`,
        `${asset.asset_id} has ${count} lines that begin with “${label}: ”; a search ad takes ${min} to ${max}.`,
      ),
    ];
  });
}
