/**
 * Compares the lengths of texts with what the request asks for, what their channel takes and what is
 * usual on it, and finds search ads that lack lines. What the request asks for counts more than what
 * is usual; what the channel takes counts more than both.
 */
import { doubt, type Finding, open } from "../agent/finding.ts";
import { matchChannel } from "../marketing/match-channel.ts";
import type { AskedLength } from "./asked-lengths.ts";
import { CHANNEL_LIMITS, type Limit, SEARCH_AD_LINES } from "./channel-limits.ts";
import { formOf } from "./content-channel.ts";
import { measureText } from "./measure-text.ts";
import type { ContentEngineOutput } from "./schema.ts";

type Asset = ContentEngineOutput["assets"][number];

/** The values of placeholders: a link of the shortest real length, and the name of the offer. */
export interface Filled {
  readonly words: Intl.Segmenter;
  readonly offer: string;
  readonly asked: AskedLengths;
}

interface AskedLengths {
  readonly channels: readonly string[] | null;
  readonly lengths: readonly AskedLength[];
}

/** “About 150 words” is met by texts that are as much shorter or longer. */
const LEEWAY = 0.25;
/** Letters and spaces of a word, in languages with short words. */
const CHARACTERS_PER_WORD = 5;
/** Texts shorter than this share of what is usual are told. */
const FAR_TOO_SHORT = 0.25;

const LINK = "https://example.com/a";

export function checkLengths(asset: Asset, path: string, filled: Filled): readonly Finding[] {
  const form = formOf(asset.channel);
  const limits = form === null ? [] : CHANNEL_LIMITS[form];
  const wished = wishFor(asset.channel, filled.asked);
  const isWished = ({ field, unit }: Limit) =>
    field === "body" && unit === "words" && filled.asked.lengths.length > 0 && wished !== "other";
  const wrong = limits
    .filter((limit) => !isWished(limit))
    .flatMap((limit) => checkLimit(asset, path, { limit, filled }));
  const unlike =
    wished === null || wished === "other" ? [] : checkWish(asset, path, { wished, limits, filled });
  return [...wrong, ...unlike, ...(form === "google_ads" ? checkLines(asset, path) : [])];
}

/**
 * The length that was asked for on a channel; null if it is not clear whether one was, `other` if the
 * lengths are all of other channels.
 */
function wishFor(name: string, { channels, lengths }: AskedLengths): AskedLength | "other" | null {
  const form = formOf(name) ?? name;
  const named = lengths.find(({ channel }) => channel !== null && isSame(channel, form));
  const ofAny = lengths.find(({ channel }) => channel === null);
  if (named) return named;
  if (!ofAny) return "other";
  // Which of several channels an article of so many words is for, only its author knows.
  return channels?.length === 1 ? ofAny : null;
}

function isSame(one: string, other: string): boolean {
  return matchChannel(one, [other]) !== null;
}

function checkLimit(
  asset: Asset,
  path: string,
  { limit, filled }: { readonly limit: Limit; readonly filled: Filled },
): readonly Finding[] {
  const texts = textsOf(asset, limit.field);
  const longest =
    limit.unit === "count"
      ? texts.length
      : Math.max(0, ...texts.map((text) => lengthOf(text, { limit, asset, filled })));
  if (longest > limit.max) return [tooLongFinding(asset, path, { limit, longest })];
  if (limit.from === undefined || longest >= limit.from * FAR_TOO_SHORT) return [];
  const message = `The body of ${asset.asset_id} has ${longest} words; ${limit.from} to ${limit.max} are usual for ${asset.channel}.`;
  return [doubt("length", `${path}.body`, message)];
}

interface Wish {
  readonly wished: AskedLength;
  readonly limits: readonly Limit[];
  readonly filled: Filled;
}

/** A wish that the channel cannot take is only told. */
function checkWish(asset: Asset, path: string, { wished, limits, filled }: Wish): Finding[] {
  const count = asset.metadata.word_count || measureText(asset.body, "words", filled.words);
  const [least, most] = [wished.from * (1 - LEEWAY), wished.to * (1 + LEEWAY)];
  if (count >= least && count <= most) return [];
  const room = limits.find(({ field, unit }) => field === "body" && unit !== "words");
  const isPossible = room === undefined || wished.from * CHARACTERS_PER_WORD <= room.max;
  const message = `The body of ${asset.asset_id} has ${count} words; the request asks for “${wished.written}”.`;
  const tell = isPossible ? open : doubt;
  return [tell("length", `${path}.body`, message)];
}

/** The lines of a body that begin with a label such as `Headline:`, in any markup. */
function linesOf(body: string, label: string): readonly string[] {
  const line = new RegExp(`^[\\s>*_#-]*${label}[\\s*_]*\\d*[\\s*_]*:[\\s*_]*(.*?)[\\s*_]*$`, "gim");
  return [...body.matchAll(line)].map(([, text = ""]) => text);
}

function textsOf(asset: Asset, field: Limit["field"]): readonly string[] {
  if (field === "title") return [asset.title];
  if (field === "body") return [asset.body];
  if (field === "Headline" || field === "Description") return linesOf(asset.body, field);
  return [asset.metadata[field] ?? []].flat();
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

function tooLongFinding(asset: Asset, path: string, { limit, longest }: TooLong): Finding {
  const { field, max, unit, basis } = limit;
  const what = field === "hashtags" ? "list of hashtags" : field;
  const units = unit === "words" || unit === "count" ? unit : "characters";
  const place = placeOf(field);
  const has = `The ${what} of ${asset.asset_id} has ${longest} ${units}`;
  return basis === "platform"
    ? open(
        "length",
        `${path}.${place}`,
        `${has}; ${asset.channel} takes ${max}. Shorten it without losing its point.`,
      )
    : doubt("length", `${path}.${place}`, `${has}; up to ${max} are usual for ${asset.channel}.`);
}

function placeOf(field: Limit["field"]): string {
  if (field === "title") return field;
  const isInBody = field === "body" || field === "Headline" || field === "Description";
  return isInBody ? "body" : `metadata.${field}`;
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
