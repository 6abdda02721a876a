/**
 * The limits of texts per channel. The prompt states the same numbers that answers are checked
 * against. A `platform` limit is enforced by the channel, which refuses longer texts. A `practice`
 * limit is where readers stop or displays cut off: advice, which the request may overrule.
 */
import type { CONTENT_CHANNELS } from "../marketing/vocabulary.ts";

export type ContentChannel = (typeof CONTENT_CHANNELS)[number];

type MetadataField = "hashtags" | "preheader" | "meta_title" | "meta_description";

export interface Limit {
  /** The title, the body, a member of the metadata, or the lines of the body with this label. */
  readonly field: "title" | "body" | MetadataField | "Headline" | "Description";
  readonly max: number;
  /** The minimum that the prompt states; only texts far below it are doubted. */
  readonly from?: number;
  /** `weighted`: counted as X does. `wide`: East Asian characters count twice, as in Google Ads. */
  readonly unit: "characters" | "weighted" | "wide" | "words" | "count";
  readonly basis: "platform" | "practice";
  readonly source: string;
}

const SEARCH_RESULT: readonly Limit[] = [
  limit("meta_title", 70, "characters", "practice", "search results cut titles after 60 to 70"),
  limit("meta_description", 160, "characters", "practice", "search results cut after 150 to 160"),
];

export const CHANNEL_LIMITS: Readonly<Record<ContentChannel, readonly Limit[]>> = {
  email: [
    limit("title", 60, "characters", "practice", "inboxes show some 40 to 60 characters"),
    limit("preheader", 110, "characters", "practice", "inboxes show some 40 to 110 characters"),
    words([80, 200], "of a letter no more than this is read"),
  ],
  linkedin: [
    limit("title", 150, "characters", "practice", "a feed folds a post after its first lines"),
    words([80, 200], "few unfold a post, and fewer read a long one"),
    limit("body", 3_000, "characters", "platform", "LinkedIn Help, post character limit"),
  ],
  facebook: [
    limit("title", 150, "characters", "practice", "a feed folds a post after its first lines"),
    words([40, 80], "few unfold a post"),
  ],
  instagram: [
    limit("title", 125, "characters", "practice", "a caption is folded after 125 characters"),
    words([50, 125], "the picture is what is looked at"),
    limit("body", 2_200, "characters", "platform", "Instagram Help, caption limit"),
    limit("hashtags", 10, "count", "practice", "Instagram takes 30; so many look like spam"),
  ],
  twitter: [
    limit("title", 150, "characters", "practice", "a title of a post is not published"),
    limit("body", 280, "weighted", "platform", "X developer docs, counting characters"),
  ],
  google_ads: [
    limit("Headline", 30, "wide", "platform", "Google Ads Help, responsive search ads"),
    limit("Description", 90, "wide", "platform", "Google Ads Help, responsive search ads"),
  ],
  blog: [
    limit("title", 70, "characters", "practice", "search results cut titles after 60 to 70"),
    words([500, 900], "four minutes of reading"),
    ...SEARCH_RESULT,
  ],
  landing_page: [
    limit("title", 90, "characters", "practice", "a headline is read at a glance"),
    words([200, 600], "a page is looked through, not read"),
    ...SEARCH_RESULT,
  ],
  video_script: [
    limit("title", 100, "characters", "platform", "YouTube Help, title limit"),
    words([150, 350], "60 to 90 seconds at 150 words a minute, with the scenes"),
  ],
};

/** The number of lines that a responsive search ad accepts. */
export const SEARCH_AD_LINES = {
  Headline: { min: 3, max: 15 },
  Description: { min: 2, max: 4 },
} as const;

function words([from, max]: readonly [from: number, max: number], source: string): Limit {
  return { ...limit("body", max, "words", "practice", source), from };
}

function limit(...[field, max, unit, basis, source]: LimitParts): Limit {
  return { field, max, unit, basis, source };
}

type LimitParts = [Limit["field"], number, Limit["unit"], Limit["basis"], string];
