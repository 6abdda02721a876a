/**
 * Patterns of claims of proof in the supported languages. Each pattern requires the words that make
 * it a claim: “trusted by 500 hotels”, not “to be trusted by hotels”; “studies show”, not “a study”.
 *
 * All of them are one expression that reads a text once. Every repetition has a limit, so that the
 * time to read a text grows with its length alone, whatever it consists of.
 */
const ENDS = "(?!\\p{L})";
const WORD = "\\p{L}{1,40}";
/** The words behind, which say more of the claim. */
const NEXT = `${ENDS}(?: [\\p{L}\\d'’]{1,30}){0,4}`;
const NUMBER = "\\d[\\d.,]{0,14}(?:[ \\u00a0\\u202f]\\d{3}){0,2}";
/** A number that nobody invites one by one: “Join 20 office managers” is an invitation. */
const LARGE = "(?:\\d{1,3}(?:[.,\\s]\\d{3}){1,3}|\\d{3,9}|\\d{1,4}k)\\+?";
const MANY =
  "(?:over|more than|thousands|hundreds|millions|dozens|countless|leading|top|many of|\\d)";

/** Claims that begin with a word. */
const ENGLISH: readonly string[] = [
  `(?:trusted|loved|recommended|chosen|used|preferred) by ${MANY}[\\p{L}\\d.,+ ]{0,30}`,
  `join (?:(?:over|more than) ${NUMBER}|${LARGE})\\+? (?:${WORD} )?${WORD}`,
  `join ${NUMBER}\\+? (?:happy|satisfied|delighted) ${WORD}`,
  `(?:over|more than|already) ${NUMBER}k?\\+? (?:${WORD} ){0,2}(?:trust|love|use|rely|recommend|switched|have (?:chosen|switched))${ENDS}`,
  `award[- ]winning${ENDS}`,
  "winner of (?:the |an? )?(?:[\\p{L}\\d]{1,30} ){0,4}(?:award|prize)",
  `(?:we|our \\p{L}{1,30}) (?:have )?won (?:the |an? )?(?:[\\p{L}\\d]{1,30} ){0,4}(?:award|prize)`,
  `best (?:[\\p{L}\\d]{1,30} ){1,4}award`,
  `(?:gold|silver|bronze) medal`,
  `as (?:seen|featured) (?:in|on)${ENDS}`,
  "(?:the|our|your|is|are) (?:#1|number one|no\\. ?1)(?![\\d\\p{L}])",
  `(?:the world['’]s|europe['’]s|the nation['’]s) (?:leading|best|first|favou?rite)${ENDS}`,
  `(?:market|industry)-leading${ENDS}`,
  "rated \\d(?:[.,]\\d)?(?: ?/ ?(?:5|10)| out of| stars?|\\+)",
  "guaranteed (?:results?|success|growth|roi|returns?|revenue|sales|leads)",
  "(?:results?|success|growth|roi) guaranteed",
  "(?:clinically|scientifically) proven",
  "(?:studies|research|surveys|experts) (?:show|prove|confirm|agree|found|reveal)s?(?:ed)?(?!\\p{L})",
  "(?:a|an|the|one|recent|independent) (?:\\p{L}{1,30} ){0,3}(?:study|survey) (?:shows?|proves?|found|confirms?|reveals?)(?!\\p{L})",
  "according to (?:a|an|the|recent|independent) (?:\\p{L}{1,30} ){0,3}(?:study|studies|survey|research)",
  `(?:our|\\d[\\d.,]{0,14}\\+?) (?:customers|clients|users|members) (?:love|say|report|agree|rave|rate|swear|save)${ENDS}`,
];
const GERMAN: readonly string[] = [
  `(?:preisgekrönt|prämiert|testsieger|mehrfach ausgezeichnet|vielfach ausgezeichnet)`,
  `(?:ausgezeichnet|prämiert) (?:mit|als|von)${NEXT}`,
  `(?:gold|silber|bronze)medaille`,
  `(?:vertrauen|begeistert|nutzen|arbeiten mit|setzen auf) (?:uns )?(?:bereits |schon )?(?:über |mehr als )${NUMBER}`,
  `(?:über|mehr als|bereits|schon|rund) ${NUMBER}\\+? (?:\\p{L}{1,40} ){1,3}(?:vertrauen|nutzen|arbeiten|setzen|lieben|empfehlen|planen|sind)(?: \\p{L}{1,20}){0,2}`,
  `vertrauen (?:\\p{L}{1,20} ){0,2}(?:hunderte|tausende|dutzende|viele|zahlreiche)`,
  `(?:hunderte|tausende|zahlreiche) (?:\\p{L}{1,40} )?(?:kunden|kundinnen|betriebe|unternehmen|dienste|nutzer|teams|familien)`,
  "(?:die|ihre|deine|unsere) (?:nr\\. ?1|nummer (?:1|eins))(?![\\d\\p{L}])",
  `(?:marktführer|marktführend)`,
  "(?:wissenschaftlich|klinisch|nachweislich) (?:bewiesen|erwiesen|belegt|bestätigt|wirksam)",
  "(?:studien|untersuchungen|umfragen|experten) (?:zeigen|belegen|beweisen|bestätigen)",
  `(?:laut|nach) (?:einer|der|aktuellen?|neuen?|unabhängigen?) (?:\\p{L}{1,30} ){0,2}(?:\\p{L}{0,20})(?:studie|umfrage|untersuchung)n?${ENDS}`,
  `(?:eine|die) (?:\\p{L}{1,30} ){0,2}(?:\\p{L}{0,20})(?:studie|umfrage) (?:zeigt|belegt|beweist|bestätigt)`,
  "garantiert(?:er|en|e|es)? (?:erfolge?|ergebnisse?|wachstum|umsatz)",
  `bekannt aus${ENDS}`,
  `(?:unsere|\\d[\\d.,]{0,14}) (?:kunden|kundinnen|nutzer|mitglieder) (?:lieben|sagen|berichten|schwärmen|bestätigen|sparen|sind begeistert)`,
];
const FRENCH: readonly string[] = [
  `plus d(?:e |['’])${NUMBER} (?:${WORD} )?(?:clients?|entreprises?|utilisateurs?|équipes?|familles?|professionnels?)`,
  `(?:déjà|plus d[e'’]) ?${NUMBER} (?:\\p{L}{1,40} ){1,3}(?:nous font confiance|utilisent|recommandent)`,
  `(?:des (?:milliers|centaines)|de nombreux) (?:de |d['’])?(?:${WORD} )?(?:clients?|entreprises?|utilisateurs?)`,
  `(?:primée?s?|récompensée?s?|distinguée?s?) (?:par|au|aux|meilleure?)${NEXT}`,
  `médailles? (?:d['’](?:or|argent)|de bronze)${NEXT}`,
  "résultats garantis",
  `élue? (?:meilleure?|produit de l['’]année)${NEXT}`,
  `lauréate?s? d(?:u|e|es)${NEXT}`,
  `vue?s? à la télé`,
  `(?:le|la) (?:numéro un|n[°º] ?1)(?!\\p{L}|\\d)`,
  `leader (?:du marché|européen|mondial|français)`,
  "(?:cliniquement|scientifiquement) (?:prouvée?s?|testée?s?|démontrée?s?)",
  `(?:les|des|plusieurs|nos) (?:études|recherches|enquêtes|experts) (?:montrent|prouvent|démontrent|confirment|révèlent)`,
  `(?:selon|d['’]après) (?:une|l['’]|les|des) ?(?:${WORD} )?(?:étude|enquête|sondage|études)s?${ENDS}`,
  `une (?:${WORD} )?(?:étude|enquête) (?:\\p{L}{1,30} )?(?:montre|prouve|révèle|confirme)`,
  `(?:nos|\\d[\\d.,]{0,14}) clients (?:nous )?(?:adorent|aiment|disent|témoignent|recommandent|économisent)`,
];
const SPANISH: readonly string[] = [
  `más de ${NUMBER} (?:${WORD} )?(?:clientes?|empresas?|usuarios?|equipos?|familias?|profesionales?)`,
  `(?:ya|más de) ${NUMBER} (?:\\p{L}{1,40} ){1,3}(?:confían|usan|utilizan|recomiendan)`,
  `(?:miles|cientos|cientos de miles) de (?:${WORD} )?(?:clientes?|empresas?|usuarios?)`,
  `(?:galardonad[oa]s?|premiad[oa]s?|reconocid[oa]s?) (?:con|por|como)${NEXT}`,
  `medallas? de (?:oro|plata|bronce)${NEXT}`,
  `(?:ganó|ganamos|ganadores de) (?:el|la|los|un) (?:${WORD} ){0,2}premio${NEXT}`,
  "resultados garantizados",
  `(?:ganador|ganadora) del? (?:${WORD} ){0,2}premio`,
  `(?:el|la) (?:número uno|n[°º.] ?1)(?!\\p{L}|\\d)`,
  `líder(?:es)? (?:del|en el) (?:mercado|sector)`,
  "(?:clínicamente|científicamente) (?:probad[oa]s?|demostrad[oa]s?|comprobad[oa]s?)",
  `(?:los|varios|numerosos|nuestros) (?:estudios|expertos) (?:muestran|demuestran|prueban|confirman|revelan)`,
  `según (?:un|una|el|los|las) (?:${WORD} )?(?:estudio|estudios|encuesta|encuestas|investigación)${ENDS}`,
  `un (?:${WORD} )?estudio (?:\\p{L}{1,30} )?(?:muestra|demuestra|prueba|revela|confirma)`,
  `(?:nuestros|\\d[\\d.,]{0,14}) clientes (?:nos )?(?:adoran|aman|dicen|recomiendan|opinan|ahorran)`,
];
const OTHERS: readonly string[] = [
  `(?:mais de|meer dan) ${NUMBER} (?:tevreden )?(?:clientes|klanten)`,
  "resultados garantidos",
  `(?:o|a|de) (?:número um|nummer één)${ENDS}`,
];

