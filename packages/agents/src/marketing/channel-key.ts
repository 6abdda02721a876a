/**
 * One key for all spellings of a channel: “E-mail”, “email” and “Newsletter” are the same channel.
 * The key is only used for comparison; the spelling in lists stays.
 */
const ALIASES: readonly (readonly [pattern: RegExp, key: string])[] = [
  [/^(e?mail(s|ing|marketing|campaigns?|newsletters?)?|newsletters?)$/, "email"],
  [/^linkedin(ads?|posts?|organic|company(page)?)?$/, "linkedin"],
  [/^(facebook|fb|meta)(ads?|posts?|organic|page)?$/, "facebook"],
  [/^(instagram|insta|ig)(ads?|posts?|organic|stories|reels)?$/, "instagram"],
  [/^(twitter|x|xtwitter|twitterx|tweets?)(ads?|posts?|organic)?$/, "twitter"],
  [/^(google(search)?(ads?|adwords)|adwords|(paid)?search(ads?)?|sea|sem|ppc)$/, "google_ads"],
  [/^(company)?blog(s|posts?|articles?)?$/, "blog"],
  [/^(landing(page)?s?|website|site|webpage)$/, "landing_page"],
  [/^(videos?|videoscripts?|youtube(ads?|shorts)?|tiktok(ads?)?|reels)$/, "video_script"],
];

/** The vocabulary's word for a known channel; otherwise only the letters and digits of the name. */
export function channelKey(name: string): string {
  const bare = name
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "");
  return ALIASES.find(([pattern]) => pattern.test(bare))?.[1] ?? bare;
}
