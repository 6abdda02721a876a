/**
 * A scripted interview: asks a question, takes one answer, writes it down as a block, goes on.
 *
 * The script does not understand language. It finds names by patterns, quotes the user's words and
 * fills in the rest, so that a screen shows every step of an interview.
 */
import { DEMO_NOTE } from "./demo-note.ts";
import { clip } from "./new-brief.ts";
import type { Facts } from "./read-facts.ts";

type Step = "brand" | "icp" | "offers";

/** A first message with this many words is enough to continue. */
const ENOUGH_WORDS = 25;
const NAME_MAX = 60;
const QUOTE_MAX = 300;

const QUESTIONS: Readonly<Record<Step, string>> = {
  brand: "What is your brand called, what does it do, and what do you promise that others do not?",
  icp: "Who is your most important group of customers, what troubles them, and what do they hope for?",
  offers: "What do you offer them first: what is it called, what does it bring, what does it cost?",
};

export function answerAsBrandIntake(facts: Facts): string {
  const step = stepOf(facts);
  const isStale = facts.request.current_step !== null && step !== facts.request.current_step;
  if (isStale || !saysEnough(facts.said)) return ask(facts, step);
  if (step === "brand") return note(facts, "brand", newBrand(facts));
  if (step === "icp") return note(facts, "icp", newSegment(facts));
  return note(facts, "offer", newOffer(facts));
}

/** The step to ask about next. The screen's step can be one message behind; the known data is not. */
function stepOf({ request, brand, segments }: Facts): Step {
  const hasBrand = brand.brand_name !== "";
  const { current_step } = request;
  if (current_step && !(current_step === "brand" && hasBrand)) return current_step;
  if (!hasBrand) return "brand";
  return segments.length === 0 ? "icp" : "offers";
}

function saysEnough(said: readonly string[]): boolean {
  if (said.length > 1) return true;
  const [first = ""] = said;
  return nameIn(first) !== "" || first.split(/\s+/).length >= ENOUGH_WORDS;
}

function ask(facts: Facts, step: Step): string {
  const known = facts.brand.brand_name;
  const opening = known
    ? `Thank you, I have noted ${known}. Let us go on.`
    : "Hello, and welcome! Together we describe your brand, your customers and your offers.";
  return `${opening}\n\n${QUESTIONS[step]}\n\n${DEMO_NOTE}`;
}

function note(facts: Facts, tag: "brand" | "icp" | "offer", block: object): string {
  const next = { brand: "icp", icp: "offers", offer: null } as const;
  const following = next[tag];
  const heard = clip(lastSaid(facts), QUOTE_MAX);
  return [
    `Thank you. I understood: “${heard}”`,
    "I have written this part down.",
    following ? QUESTIONS[following] : "With that, the first part of the interview is complete.",
    DEMO_NOTE,
    `\`\`\`json:${tag}\n${JSON.stringify(block, null, 2)}\n\`\`\``,
  ].join("\n\n");
}

function lastSaid({ said }: Facts): string {
  // Backticks would open a block.
  return (said.at(-1) ?? "").replaceAll("`", "'").trim() || "nothing yet";
}

/** The words after “called”, “we are”, “named” or a colon, up to the next clause. */
function nameIn(text: string): string {
  const pattern =
    /(?:\b[Cc]alled|\b[Nn]amed|\b[Nn]ame is|\b[Ww]e are|\b[Ww]e're|\b[Bb]rand is|\b[Tt]his is|:)\s+["“”']?([\p{Lu}\p{Lo}\p{N}][^.,;:!?\n"“”]*?)["“”']?(?=\s+(?:and|which|who|that|a|an|the|is|for|from|in|we)\b|[.,;:!?\n"“”]|$)/u;
  return clip(pattern.exec(text)?.[1] ?? "", NAME_MAX);
}

function firstNameIn(said: readonly string[]): string {
  return said.map(nameIn).find((name) => name !== "") ?? "";
}

function brandNameOf({ said, brand, workspace }: Facts): string {
  return brand.brand_name || firstNameIn(said) || workspace.name || "Your brand";
}

function newBrand(facts: Facts): object {
  const { brand } = facts;
  const name = brandNameOf(facts);
  return {
    brand_name: name,
    tagline: `${name}: well thought, well made`,
    mission_statement: `${name} makes life easier for the people it serves.`,
    brand_voice: "Clear, warm and competent",
    brand_tone: "Friendly",
    brand_personality: ["honest", "curious", "reliable"],
    core_values: ["Care", "Clarity", "Craft"],
    brand_colors: { primary: "#1f4b99", secondary: "#f2efe8", accent: "#e0732f" },
    brand_fonts: { heading: "Inter", body: "Inter" },
    logo_url: null,
    website_url: null,
    industry: brand.industry || null,
    competitors: [],
    unique_value_proposition: clip(lastSaid(facts), QUOTE_MAX),
    key_differentiators: ["Close to its customers", "Plain words", "Quick answers"],
    messaging_pillars: ["Understood", "Made easier", "Made to last"],
    content_themes: ["Behind the scenes", "Questions answered", "Small steps"],
  };
}

function newSegment(facts: Facts): object {
  const { segments, workspace } = facts;
  const name = nameIn(lastSaid(facts)) || `Customers of ${clip(brandNameOf(facts), NAME_MAX)}`;
  const known = segments.map((segment) => segment.segment_name);
  return {
    segment_name: known.includes(name) ? `${name} (${known.length + 1})` : name,
    segment_description: clip(lastSaid(facts), QUOTE_MAX),
    demographics: { age_range: null, location: null, income_level: null },
    psychographics: { interests: [], values: ["Reliability"], lifestyle: null },
    pain_points: ["Too little time", "Too many choices", "Unclear prices"],
    goals: ["A result that lasts", "Less effort", "Somebody to ask"],
    buying_triggers: ["A recommendation", "A deadline"],
    objections: ["It may not be worth the price", "Changing takes effort"],
    preferred_channels: ["Email", "LinkedIn"],
    content_preferences: { format: "Short articles", tone: "Friendly", topics: ["First steps"] },
    decision_criteria: ["Price", "Trust"],
    budget_range: { min: null, max: null, currency: workspace.currency },
    company_size: null,
    industry_verticals: [],
    job_titles: [],
    is_primary: segments.length === 0,
    priority_score: 80,
  };
}

function newOffer(facts: Facts): object {
  const { segments, offers, workspace } = facts;
  const name = nameIn(lastSaid(facts)) || `First offer of ${clip(brandNameOf(facts), NAME_MAX)}`;
  const known = offers.map((offer) => offer.offer_name);
  return {
    offer_name: known.includes(name) ? `${name} (${known.length + 1})` : name,
    offer_type: "service",
    description: clip(lastSaid(facts), QUOTE_MAX),
    key_benefits: ["Saves time", "Easy to begin", "Help when needed"],
    features: ["A clear first step", "A fixed contact"],
    pricing_model: null,
    price_range: { min: null, max: null, currency: workspace.currency },
    target_segments: segments.map((segment) => segment.segment_name),
    use_cases: ["Getting started"],
    success_metrics: ["Customers who come back"],
    competitive_positioning: null,
    is_flagship: offers.length === 0,
    status: "active",
  };
}
