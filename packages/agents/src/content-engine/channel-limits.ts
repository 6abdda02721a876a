/**
 * How long texts may be, channel by channel. A `platform` limit is one that the channel enforces:
 * beyond it a text is refused. A `practice` limit is where readers stop or displays cut off.
 */
import type { CONTENT_CHANNELS } from "../marketing/vocabulary.ts";

export type ContentChannel = (typeof CONTENT_CHANNELS)[number];

export interface Limit {
  /** What is measured: the title, the body, or the body's lines that begin with this label. */
  readonly field: "title" | "body" | "hashtags" | "Headline" | "Description" | "Meta description";
  readonly max: number;
  /** `weighted`: as X counts. `wide`: East Asian characters count twice, as Google Ads counts. */
  readonly unit: "characters" | "weighted" | "wide" | "words" | "count";
  readonly basis: "platform" | "practice";
  readonly source: string;
}

export const CHANNEL_LIMITS: Readonly<Record<ContentChannel, readonly Limit[]>> = {
  email: [
    limit("title", 60, "characters", "practice", "inboxes show some 40 to 60 characters"),
    limit("body", 300, "words", "practice", "80 to 200 words are read, with room for a signature"),
  ],
  linkedin: [
    limit("title", 150, "characters", "practice", "a feed folds a post after its first lines"),
    limit("body", 3_000, "characters", "platform", "LinkedIn Help, post character limit"),
  ],
  facebook: [
    limit("title", 150, "characters", "practice", "a feed folds a post after its first lines"),
    limit("body", 2_200, "characters", "practice", "Facebook takes 63,206; nobody unfolds them"),
  ],
  instagram: [
    limit("title", 125, "characters", "practice", "a caption is folded after 125 characters"),
    limit("body", 2_200, "characters", "platform", "Instagram Help, caption limit"),
    limit("hashtags", 30, "count", "platform", "Instagram Help, hashtag limit"),
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
    limit("Meta description", 160, "characters", "practice", "search results cut after 150 to 160"),
  ],
  landing_page: [limit("title", 90, "characters", "practice", "a headline is read at a glance")],
  video_script: [
    limit("title", 100, "characters", "platform", "YouTube Help, title limit"),
    limit("body", 350, "words", "practice", "90 seconds at 150 words a minute, with the scenes"),
  ],
};

/** A responsive search ad is not served with fewer lines than these, nor takes more. */
export const SEARCH_AD_LINES = {
  Headline: { min: 3, max: 15 },
  Description: { min: 2, max: 4 },
} as const;

function limit(...[field, max, unit, basis, source]: LimitParts): Limit {
  return { field, max, unit, basis, source };
}

type LimitParts = [Limit["field"], number, Limit["unit"], Limit["basis"], string];
