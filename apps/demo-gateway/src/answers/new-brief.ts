/** The subject of all scripted answers: the brand, its main segment and its main offer. */
import { channelOf } from "./channel-of.ts";
import type { Facts } from "./read-facts.ts";

export interface Brief {
  readonly brand: string;
  /** The brand's promise, or a general one. */
  readonly promise: string;
  /** Exact names, the most important first. Empty if the workspace has none. */
  readonly segmentNames: readonly string[];
  readonly offerNames: readonly string[];
  /** The first segment's name; empty if there is none. */
  readonly segment: string;
  readonly offer: string;
  /** The same, never empty, for use in a sentence. */
  readonly audience: string;
  readonly product: string;
  readonly pain: string;
  readonly wish: string;
  readonly objection: string;
  readonly benefit: string;
  readonly tone: string;
  /** Up to four channels that reach the segments. */
  readonly channels: readonly string[];
}

const USUAL_CHANNELS = ["Email", "LinkedIn", "Blog", "Search ads"];
const CHANNELS_MAX = 4;
/** A longer one would dominate the text. */
const PAIN_MAX = 120;

export function newBrief({ brand, workspace, segments, offers }: Facts): Brief {
  const segment = segments.find((one) => one.is_primary) ?? segments[0];
  const offer = offers.find((one) => one.is_flagship) ?? offers[0];
  const preferred = segments.flatMap((one) => one.preferred_channels);
  const name = brand.brand_name || workspace.name || "Your brand";
  return {
    brand: name,
    promise: brand.unique_value_proposition || `${name} keeps what it promises`,
    segmentNames: namesFirst(
      segment?.segment_name,
      segments.map((one) => one.segment_name),
    ),
    offerNames: namesFirst(
      offer?.offer_name,
      offers.map((one) => one.offer_name),
    ),
    segment: segment?.segment_name ?? "",
    offer: offer?.offer_name ?? "",
    audience: segment?.segment_name ?? "the people it serves best",
    product: offer?.offer_name ?? `what ${name} offers`,
    pain: clip(segment?.pain_points[0] ?? "too little time for what matters", PAIN_MAX),
    wish: segment?.goals[0] ?? "a result that lasts",
    objection: segment?.objections[0] ?? "not knowing whether it is worth it",
    benefit: offer?.key_benefits[0] ?? brand.key_differentiators[0] ?? "less effort every week",
    tone: brand.brand_tone || "clear and friendly",
    channels: chooseChannels(preferred),
  };
}

/** The first distinct channels, or the usual ones if none is named. */
export function chooseChannels(wished: readonly string[]): readonly string[] {
  const keys = wished.map(
    (name) => channelOf(name) ?? name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, ""),
  );
  const different = wished.filter((_, i) => keys.indexOf(keys[i] ?? "") === i);
  return (different.length > 0 ? different : USUAL_CHANNELS).slice(0, CHANNELS_MAX);
}

/** The n-th item, modulo the length. */
export function nth(items: readonly string[], n: number): string {
  return items[n % Math.max(1, items.length)] ?? "";
}

/** Cuts a text to a number of characters without splitting one. */
export function clip(text: string, max: number): string {
  const characters = Array.from(text.trim());
  return characters.length > max
    ? `${characters
        .slice(0, max - 1)
        .join("")
        .trimEnd()}…`
    : text.trim();
}

/** The same for channels that count East Asian characters and emoji twice. */
export function clipWide(text: string, max: number): string {
  let width = 0;
  const fitting = Array.from(text.trim()).filter((character) => {
    width += (character.codePointAt(0) ?? 0) > 4351 ? 2 : 1;
    return width <= max - 2;
  });
  return width <= max - 2 ? text.trim() : `${fitting.join("").trimEnd()}…`;
}

function namesFirst(first: string | undefined, names: readonly string[]): readonly string[] {
  return [...new Set(first === undefined ? names : [first, ...names])];
}