/** Claims that begin with a number. */
const NUMBERS: readonly string[] = [
  `${NUMBER}k?\\+? (?:happy|satisfied|delighted|thrilled) ${WORD}`,
  `${NUMBER}k?\\+ (?:customers|clients|users|companies|businesses|teams|brands|kunden|betriebe|unternehmen|clientes|empresas|entreprises)`,
  `${NUMBER}\\+? (?:zufriedene|begeisterte|glückliche) ${WORD}`,
  `${NUMBER}\\+? (?:clients|clientes|klanten) (?:satisfaits|satisfechos|satisfeitos)`,
  `${NUMBER} (?:\\p{L}{1,40} ){1,2}(?:vertrauen uns|nous font confiance|confían en nosotros|trust us)`,
  "\\d[.,]\\d ?(?:/ ?5|out of 5|von 5|sur 5|de 5|stars?|sterne|étoiles|estrellas|★)",
];

/** Claims that begin with a sign. */
const SIGNS: readonly string[] = ["#1 (?:rated|ranked|choice|in the)", "★{3,10}"];

const WORDS = [ENGLISH, GERMAN, FRENCH, SPANISH, OTHERS].flat();

/** Words and numbers are tried only where one begins, and not at each of their characters. */
export const PROOF = new RegExp(
  `(?<!\\p{L})(?:${SIGNS.join("|")}|(?=\\p{L})(?:${WORDS.join("|")})|(?=\\d)(?<!\\d|\\d[.,])(?:${NUMBERS.join("|")}))`,
  "giu",
);

