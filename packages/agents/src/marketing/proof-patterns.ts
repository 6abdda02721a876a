/**
 * Patterns of claims of proof in the supported languages. Each pattern requires the words that make
 * it a claim: “trusted by 500 hotels”, not “to be trusted by hotels”; “studies show”, not “a study”.
 *
 * All of them are one expression that reads a text once. Every repetition has a limit, so that the
 * time to read a text grows with its length alone, whatever it consists of.
 */
const ENDS = "(?!\\p{L})";
const WORD = "[\\p{L}\\d'’-]{1,40}";
/** The words behind, which say more of the claim. */
const NEXT = `${ENDS}(?: [\\p{L}\\d'’]{1,30}){0,4}`;
const NUMBER = "\\d(?:[\\d.,]{0,13}\\d)?(?:[ \\u00a0\\u202f]\\d{3}){0,2}";
/** A number that nobody invites one by one: “Join 20 office managers” is an invitation. */
const LARGE = "(?:\\d{1,3}(?:[.,\\s]\\d{3}){1,3}|\\d{3,9}|\\d{1,4}k)\\+?";
const MANY =
  "(?:over|more than|thousands|hundreds|millions|dozens|countless|leading|top|many of|\\d)";
const words = (from: number, to: number) => `(?:${WORD} ){${from},${to}}`;

/** A part of ten or fewer, in words. */
const TENTHS =
  "(?:two|three|four|eight|nine|zwei|drei|vier|acht|neun|deux|trois|quatre|huit|neuf|dos|tres|cuatro|ocho|nueve)";

