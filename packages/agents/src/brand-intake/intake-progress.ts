/**
 * The progress of a part of the interview, counted in topics.
 *
 * A topic is known if one of its columns has enough entries for a team to start from. With several
 * segments or offers, the most complete one counts.
 */
import { type IntakeProgress, type IntakeStep, STEPS } from "./schema.ts";

interface Topic {
  readonly name: string;
  readonly columns: readonly string[];
  readonly entriesMin?: number;
}

/** Entries that each list of a segment needs before its topic counts as known. */
export const SEGMENT_MINIMA = {
  pain_points: 3,
  goals: 3,
  buying_triggers: 2,
  objections: 2,
} as const;

const TOPICS: Readonly<Record<IntakeStep, readonly Topic[]>> = {
  brand: [
    { name: "name", columns: ["brand_name"] },
    { name: "industry", columns: ["industry"] },
    { name: "mission", columns: ["mission_statement"] },
    { name: "promise", columns: ["unique_value_proposition"] },
    { name: "voice", columns: ["brand_voice", "brand_tone", "brand_personality"] },
    { name: "values", columns: ["core_values"] },
    { name: "differences", columns: ["key_differentiators", "competitors"] },
    { name: "messages", columns: ["messaging_pillars", "content_themes"] },
  ],
  icp: [
    { name: "who they are", columns: ["segment_description", "demographics"] },
    { name: "roles and companies", columns: ["job_titles", "company_size", "industry_verticals"] },
    { name: "pains", columns: ["pain_points"], entriesMin: SEGMENT_MINIMA.pain_points },
    { name: "goals", columns: ["goals"], entriesMin: SEGMENT_MINIMA.goals },
    { name: "triggers", columns: ["buying_triggers"], entriesMin: SEGMENT_MINIMA.buying_triggers },
    { name: "objections", columns: ["objections"], entriesMin: SEGMENT_MINIMA.objections },
    { name: "decisions", columns: ["decision_criteria"] },
    { name: "channels", columns: ["preferred_channels"] },
    { name: "content", columns: ["content_preferences"] },
    { name: "interests and values", columns: ["psychographics"] },
    { name: "budget", columns: ["budget_range"] },
  ],
  offers: [
    { name: "name", columns: ["offer_name"] },
    { name: "description", columns: ["description"] },
    { name: "benefits", columns: ["key_benefits"] },
    { name: "features", columns: ["features"] },
    { name: "price", columns: ["pricing_model", "price_range"] },
    { name: "segments", columns: ["target_segments"] },
    { name: "use cases", columns: ["use_cases"] },
    { name: "success", columns: ["success_metrics", "competitive_positioning"] },
  ],
};

export interface Known {
  readonly brand: object | null;
  readonly segments: readonly object[];
  readonly offers: readonly object[];
}

/** If the step that the screen shows is complete, the next incomplete step follows. */
export function stepOf(current: IntakeStep | undefined, known: Known): IntakeStep {
  const isOpen = (step: IntakeStep) => intakeProgress(step, known).percent < 100;
  if (current && isOpen(current)) return current;
  return STEPS.find(isOpen) ?? current ?? "offers";
}

export function intakeProgress(
  step: IntakeStep,
  { brand, segments, offers }: Known,
): IntakeProgress {
  const candidates = { brand: brand ? [brand] : [], icp: segments, offers }[step];
  return candidates
    .map((candidate) => countTopics(step, candidate))
    .reduce(
      (best, progress) => (progress.percent > best.percent ? progress : best),
      countTopics(step, {}),
    );
}

function countTopics(step: IntakeStep, candidate: object): IntakeProgress {
  const columns = new Map<string, unknown>(Object.entries(candidate));
  const isKnown = (topic: Topic) =>
    topic.columns.some((column) => hasContent(columns.get(column), topic.entriesMin));
  const names = (topics: readonly Topic[]) => topics.map(({ name }) => name);
  const known = TOPICS[step].filter(isKnown);
  return {
    step,
    percent: Math.round((100 * known.length) / TOPICS[step].length),
    known: names(known),
    missing: names(TOPICS[step].filter((topic) => !known.includes(topic))),
  };
}

/** An object with only empty members has no content. A currency alone is no price. */
function hasContent(value: unknown, entriesMin = 1): boolean {
  if (Array.isArray(value)) return value.length >= entriesMin;
  if (typeof value === "string") return value.trim() !== "";
  if (typeof value !== "object" || value === null) return typeof value === "number";
  return Object.entries(value).some(([key, member]) => key !== "currency" && hasContent(member));
}
