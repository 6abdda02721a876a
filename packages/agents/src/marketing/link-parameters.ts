/**
 * The UTM parameters of links, by which analytics tell where a visitor came from. They are made here and
 * not by a model, so that all links of a channel have the same words.
 */
import { channelKey } from "./channel-key.ts";
import { toSlug } from "./to-slug.ts";

export interface LinkParameters {
  readonly utm_source: string;
  readonly utm_medium: string;
  /** Null for a link that belongs to no campaign. */
  readonly utm_campaign: string | null;
}

interface Channel {
  readonly channel_name: string;
  readonly channel_type?: string | null;
}

const SOCIAL: ReadonlySet<string> = new Set([
  "linkedin",
  "facebook",
  "instagram",
  "twitter",
  "youtube",
  "tiktok",
  "pinterest",
  "whatsapp",
  "video_script",
]);

/** Where analytics know another word than the vocabulary. */
const SOURCES: Readonly<Record<string, string>> = { google_ads: "google", video_script: "video" };
/** The words of analytics for types of channels. */
const MEDIA: Readonly<Record<string, string>> = {
  paid: "paid",
  earned: "referral",
  owned: "owned",
  organic: "organic",
};
const IN_ADS = /(?<!\p{L})ads?(?!\p{L})|anzeigen?|werbung|anuncios?|publicités?/iu;

export function linkParameters(channel: Channel, campaignName: string | null): LinkParameters {
  const key = channelKey(channel.channel_name);
  return {
    utm_source: SOURCES[key] ?? (toSlug(key.replaceAll("_", " ")) || "other"),
    utm_medium: mediumOf(key, channel),
    utm_campaign: (campaignName && toSlug(campaignName)) || null,
  };
}

function mediumOf(key: string, { channel_name, channel_type }: Channel): string {
  if (key === "email") return "email";
  if (key === "google_ads") return "cpc";
  const isPaid = channel_type === "paid" || IN_ADS.test(channel_name.normalize("NFKC"));
  if (SOCIAL.has(key)) return isPaid ? "paid_social" : "social";
  return isPaid ? "paid" : (MEDIA[channel_type ?? ""] ?? "organic");
}

/** The link with these parameters; unchanged if it has some already. */
export function withParameters(
  link: string,
  parameters: Readonly<Record<string, string | null>>,
): string {
  const [, address = "", fragment = "", sentence = ""] = PARTS.exec(link) ?? [];
  if (/[?&]utm_/.test(address)) return link;
  const given = Object.entries(parameters).flatMap(([name, value]) =>
    value ? [`${name}=${encodeURIComponent(value)}`] : [],
  );
  if (given.length === 0) return link;
  const mark = address.includes("?") ? "&" : "?";
  return `${address}${mark}${given.join("&")}${fragment}${sentence}`;
}

/** The address, its fragment, and the end of the sentence that it stands in. */
const PARTS = /^([^#]*?)(#.*?)?([.,;:!?…]*)$/su;