/** Claims that begin with a word. */
const ENGLISH: readonly string[] = [
  `(?:trusted|loved|recommended|chosen|used|preferred) by ${MANY}[\\p{L}\\d.,+ ]{0,30}`,
  `(?:recommended|endorsed|certified|approved|tested|backed) by (?:the |an? )?(?:leading |independent )?(?:\\p{L}{1,30} ){0,3}(?:experts?|doctors?|dentists?|dermatologists?|nutritionists?|scientists?|study|studies|research|institute|association|university)${ENDS}`,
  `join (?:the )?(?:(?:over|more than) ${NUMBER}|${LARGE})\\+? (?:${WORD} )?${WORD}`,
  `(?:over|more than) (?:a|one|ten|several|\\p{L}{3,9}) (?:hundred|thousand|million) ${WORD}`,
  `(?:most|best)[- ](?:popular|loved|trusted|sold|selling|recommended|awarded) ${WORD}`,
  `join ${NUMBER}\\+? (?:happy|satisfied|delighted) ${WORD}`,
  `(?:thousands|hundreds|millions|dozens) of ${words(1, 3)}(?:already |now )?(?:trust|love|use|rely|recommend|choose|swear|work with|enjoy|have (?:chosen|switched))${ENDS}`,
  `award[- ]winning${ENDS}`,
  `winner of ${words(0, 5)}(?:award|prize)`,
  `winner,? (?:best|of the year)${NEXT}`,
  `(?:we|our \\p{L}{1,30}) (?:have )?won ${words(0, 5)}(?:award|prize|medal)`,
  `best ${words(1, 4)}award`,
  `(?:award|prize|medal),? (?:in )?(?:19|20)\\d\\d`,
  `(?:doctors|dentists|experts|chefs|nutritionists|vets|scientists) (?:recommend|agree|love|prefer|swear by)${ENDS}`,
  `(?:independent |lab(?:oratory)? )tests? (?:show|prove|confirm)s?${ENDS}`,
  `(?:lab|laboratory|dermatologically|clinically)[- ](?:tested|proven|certified)${ENDS}`,
  `(?:used|trusted|loved|sold) in (?:over |more than )?${NUMBER} ${WORD}`,
  `best-?sellers?${ENDS}`,
  `${TENTHS} (?:in|out of) (?:ten|10|five|four) ${WORD}`,
  `(?:customers|clients|users|guests|people) (?:would )?recommend us`,
  `(?:voted|named|elected|crowned) (?:the )?${words(0, 3)}(?:best|favou?rite|number one|of the year)${NEXT}`,
  "(?:gold|silver|bronze) medal",
  `(?:as (?:seen|featured|mentioned)|featured) (?:in|on|by)${NEXT}`,
  "(?:the|our|your|is|are) (?:#1|number one|no\\. ?1)(?![\\d\\p{L}])",
  `(?:world|europe|nation|country|region|uk|usa?|germany|britain|market|industry)['’]s (?:leading|best|first|largest|favou?rite|most (?:loved|trusted|popular))${ENDS}`,
  `(?:market|industry)[- ]lead(?:ing|ers?)${ENDS}`,
  `the leading (?:provider|supplier|brand|tool|app|software|platform|maker)${ENDS}`,
  "rated \\d(?:[.,]\\d)?(?: ?/ ?(?:5|10)| out of| stars?|\\+)",
  "(?:results?|success|growth|roi) guaranteed",
  "guaranteed (?:results?|success|growth|roi|returns?|revenue|sales|leads)",
  "(?:clinically|scientifically) (?:proven|tested)",
  `(?:studies|research|surveys|scientists|researchers|science|experts) ${words(0, 3)}(?:have |has )?(?:shown?|shows?|proves?d?|proven|confirm(?:s|ed)?|agree|found|finds?|reveal(?:s|ed)?|say)${ENDS}`,
  `(?:study|survey|poll|trial) ${words(0, 5)}(?:shows?|showed|proves?|found|finds|confirms?|reveals?|reports?)${ENDS}`,
  `according to ${words(0, 4)}(?:study|studies|survey|research|experts)`,
  `our (?:customers|clients|users|guests|members) (?:love|say|report|agree|rave|rate|swear|save|see|gain|double)${ENDS}`,
  `(?<=^|[.!?]\\s)(?:customers|clients|users|guests) (?:report|rave|love|rate|swear|save)${ENDS}`,
];
const GERMAN: readonly string[] = [
  "(?:preisgekrönt|prämiert|testsieger|mehrfach ausgezeichnet|vielfach ausgezeichnet)",
  `(?:ausgezeichnet|prämiert) (?:mit|als|von)${NEXT}`,
  `mit (?:dem|der|einem) (?:\\p{L}{0,30}(?:preis|award|siegel|medaille|auszeichnung)) ${words(0, 2)}(?:ausgezeichnet|geehrt|prämiert)`,
  "(?:gold|silber|bronze)medaille",
  `(?:auf )?platz (?:1|eins)${ENDS}`,
  `(?:von|durch) ${words(1, 3)}(?:empfohlen|ausgezeichnet|zertifiziert|geprüft|getestet)${ENDS}`,
  `empfohlen von${NEXT}`,
  `(?:ärzte|zahnärzte|experten|köche|hebammen|fachleute) (?:empfehlen|raten|bestätigen|lieben)${ENDS}`,
  `(?:dermatologisch|labor|klinisch)(?:-| )?(?:geprüft|getestet|zertifiziert)${ENDS}`,
  `(?:note|testnote) ${NUMBER} (?:im|bei)${NEXT}`,
  `${TENTHS} von (?:zehn|10|fünf|vier) ${WORD}`,
  `(?<=^|[.!?]\\s)(?:kunden|kundinnen) (?:berichten|schwärmen|lieben|bestätigen)${ENDS}`,
  `(?:beliebteste|meistverkaufte|meistgekaufte|bekannteste)[rn]? ${WORD}`,
  `im test: ${WORD}(?: ${WORD})?`,
  `(?:vertrauen|begeistert|nutzen|arbeiten mit|setzen auf) (?:uns )?(?:bereits |schon )?(?:über |mehr als )${NUMBER}`,
  `vertrauen (?:\\p{L}{1,20} ){0,2}(?:hunderte?|tausende|dutzende|viele|zahlreiche)${ENDS}`,
  `(?:mehrere |viele )?(?:hunderte?|tausende|zahlreiche|dutzende) ${words(0, 2)}(?:kunden|kundinnen|betriebe|unternehmen|dienste|nutzer|teams|familien|haushalte|praxen)`,
  `(?:tausend|hundert|viel|millionen)fach (?:bewährt|erprobt|genutzt|empfohlen)`,
  "(?:die|ihre|deine|unsere) (?:nr\\. ?1|nummer (?:1|eins))(?![\\d\\p{L}])",
  `(?:marktführer|marktführend\\p{L}{0,2}|führende[rn]? (?:anbieter|hersteller|marke))`,
  "(?:wissenschaftlich|klinisch|nachweislich) (?:bewiesen|erwiesen|belegt|bestätigt|wirksam|getestet)",
  `(?:studien|studie|untersuchung|untersuchungen|umfrage|umfragen|forschung|forscher|experten|wissenschaftler) ${words(0, 5)}(?:zeigt|zeigen|belegt|belegen|beweist|beweisen|bestätigt|bestätigen|ergab|ergaben)${ENDS}`,
  `(?:laut|nach|gemäß) (?:(?:einer|der|aktuellen?|neuen?|neuesten|unabhängigen?) )?${words(0, 3)}\\p{L}{0,20}(?:studien?|umfragen?|untersuchung(?:en)?|erkenntnissen|forschung)${ENDS}`,
  "garantiert(?:er|en|e|es)? (?:erfolge?|ergebnisse?|wachstum|umsatz)",
  `bekannt (?:aus|von)${NEXT}`,
  "unsere (?:kunden|kundinnen|nutzer|mitglieder|gäste) (?:lieben|sagen|berichten|schwärmen|bestätigen|sparen|sind begeistert)",
];
const FRENCH: readonly string[] = [
  `plus d(?:e |['’])${NUMBER} (?:${WORD} )?(?:clients?|entreprises?|utilisateurs?|équipes?|familles?|professionnels?|boutiques?)`,
  `(?:des (?:milliers|centaines)|de nombreux) (?:de |d['’])?(?:${WORD} )?(?:clients?|clientes|entreprises?|utilisateurs?|familles)`,
  `(?:primée?s?|récompensée?s?|distinguée?s?) (?:par|au|aux|meilleure?)${NEXT}`,
  `(?:recommandée?s?|approuvée?s?|testée?s?|adoptée?s?|plébiscitée?s?) par (?:les |des |nos |de |plus de |\\d[\\d ]{0,8})?(?:${WORD} ){0,1}(?:dermatologues?|experts?|médecins?|pharmaciens?|professionnels?|dentistes?|nutritionnistes?|chefs?|instituts?|clientes?|clients?|français)`,
  `(?:préférée?s?|favorite?s?) des ${WORD}`,
  `(?:le|la|les) plus (?:vendue?s?|populaires?|aimée?s?|recommandée?s?)${NEXT}`,
  `(?:prix|trophées?|grand prix) (?:de (?:la |l['’])?|du |des )${words(0, 4)}(?:19|20)\\d\\d`,
  `(?:médailles? (?:d['’](?:or|argent)|de bronze))${NEXT}`,
  "résultats garantis",
  `(?:résultats?|efficacité|effets?) (?:prouvée?s?|démontrée?s?|visibles? en)${NEXT}`,
  `(?:les |des )?(?:experts|dermatologues|médecins|chefs) (?:recommandent|adorent|sont unanimes|approuvent)${ENDS}`,
  `meilleure?s? ${words(1, 3)}(?:19|20)\\d\\d`,
  `${TENTHS} (?:\\p{L}{1,20} )?sur (?:dix|10|cinq|quatre)${ENDS}`,
  `élue?s? (?:meilleure?s?|produit de l['’]année)${NEXT}`,
  `lauréate?s? d(?:u|e|es)${NEXT}`,
  `vue?s? (?:à la télé|dans|sur) ?${NEXT}`,
  "(?:le |la |est |en )?(?:numéro (?:un|1)|n[°º] ?1)(?!\\p{L}|\\d)",
  `leaders? (?:du|de la|sur le|européen|mondial|français|incontesté)${NEXT}`,
  "(?:cliniquement|scientifiquement) (?:prouvée?s?|testée?s?|démontrée?s?)",
  `(?:études?|recherches?|enquêtes?|sondages?|chercheurs|scientifiques|experts) ${words(0, 5)}(?:montre|prouve|démontre|confirme|révèle)(?:nt)?${ENDS}`,
  `(?:selon|d['’]après) (?:une |l['’]|les |des |plusieurs )?(?:${WORD} )?(?:étude|enquête|sondage|recherche|expert)s?${ENDS}`,
  "nos (?:clients|clientes) (?:nous |l['’]|le |la |les )?(?:adorent|aiment|disent|témoignent|recommandent|économisent)",
];
const SPANISH: readonly string[] = [
  `más de ${NUMBER} (?:${WORD} )?(?:clientes?|empresas?|usuarios?|equipos?|familias?|profesionales?|hogares)`,
  `(?:miles|cientos|decenas|millones) de ${words(0, 2)}(?:clientes?|empresas?|usuarios?|familias|hogares|personas)`,
  `(?:galardonad[oa]s?|premiad[oa]s?|reconocid[oa]s?) (?:con|por|como|en)${NEXT}`,
  `premios? (?:al?|a la|en|del?) (?:mejor|mejores)?${NEXT}`,
  `(?:recomendad|aprobad|avalad|probad)[oa]s? por (?:los |las |más de )?(?:${WORD} ){0,1}(?:nutricionistas?|expert[oa]s?|médic[oa]s?|dentistas?|dermatólog[oa]s?|profesionales|chefs?|cociner[oa]s?|clientes)`,
  `(?:elegid|votad|nombrad|considerad)[oa]s? (?:el |la |como )?mejor(?:es)?${NEXT}`,
  `(?:el|la|los|las) (?:${WORD} )?más (?:vendid|popular|querid|recomendad|premiad)\\p{L}{0,3}${NEXT}`,
  `ya somos (?:más de )?${NUMBER}`,
  `según (?:la |el )?${WORD},? (?:el|la) mejor${NEXT}`,
  `medallas? de (?:oro|plata|bronce)${NEXT}`,
  `(?:ganó|ganamos|ganadores? de|ganadoras? de) (?:el |la |los |un )?${words(0, 2)}premio${NEXT}`,
  "resultados garantizados",
  `(?:los |las )?(?:expertos|médicos|nutricionistas|cocineros|chefs) (?:recomiendan|aconsejan|prefieren|coinciden)${ENDS}`,
  `(?:calidad|eficacia) (?:certificada|probada|demostrada)${NEXT}`,
  `premiad[oa]s? ${WORD} años`,
  `récords? de ventas`,
  `mejor ${words(1, 3)}(?:19|20)\\d\\d`,
  `${TENTHS} de cada (?:diez|10|cinco|cuatro) ${WORD}`,
  "(?:el|la|somos) (?:número uno|n[°º.] ?1)(?!\\p{L}|\\d)",
  `líder(?:es)? (?:del?|en|mundial(?:es)?)${NEXT}`,
  `vist[oa]s? en${NEXT}`,
  "(?:clínicamente|científicamente) (?:probad[oa]s?|demostrad[oa]s?|comprobad[oa]s?)",
  `valorad[oa]s? con ${NUMBER}`,
  `(?:estudios?|encuestas?|investigaci(?:ón|ones)|científicos|expertos) ${words(0, 6)}(?:muestran?|demuestran?|prueban?|confirman?|revelan?)${ENDS}`,
  `según (?:un |una |el |los |las |varios )?(?:${WORD} ){0,2}(?:estudios?|encuestas?|expertos|investigación)${ENDS}`,
  "nuestros clientes (?:nos )?(?:adoran|aman|dicen|recomiendan|opinan|ahorran|repiten)",
];
const OTHERS: readonly string[] = [
  `(?:mais de|meer dan) ${NUMBER} (?:tevreden )?(?:clientes|klanten)`,
  `(?:o|a|de) (?:número um|nummer één)${ENDS}`,
  "resultados garantidos",
];

