/**
 * Finds in a text what a user does not want, also in other words and other languages: who writes
 * “keine Kaltakquise” does not want “cold calling”.
 */

/** What means the same. The first pattern is for the user's words, and for the answer's. */
const SAME: readonly RegExp[] = [
  /cold[ -]?call\w*|kalt(?:akquise|anruf\w*)|telefonakquise|démarchage(?: téléphonique)?|(?:prospección|llamadas?) en frío|telemarketing/iu,
  /discount\w*|rabatt\w*|(?<!\p{L})remises?|descuentos?|preisnachl[aä]ss\w*|promo codes?|gutschein\w*|vouchers?|coupons?/iu,
  /influenc\w*|influenz\w*/iu,
  /print(?:ed)? ads?|flyer\w*|printanzeigen|prospekte?n?(?!\p{L})|folletos?/iu,
  /fernseh\w*|television|tv(?:-|\s)?(?:ads?|spots?|werbung)|(?<!\p{L})tv(?!\p{L})|télévision|televisión/iu,
  /fachmessen?|(?<!\p{L})messen?(?!\p{L})|trade ?(?:shows?|fairs?)|salons? professionnels?|ferias?(?!\p{L})/iu,
  /newsletters?|e-?mails?(?!\p{L})|e-?mailings?|courriels?|correos? electrónicos?/iu,
  /gewinnspiel\w*|giveaways?|sweepstakes?|verlosung\w*|jeux?-concours|sorteos?/iu,
  /webinar\w*|webinaires?/iu,
  /paid (?:ads?|media|advertising|social)|bezahlte (?:werbung|anzeigen)|(?<!\p{L})(?:ads|anzeigen|anuncios|publicités?)(?!\p{L})/iu,
];
/** What is no word. */
const SIGNS: readonly (readonly [wish: RegExp, sign: RegExp])[] = [
  [/^emojis?|^émojis?/iu, /(?![©®™])\p{Extended_Pictographic}/u],
  [/^hashtags?/iu, /(?<![\p{L}\d/&])#\p{L}/u],
  [/^(?:exclamation|ausrufe\w*|points? d['’]exclamation|exclamaci\w*)/iu, /!/],
];
/** Words before a mention that deny it. */
const DENIED =
  /(?<!\p{L})(?:no|not|without|never|avoid\w*|skip\w*|instead of|leave out|kein\w*|ohne|nicht|nie|statt|verzicht\w*|sans|pas|aucun\w*|jamais|sin|ning[uú]n\w*|nada|nunca|evit\w*)\s+(?:[\p{L}'’-]+\s+){0,2}$/iu;
/** Characters before a mention in which it may be denied. */
const BEFORE = 40;
/** Letters that a language adds to a word. */
const ENDING = "[\\p{L}]{0,3}(?!\\p{L})";

const CHANNELS =
  /tiktok|instagram|facebook|linkedin|twitter|youtube|pinterest|snapchat|google|whatsapp|sms|podcast|print|radio/iu;

/** Whether it is one of the means that this file knows. */
export function isKnownToMarketers(unwanted: string): boolean {
  const known = [CHANNELS, ...SIGNS.map(([wish]) => wish), ...SAME];
  return known.some((pattern) => pattern.test(unwanted));
}

export type Mention = (text: string) => string | null;

/** A reader that returns what a text says of the unwanted thing; null if it does not. */
export function newMentionReader(unwanted: string): Mention {
  const sign = SIGNS.find(([wish]) => wish.test(unwanted))?.[1];
  const same = SAME.find((pattern) => pattern.test(unwanted));
  const pattern = new RegExp(sign ?? same ?? wordsOf(unwanted), "giu");
  return (text) => {
    for (const { 0: found, index } of text.matchAll(pattern)) {
      const before = text.slice(Math.max(0, index - BEFORE), index);
      if (!DENIED.test(before)) return found;
    }
    return null;
  };
}

function wordsOf(unwanted: string): string {
  const words = unwanted.match(/[\p{L}\p{N}]+/gu) ?? [];
  return `(?<![\\p{L}\\p{N}])${words.join("[^\\p{L}\\p{N}]{1,3}")}${ENDING}`;
}
