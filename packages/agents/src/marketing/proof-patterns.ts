/**
 * Patterns of claims of proof in the most frequent languages. Each pattern requires the words that
 * make it a claim: “trusted by 500 hotels”, not “to be trusted by hotels”.
 */
const MANY =
  "(?:over|more than|thousands|hundreds|millions|dozens|countless|leading|top|many of|\\d)";
const ENDS = "(?!\\p{L})";

function pattern(source: string): RegExp {
  return new RegExp(`(?<!\\p{L})${source}`, "iu");
}

export const PROOF_PATTERNS: readonly RegExp[] = [
  pattern(`(?:trusted|loved|recommended|chosen|used|preferred) by ${MANY}[\\p{L}\\d.,+ ]{0,30}`),
  pattern("join (?:over |more than )?\\d[\\d.,]*\\+? (?:\\p{L}+ )?\\p{L}+"),
  pattern("\\d[\\d.,]*k?\\+? (?:happy|satisfied|delighted|thrilled) \\p{L}+"),
  pattern("\\d[\\d.,]*k?\\+ (?:customers|clients|users|companies|businesses|teams|brands)"),
  pattern(`award[- ]winning${ENDS}`),
  pattern(`as (?:seen|featured) (?:in|on)${ENDS}`),
  pattern("(?:the|our|your|is|are) (?:#1|number one|no\\. ?1)(?![\\d\\p{L}])"),
  pattern("#1 (?:rated|ranked|choice|in the)"),
  pattern(
    `(?:the world['’]s|europe['’]s|the nation['’]s) (?:leading|best|first|favou?rite)${ENDS}`,
  ),
  pattern(`(?:market|industry)-leading${ENDS}`),
  pattern("rated \\d(?:[.,]\\d)?(?: ?/ ?(?:5|10)| out of| stars?|\\+)"),
  pattern("\\d[.,]\\d ?(?:/ ?5|out of 5|stars?|★)"),
  /★{3,}/u,
  pattern("guaranteed (?:results?|success|growth|roi|returns?|revenue|sales|leads)"),
  pattern("(?:results?|success|growth|roi) guaranteed"),
  pattern("(?:clinically|scientifically) proven"),
  pattern("(?:studies|research) (?:show|prove)s? "),
  pattern("(?:preisgekrönt|testsieger|mehrfach ausgezeichnet)"),
  pattern("(?:vertrauen|begeistert) (?:uns )?(?:bereits |schon )?(?:über |mehr als )\\d[\\d.,]*"),
  pattern("\\d[\\d.,]*\\+? (?:zufriedene|begeisterte|glückliche) \\p{L}+"),
  pattern("(?:die|ihre|deine) (?:nr\\. ?1|nummer (?:1|eins))(?![\\d\\p{L}])"),
  pattern("garantiert(?:er|en|e|es)? (?:erfolge?|ergebnisse?|wachstum|umsatz)"),
  pattern("\\d[\\d.,]*\\+? (?:clients|clientes|klanten) (?:satisfaits|satisfechos|satisfeitos)"),
  pattern(
    "(?:plus de|más de|mais de|meer dan) \\d[\\d.,]* (?:tevreden )?(?:clients|clientes|klanten)",
  ),
  pattern("(?:le|la|el|o|a|de) (?:numéro un|número uno|número um|nummer één)(?!\\p{L})"),
  pattern("(?:résultats garantis|resultados garanti[zd]ados|resultados garantidos)"),
];

/** A quotation of at least five words, followed by the name of a person. */
export const TESTIMONIAL =
  /[“"„«](?<quote>\S+(?:\s+\S+){4,80}?)[”"“»]\s*(?:[—–-]|,?\s(?:says|said|sagt|dit|dice|diz|zegt)\s)\s*(?<name>\p{Lu}[\p{L}.'’-]*(?:\s\p{Lu}[\p{L}.'’-]*){0,2})/u;