/** What those who buy do with what they bought. */
const USE =
  "(?:trust|use|love|rely on|recommend|choose|swear by|work with|vertrauen|nutzen|lieben|empfehlen|arbeiten (?:bereits |schon )?mit|setzen (?:bereits |schon )?auf|planen (?:bereits |schon )?mit|nous font|utilisent|adorent|recommandent|confían|usan|utilizan|recomiendan|disfrutan)";
/** Claims that begin with a number. */
const NUMBERS: readonly string[] = [
  `${NUMBER}k?\\+? (?:happy|satisfied|delighted|thrilled) ${WORD}`,
  `${NUMBER}k?\\+ (?:customers|clients|users|companies|businesses|teams|brands|kunden|betriebe|unternehmen|clientes|empresas|entreprises)`,
  `${NUMBER}\\+? (?:zufriedene|begeisterte|glückliche) ${WORD}`,
  `${NUMBER}\\+? (?:clients|clientes|klanten) (?:satisfait(?:e?s)|satisfechos|satisfeitos)`,
  `${NUMBER}k?\\+? ${words(1, 3)}(?:already |now |bereits |schon |déjà |ya (?:lo |la )?)?${USE}${ENDS}`,
  `${NUMBER} (?:out of|von|sur|de cada) ${NUMBER} ${WORD}`,
  `${NUMBER} ?%(?:[ \\u00a0](?:of|de|der|von))?(?:[ \\u00a0](?:our|nos|nuestros|unserer|todos))?[ \\u00a0](?:customers|clients|clientes|kunden|users|guests)${NEXT}`,
  `${NUMBER}\\+? (?:five|5)[- ]star (?:reviews?|ratings?)`,
  "\\d[.,]\\d ?(?:/ ?5|out of 5|von 5|sur 5|de 5|sobre 5|stars?|sterne|étoiles|estrellas|★)",
  "5 (?:stars|sterne|étoiles|estrellas)",
];

