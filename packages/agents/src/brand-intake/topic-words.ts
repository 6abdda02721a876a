/** Words that tell, in the supported languages, which topic of the interview a sentence is about. */
import type { IntakeStep } from "./schema.ts";

const NAME = /\b(?:name|called|heißt|heisst|nennt|nom|s['’]appelle|nombre|llama)/i;

export const TOPIC_WORDS: Readonly<Record<IntakeStep, Readonly<Record<string, RegExp>>>> = {
  brand: {
    name: NAME,
    industry: /industry|branche|secteur|sector|line of business|what do you (?:do|make|sell)/i,
    mission: /mission|purpose|misión|raison d['’]être|wofür|warum gibt es/i,
    promise: /promis|verspr|prome[ts]|nobody else|niemand sonst|unique|einzigartig|único/i,
    voice:
      /voice|\btone?\b|sounds?\b|klingt|klingen|spricht|sprechen|stimme|voix|\bvoz\b|personal/i,
    values: /\bvalues\b|\bwerte\b|valeurs|valores/i,
    differences: /compet|rivals?\b|differ|konkurren|bewerb|gegner|unterscheid|concurren|différ/i,
    messages: /messages?\b|botschaft|\bthem(?:es|en)\b|thèmes|mensajes|\btemas\b/i,
    looks: /colou?r|farben?\b|couleur|logo|schrift|fonts?\b|polices?\b|web ?site|webseite|web\b/i,
  },
  icp: {
    "who they are": /customer|kund|client|\bwho\b|\bwer\b|\bqui\b|quién/i,
    "roles and companies":
      /\broles?\b|\bjobs?\b|beruf|firm|unternehm|compan|entrepr|empres|betrieb/i,
    pains: /\bpains?\b|struggl|problem|worr|sorge|angst|ärger|fürcht|problèm|souci|dolor|preocup/i,
    goals:
      /\bgoals?\b|achieve|\bziele?n?\b|wünsch|\bwollen\b|objectif|objetivo|\bmetas?\b|quieren/i,
    triggers: /trigger|occasion|anl[aä]ss|auslös|déclench|moment|desencad|makes them (?:buy|call)/i,
    objections: /object|hold\w* .{0,20}back|hesita|zurück|einw[aä]nd|bedenken|\bfreins?\b|\bfrena/i,
    decisions: /decid|decision|criteri|entscheid|kriteri|wichtig|critère|décid|import[aá]nt/i,
    channels: /channel|\breach|\breads?\b|kan[aä]l|erreich|\blesen\b|canal|canaux|lisent|\bleen\b/i,
    content: /content|formats?\b|inhalte|artikel|videos?\b|contenu|contenido/i,
    "interests and values": /interest|interess|hobb|lifestyle|intér[eê]t|intereses|afici/i,
    budget: /budget|\bspend|ausgeb|dépens|presupuesto|gastan/i,
  },
  offers: {
    name: NAME,
    description: /product|produ[ik]t|service|angebot|leistung|\boffers?\b|offre|oferta|servicio/i,
    benefits: /benefi|advantage|nutzen|vorteil|bénéfi|avantage|ventaja/i,
    features: /feature|includ|enthalten|umfasst|funktion|inclu[ts]|fonction|característica/i,
    price: /\bpric|\bcosts?\b|kostet|kosten\b|prei[sn]|\bprix\b|coûte|precio|cuesta|[€$£]/i,
    segments: /for whom|who is it for|für wen|pour qui|para quién/i,
    "use cases": /use cases?|anwend|einsatz|cas d['’]usage|casos? de uso/i,
    success: /success|result|erfolg|ergebnis|succès|résultat|éxito|resultado/i,
  },
};