/** A number of those who buy, in copy: a plan may count the customers that it wants. */
export const CROWD =
  /(?<![\p{L}\d.,])\d[\d.,'’\u00a0\u202f]{0,12}(?: \d{3}){0,2}k?\+?[ \u00a0](?:\p{L}{1,30}[ \u00a0]){0,2}(?:customers|clients?|clientes|klanten|famil(?:ies|ien|les|ias)|compan(?:ies|y)|businesses|users|teams|homes|households|offices|owners|members|kund(?:en|innen)|betrieben?|unternehmen|firmen|haushalten?|nutzer(?:innen)?|praxen|diensten?|foyers|entreprises|utilisat(?:eurs|rices)|abonnées?|équipes|hogares|empresas|usuari[oa]s|negocios|equipos)(?!\p{L})/giu;

/** Promises that cost money or bind the seller: discounts and guarantees. */
export const PROMISE =
  /(?<!\p{L})(?:money[- ]back|guarantees?|guaranteed|discounts?|geld[- ]zurück|garantie(?:rt(?:e[mnrs]?)?|n)?|rabatt(?:e|s|aktion|code)?|preisnachl(?:ass|ässe)|satisfaite?s? ou remboursée?s?|garantie?s?|remises?(?= (?:de|sur|exceptionnelle|immédiate))|réduction(?=s? (?:de|sur))|garantías?|garantizad[oa]s?|descuentos?|devolución del dinero)(?!\p{L})/giu;

const QUOTE = '[“"„«「『](?<quote>[^“"„«”»「」『』]{1,600})[”"“»」』]';
const NAME = "\\p{Lu}[\\p{L}'’-]{0,40}";
const INITIAL = "\\p{Lu}\\.";
/** What stands behind a name: its company, the end of the line, or another mark. A sentence goes on. */
const BEHIND = '(?=\\s{0,3}(?:$|[\\n,(|·<*_"]|[—–]))';

/** A quotation, followed by the name of a person, or by a verb of saying and a name. */
export const TESTIMONIAL = new RegExp(
  `${QUOTE}[*_]{0,3}\\s{0,3}(?:[—–-]\\s{0,3}[*_]{0,3}(?<signed>${NAME}(?:\\s(?:${INITIAL}|${NAME})){0,2})${BEHIND}|,?\\s(?:says|said|explains|sagt|sagte|meint|schreibt|berichtet|dit|explique|raconte|affirme|dice|cuenta|explica|afirma|diz|zegt)\\s(?<said>${NAME}(?:\\s(?:${INITIAL}|${NAME})){0,2}))`,
  "gmu",
);
