/** Maps common names of channels to a channel. The first matching pattern wins. */
export type Channel =
  | "email"
  | "linkedin"
  | "facebook"
  | "instagram"
  | "twitter"
  | "google_ads"
  | "landing_page"
  | "video_script"
  | "blog";

const SPELLINGS: readonly (readonly [RegExp, Channel])[] = [
  [/mail|newsletter/, "email"],
  [/linkedin/, "linkedin"],
  [/facebook|meta/, "facebook"],
  [/insta/, "instagram"],
  [/twitter|^x$/, "twitter"],
  [/ads|google|search/, "google_ads"],
  [/landing|site|page/, "landing_page"],
  [/video|youtube|tiktok/, "video_script"],
  [/blog/, "blog"],
];

/** Null for an unknown name. */
export function channelOf(name: string): Channel | null {
  const spelled = name.toLowerCase();
  return SPELLINGS.find(([spelling]) => spelling.test(spelled))?.[1] ?? null;
}
