/**
 * Patterns of claims of proof in the most frequent languages. Each pattern requires the words that
 * make it a claim: “trusted by 500 hotels”, not “to be trusted by hotels”.
 *
 * All of them are one expression that reads a text once. Every repetition has a limit, so that the
 * time to read a text grows with its length alone, whatever it consists of.
 */
const MANY =
  "(?:over|more than|thousands|hundreds|millions|dozens|countless|leading|top|many of|\\d)";
const ENDS = "(?!\\p{L})";
const WORD = "\\p{L}{1,40}";
const NUMBER = "\\d[\\d.,]{0,14}";

/** Claims that begin with a word. */
const WORDS: readonly string[] = [
  `(?:trusted|loved|recommended|chosen|used|preferred) by ${MANY}[\\p{L}\\d.,+ ]{0,30}`,
  `join (?:over |more than )?${NUMBER}\\+? (?:${WORD} )?${WORD}`,
  `award[- ]winning${ENDS}`,
  `as (?:seen|featured) (?:in|on)${ENDS}`,
  "(?:the|our|your|is|are) (?:#1|number one|no\\. ?1)(?![\\d\\p{L}])",
  `(?:the world['’]s|europe['’]s|the nation['’]s) (?:leading|best|first|favou?rite)${ENDS}`,
  `(?:market|industry)-leading${ENDS}`,
  "rated \\d(?:[.,]\\d)?(?: ?/ ?(?:5|10)| out of| stars?|\\+)",
  "guaranteed (?:results?|success|growth|roi|returns?|revenue|sales|leads)",
  "(?:results?|success|growth|roi) guaranteed",
  "(?:clinically|scientifically) proven",
  "(?:studies|research) (?:show|prove)s? ",
  "(?:preisgekrönt|testsieger|mehrfach ausgezeichnet)",
  `(?:vertrauen|begeistert) (?:uns )?(?:bereits |schon )?(?:über |mehr als )${NUMBER}`,
  "(?:die|ihre|deine) (?:nr\\. ?1|nummer (?:1|eins))(?![\\d\\p{L}])",
  "garantiert(?:er|en|e|es)? (?:erfolge?|ergebnisse?|wachstum|umsatz)",
  `(?:plus de|más de|mais de|meer dan) ${NUMBER} (?:tevreden )?(?:clients|clientes|klanten)`,
  `(?:le|la|el|o|a|de) (?:numéro un|número uno|número um|nummer één)${ENDS}`,
  "(?:résultats garantis|resultados garanti[zd]ados|resultados garantidos)",
];

/** Claims that begin with a number. */
const NUMBERS: readonly string[] = [
  `${NUMBER}k?\\+? (?:happy|satisfied|delighted|thrilled) ${WORD}`,
  `${NUMBER}k?\\+ (?:customers|clients|users|companies|businesses|teams|brands)`,
  `${NUMBER}\\+? (?:zufriedene|begeisterte|glückliche) ${WORD}`,
  `${NUMBER}\\+? (?:clients|clientes|klanten) (?:satisfaits|satisfechos|satisfeitos)`,
  "\\d[.,]\\d ?(?:/ ?5|out of 5|stars?|★)",
];

/** Claims that begin with a sign. */
const SIGNS: readonly string[] = ["#1 (?:rated|ranked|choice|in the)", "★{3,10}"];

/** Words and numbers are tried only where one begins, and not at each of their characters. */
export const PROOF = new RegExp(
  `(?<!\\p{L})(?:${SIGNS.join("|")}|(?=\\p{L})(?:${WORDS.join("|")})|(?=\\d)(?<!\\d|\\d[.,])(?:${NUMBERS.join("|")}))`,
  "giu",
);

/** A quotation, followed by the name of a person. */
export const TESTIMONIAL =
  /[“"„«](?<quote>[^“"„«”»]{1,600})[”"“»]\s{0,3}(?:[—–-]|,?\s(?:says|said|sagt|dit|dice|diz|zegt)\s)\s{0,3}(?<name>\p{Lu}[\p{L}.'’-]{0,40}(?:\s\p{Lu}[\p{L}.'’-]{0,40}){0,2})/gu;
