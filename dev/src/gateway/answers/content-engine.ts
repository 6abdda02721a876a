/** Scripted texts: for each asked channel one that begins with the pain, one with the benefit. */
import { DEMO_NOTE } from "./demo-note.ts";
import { type Brief, clip, newBrief } from "./new-brief.ts";
import type { Facts } from "./read-facts.ts";

type Channel = keyof typeof TYPES;
type Variant = "A" | "B";

/** What a text for the channel is called. */
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
} as const;

/** How people call the channels; the first that fits counts, a blog takes the rest. */
const SPELLINGS: readonly (readonly [RegExp, Channel])[] = [
  [/mail|newsletter/, "email"],
  [/linkedin/, "linkedin"],
  [/facebook|meta/, "facebook"],
  [/insta/, "instagram"],
  [/twitter|^x$/, "twitter"],
  [/ads|google|search/, "google_ads"],
  [/landing|site|page/, "landing_page"],
  [/video|youtube|tiktok/, "video_script"],
];

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

export function newContent(facts: Facts): object {
  const { request } = facts;
  const wished = request.channels.length > 0 ? request.channels : USUAL_CHANNELS;
  const channels = [...new Set(wished.map(toChannel))];
  const assets = channels.flatMap((channel) =>
    (["A", "B"] as const).map((variant) => newAsset({ channel, variant }, facts)),
  );
  return {
    assets,
    content_summary: {
      total_assets: assets.length,
      channels_covered: channels,
      funnel_stages_covered: [request.funnelStage],
      estimated_production_time: `${assets.length} hours`,
    },
  };
}

function toChannel(name: string): Channel {
  const spelled = name.toLowerCase();
  return SPELLINGS.find(([spelling]) => spelling.test(spelled))?.[1] ?? "blog";
}

interface Slot {
  readonly channel: Channel;
  readonly variant: Variant;
}

function newAsset({ channel, variant }: Slot, facts: Facts): object {
  const { request, brand, workspace } = facts;
  const brief = newBrief(facts);
  const cta = CALLS[request.ctaIntent];
  const title = titleOf(brief, variant);
  const body = bodyOf(channel, { brief, title, cta, variant, prompt: request.prompt });
  const words = countWords(body, workspace.language);
  return {
    asset_id: `${channel}-1-${variant.toLowerCase()}`,
    channel,
    asset_type: TYPES[channel],
    funnel_stage: request.funnelStage,
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

/** A asks about the pain, B promises the benefit: one idea against another. */
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

function tweet({ brief, cta }: Copy): string {
  const ending = `\n${cta}: {{cta_url}}\n${DEMO_NOTE}`;
  return (
    clip(`${brief.pain}? ${brief.product}: ${brief.benefit}.`, TWEET_MAX - ending.length) + ending
  );
}

function searchAd({ brief, cta, title }: Copy): string {
  const { product, benefit, brand } = brief;
  return [
    ...[title, product, brand].map((headline) => `Headline: ${clip(headline, 30)}`),
    ...[`${benefit}. ${cta}.`, DEMO_NOTE].map(
      (description) => `Description: ${clip(description, 90)}`,
    ),
  ].join("\n");
}

/** By the rules of the language: not every one puts spaces between its words. */
function countWords(text: string, language: string): number {
  const [known = "en"] = Intl.Segmenter.supportedLocalesOf(toLocale(language));
  const segments = new Intl.Segmenter(known, { granularity: "word" }).segment(text);
  return [...segments].filter(({ isWordLike }) => isWordLike).length;
}

function toLocale(language: string): string {
  try {
    return new Intl.Locale(language).toString();
  } catch {
    // A language that is none is counted like English.
    return "en";
  }
}
