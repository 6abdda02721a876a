/**
 * One key for all spellings of a channel: “E-mail”, “email” and “Newsletter” are the same channel, in
 * each supported language. The key is only used for comparison; the spelling in lists stays.
 */
const PLACE =
  "(?:ads?|anzeigen?|werbung|anuncios?|publicités?|posts?|beiträge|publications?|publicaciones|organic|organisch|paid|gruppen?|groups?|groupes?|grupos?|(?:company)?page|seite|unternehmensseite|stories|reels)*";

const ALIASES: readonly (readonly [pattern: RegExp, key: string])[] = [
  [
    /^(e?mail(s|ing|marketing|campaigns?|newsletters?|kampagnen?)?|newsletters?|courriels?|correos?(electrónicos?)?|boletín|lettred(information)?|infolettre)$/,
    "email",
  ],
  [newPattern("linkedin"), "linkedin"],
  [newPattern("(?:facebook|fb|meta)"), "facebook"],
  [newPattern("(?:instagram|insta|ig)"), "instagram"],
  [newPattern("(?:twitter|x|xtwitter|twitterx|tweets?)"), "twitter"],
  [newPattern("youtube(?:shorts)?"), "youtube"],
  [newPattern("tiktok"), "tiktok"],
  [newPattern("whatsapp(?:business)?"), "whatsapp"],
  [newPattern("pinterest"), "pinterest"],
  [
    /^(google(search)?(ads?|adwords|anzeigen)|adwords|(paid)?search(ads?)?|suchanzeigen|sea|sem|ppc)$/,
    "google_ads",
  ],
  [/^(company|firmen)?blog(s|posts?|articles?|beiträge|artikel)?$/, "blog"],
  [/^(landing(page)?s?|website|site|webpage|webseite|sitioweb)$/, "landing_page"],
  [/^(videos?|videoscripts?|reels)$/, "video_script"],
];

/** The vocabulary's word for a known channel; otherwise only the letters and digits of the name. */
export function channelKey(name: string): string {
  const bare = name
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "");
  return ALIASES.find(([pattern]) => pattern.test(bare))?.[1] ?? bare;
}

function newPattern(name: string): RegExp {
  return new RegExp(`^${name}${PLACE}$`);
}
