/** Scripted texts: for each requested channel, one that starts with the pain and one with the benefit. */
import { type Channel, channelOf } from "./channel-of.ts";
import { DEMO_NOTE } from "./demo-note.ts";
import { type Brief, clip, clipWide, newBrief, nth } from "./new-brief.ts";
import type { Facts } from "./read-facts.ts";

type Variant = "A" | "B";

/** The content type of each channel. */
const TYPES = {
  email: "Newsletter",
  linkedin: "Post",
  facebook: "Post",
  instagram: "Post",
  twitter: "Post",
  google_ads: "Search ad",
  blog: "Article",
  landing_page: "Landing page",
  video_script: "Video script",
} as const satisfies Record<Channel, string>;

const CALLS: Readonly<Record<Facts["request"]["ctaIntent"], string>> = {
  educate: "Read how it works",
  engage: "Tell us what you think",
  convert: "Begin today",
  retain: "See what you can do next",
  refer: "Recommend it to a colleague",
};

const USUAL_CHANNELS = ["email", "linkedin", "blog"];
const WORDS_PER_MINUTE = 200;
const TWEET_MAX = 280;
/** A link counts as 23 characters there, twelve more than its placeholder. */
const LINK_EXTRA = 12;

export function newContent(facts: Facts): object {
  const { request } = facts;
  const named = [...request.write_for, ...request.channels];
  const wished = named.length > 0 ? named : USUAL_CHANNELS;
  const channels = [...new Set(wished.map((name) => channelOf(name) ?? "blog"))];
  const assets = channels.flatMap((channel, place) =>
    (["A", "B"] as const).map((variant) => newAsset({ channel, variant, place }, facts)),
  );
  return {
    assets,
    content_summary: {
      total_assets: assets.length,
      channels_covered: channels,
      funnel_stages_covered: [request.funnel_stage],
      estimated_production_time: `${assets.length} hours`,
    },
  };
}

interface Slot {
  readonly channel: Channel;
  readonly variant: Variant;
  readonly place: number;
}

function newAsset({ channel, variant, place }: Slot, facts: Facts): object {
  const { request, brand, workspace } = facts;
  const brief = newBrief(facts);
  const cta = CALLS[request.ctaIntent];
  const title = titleOf(brief, variant);
  const body = bodyOf(channel, { brief, title, cta, variant, prompt: request.prompt });
  const words = countWords(body, workspace.language);
  return {
    asset_id: `${channel}-1-${variant.toLowerCase()}`,
    channel,
    asset_type: nth(request.contentTypes, place) || TYPES[channel],
    funnel_stage: request.funnel_stage,
    title,
    body,
    variant,
    metadata: {
      cta,
      cta_url_placeholder: "{{cta_url}}",
      target_icp: brief.segment,
      target_offer: brief.offer,
      tone: brief.tone,
      word_count: words,
      reading_time: `${Math.max(1, Math.ceil(words / WORDS_PER_MINUTE))} min`,
      keywords: [brief.product, brief.benefit].map((keyword) => clip(keyword, 40)),
      hashtags: ["linkedin", "instagram", "twitter"].includes(channel) ? ["#demo"] : [],
      emoji_usage: "none",
    },
    design_notes: {
      visual_style: `Calm, ${brief.tone}`,
      color_emphasis: brand.brand_colors.primary || "The brand's first colour",
      layout_suggestion: "One thought, much space",
    },
    performance_predictions: { expected_ctr: 0.02, expected_engagement: 0.02, confidence: "low" },
  };
}

/** Variant A asks about the pain, variant B promises the benefit. */
function titleOf({ pain, benefit, product }: Brief, variant: Variant): string {
  return variant === "A"
    ? clip(`Does this sound familiar: ${pain}?`, 60)
    : clip(`${benefit}, with ${product}`, 60);
}

interface Copy {
  readonly brief: Brief;
  readonly title: string;
  readonly cta: string;
  readonly variant: Variant;
  readonly prompt: string;
}

function bodyOf(channel: Channel, copy: Copy): string {
  if (channel === "twitter") return tweet(copy);
  if (channel === "google_ads") return searchAd(copy);
  if (channel === "facebook" || channel === "instagram") return shortPost(copy);
  const { brief, cta, prompt, title } = copy;
  const { brand, promise, objection, product } = brief;
  const greeting = channel === "email" ? ["Hello {{first_name}},"] : [`# ${title}`];
  return [
    ...greeting,
    opening(copy),
    `That is what ${product} is for. ${promise}.`,
    ...(isLong(channel) ? sections(brief) : []),
    ...(prompt ? [`This text follows the wish: ${clip(prompt, 160)}`] : []),
    `Perhaps you wonder: ${objection}. So take one small step first, and judge by what you see.`,
    `**[${cta}]({{cta_url}})**`,
    ...(channel === "email" ? [`Kind regards, ${brand}`] : []),
    DEMO_NOTE,
  ].join("\n\n");
}

function opening({ brief, variant }: Copy): string {
  const { audience, pain, wish, benefit } = brief;
  return variant === "A"
    ? `Many of ${audience} know it well: ${pain}. And yet what they want is simple: ${wish}.`
    : `Imagine ${benefit}. For ${audience} that is closer than it seems.`;
}

function isLong(channel: Channel): boolean {
  return channel === "blog" || channel === "landing_page" || channel === "video_script";
}

function sections({ pain, benefit, product, brand }: Brief): readonly string[] {
  return [
    `## Where it begins\n\nIt rarely begins with a big decision. It begins on an ordinary day, with this: ${pain}.`,
    `## What changes\n\n- ${benefit}\n- One place to look, one thing to do next\n- Help from ${brand} when it is needed`,
    `## What others say\n\n[Insert a customer's own words about ${product} here.]`,
  ];
}

function tweet({ brief, cta, variant }: Copy): string {
  const { pain, product, benefit, audience } = brief;
  const ending = `\n${cta}: {{cta_url}}\n${DEMO_NOTE}`;
  const words =
    variant === "A" ? `${pain}? There is ${product}.` : `Imagine: ${benefit}. For ${audience}.`;
  return clipWide(words, TWEET_MAX - ending.length - LINK_EXTRA) + ending;
}

/** Short in every script: in some, a hundred characters are fifty words. */
function shortPost(copy: Copy): string {
  const { brief, cta } = copy;
  return [
    clip(opening(copy), 100),
    `That is what ${brief.product} is for.`,
    `**[${cta}]({{cta_url}})**`,
    DEMO_NOTE,
  ].join("\n\n");
}

function searchAd({ brief, cta, title, variant }: Copy): string {
  const { product, benefit, brand, pain } = brief;
  const thought = variant === "A" ? `Tired of ${pain}?` : `Look forward to ${benefit}.`;
  return [
    ...[title, product, brand].map((headline) => `Headline: ${clipWide(headline, 30)}`),
    ...[`${thought} ${cta}.`, DEMO_NOTE].map(
      (description) => `Description: ${clipWide(description, 90)}`,
    ),
  ].join("\n");
}

/** Counts words by the rules of the language, because some languages have no spaces between words. */
function countWords(text: string, language: string): number {
  const [known = "en"] = Intl.Segmenter.supportedLocalesOf(toLocale(language));
  const segments = new Intl.Segmenter(known, { granularity: "word" }).segment(text);
  return [...segments].filter(({ isWordLike }) => isWordLike).length;
}

function toLocale(language: string): string {
  try {
    return new Intl.Locale(language).toString();
  } catch {
    // An unknown language is counted like English.
    return "en";
  }
}