/** Claims that begin with a sign. */
const SIGNS: readonly string[] = ["#1 (?:rated|ranked|choice|in the)", "★{3,10}"];

const WORDS = [ENGLISH, GERMAN, FRENCH, SPANISH, OTHERS].flat();

/** Words and numbers are tried only where one begins, and not at each of their characters. */
export const PROOF = new RegExp(
  latin(
    `(?<!\\p{L})(?:${SIGNS.join("|")}|(?=\\p{L})(?:${WORDS.join("|")})|(?=\\d)(?<!\\d|\\d[.,])(?:${NUMBERS.join("|")}))`,
  ),
  "giu",
);

/** All these languages have Latin letters: a pattern of all letters takes ten times as long to compile. */
function latin(pattern: string): string {
  const letters = "A-Za-z\\u00c0-\\u024f";
  return pattern
    .replace(/\[([^\]]*)\\p\{L\}([^\]]*)\]/g, `[$1${letters}$2]`)
    .replaceAll("\\p{L}", `[${letters}]`);
}

/** A number of those who buy, in copy: a plan may count the customers that it wants. */
export const CROWD =
  /(?<![\p{L}\d.,])\d[\d.,'’\u00a0\u202f]{0,12}(?: \d{3}){0,2}k?\+?[ \u00a0](?:\p{L}{1,30}[ \u00a0]){0,2}(?:customers|clients?|clientes|klanten|clinics|shops|schools|hotels|restaurants|practices|boutiques|famil(?:ies|ien|les|ias)|compan(?:ies|y)|businesses|users|teams|homes|households|offices|owners|members|kund(?:en|innen)|betrieben?|unternehmen|firmen|haushalten?|nutzer(?:innen)?|praxen|diensten?|foyers|entreprises|utilisat(?:eurs|rices)|abonnées?|équipes|hogares|empresas|usuari[oa]s|negocios|equipos)(?!\p{L})/giu;

/** Promises that cost money or bind the seller: discounts and guarantees. */
export const PROMISE =
  /(?<!\p{L})(?:money[- ]back|guarantees?|guaranteed|discounts?|refund(?:s|ed)?|geld[- ]zurück|\p{L}{0,20}garantie|\p{L}{0,20}rabatt(?:e|s|aktion|code)?|garantie(?:rt(?:e[mnrs]?)?|n)?|rabatt(?:e|s|aktion|code)?|preisnachl(?:ass|ässe)|satisfaite?s? ou remboursée?s?|garantie?s?|remises?(?= (?:de|sur|exceptionnelle|immédiate))|réduction(?=s? (?:de|sur))|ou remboursée?s?|garantías?|devolvemos el dinero|garantizad[oa]s?|descuentos?|devolución del dinero)(?!\p{L})/giu;

const QUOTE = '[“"„«「『](?<quote>[^“"„«”»「」『』]{1,600})[”"“»」』]';
const NAME = "\\p{Lu}[\\p{L}'’-]{0,40}";
const INITIAL = "\\p{Lu}\\.";
const PERSON = `(?:${INITIAL}\\s)?${NAME}(?:\\s(?:${INITIAL}|${NAME})){0,2}`;
/** What stands behind a name: its company, the end of the line, or another mark. A sentence goes on. */
const BEHIND = '(?=\\s{0,3}(?:$|[\\n,(|·<*_"]|[—–]))';

/** A quotation, followed by the name of a person, or by a verb of saying and a name. */
export const TESTIMONIAL = new RegExp(
  `${QUOTE}[*_]{0,3}\\s{0,3}(?:[—–-]\\s{0,3}[*_]{0,3}(?<signed>${PERSON}(?=(?<place>,)?))${BEHIND}|,?\\s(?:says|said|explains|raves|sagt|sagte|meint|schreibt|berichtet|erzählt|dit|explique|raconte|affirme|témoigne|confie|assure|dice|cuenta|explica|afirma|comenta|asegura|opina|diz|zegt)\\s(?<said>${PERSON}))`,
  "gmu",
);
