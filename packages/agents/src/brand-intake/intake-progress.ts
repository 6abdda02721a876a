/**
 * The progress of a part of the interview, counted in topics.
 *
 * A topic is known if one of its columns has enough entries for a team to start from, or if it was
 * talked about. With several segments or offers, the most complete one counts.
 */
import { type IntakeProgress, type IntakeStep, STEPS } from "./schema.ts";

interface Topic {
  readonly name: string;
  readonly columns: readonly string[];
  readonly entriesMin?: number;
  /** It is asked for, but the part is complete without it. */
  readonly isOptional?: boolean;
  /** The topic of which one of these columns holds something does not concern this candidate. */
  readonly unlessKnown?: readonly string[];
}

const COMPANY_COLUMNS = ["job_titles", "company_size", "industry_verticals"];

/** Entries that each list of a segment needs before its topic counts as known. */
const SEGMENT_MINIMA = {
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
    {
      name: "looks",
      columns: ["brand_colors", "brand_fonts", "logo_url", "website_url"],
      isOptional: true,
    },
  ],
  icp: [
    { name: "who they are", columns: ["segment_description", "demographics"] },
    { name: "roles and companies", columns: COMPANY_COLUMNS },
    { name: "pains", columns: ["pain_points"], entriesMin: SEGMENT_MINIMA.pain_points },
    { name: "goals", columns: ["goals"], entriesMin: SEGMENT_MINIMA.goals },
    { name: "triggers", columns: ["buying_triggers"], entriesMin: SEGMENT_MINIMA.buying_triggers },
    { name: "objections", columns: ["objections"], entriesMin: SEGMENT_MINIMA.objections },
    { name: "decisions", columns: ["decision_criteria"] },
    { name: "channels", columns: ["preferred_channels"] },
    { name: "content", columns: ["content_preferences"] },
    {
      name: "interests and values",
      columns: ["psychographics"],
      unlessKnown: COMPANY_COLUMNS,
    },
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

const NOTHING_HEARD: ReadonlySet<string> = new Set();

export function intakeProgress(
  step: IntakeStep,
  { brand, segments, offers }: Known,
  heard = NOTHING_HEARD,
): IntakeProgress {
  const candidates = { brand: brand ? [brand] : [], icp: segments, offers }[step];
  return candidates
    .map((candidate) => countTopics(step, candidate, heard))
    .reduce(
      (best, progress) => (isFuller(progress, best) ? progress : best),
      countTopics(step, {}, heard),
    );
}

/** Of two that are known equally well, the one of which more is written down. */
function isFuller(one: IntakeProgress, other: IntakeProgress): boolean {
  if (one.percent !== other.percent) return one.percent > other.percent;
  return (one.said ?? []).length < (other.said ?? []).length;
}

function countTopics(
  step: IntakeStep,
  candidate: object,
  heard: ReadonlySet<string>,
): IntakeProgress {
  const columns = new Map<string, unknown>(Object.entries(candidate));
  const isWritten = ({ columns: own, entriesMin }: Topic) =>
    own.some((column) => hasContent(columns.get(column), entriesMin));
  const concerns = ({ unlessKnown = [] }: Topic) =>
    !unlessKnown.some((column) => hasContent(columns.get(column)));
  const names = (topics: readonly Topic[]) => topics.map(({ name }) => name);
  const topics = TOPICS[step].filter(concerns);
  const counted = topics.filter(({ isOptional = false }) => !isOptional);
  const known = topics.filter((topic) => isWritten(topic) || heard.has(topic.name));
  const said = names(known.filter((topic) => !isWritten(topic)));
  const share = counted.filter((topic) => known.includes(topic)).length / counted.length;
  return {
    step,
    percent: Math.round(100 * share),
    known: names(known),
    missing: names(topics.filter((topic) => !known.includes(topic))),
    ...(said.length > 0 && { said }),
  };
}

/** An object with only empty members has no content. A currency alone is no price. */
function hasContent(value: unknown, entriesMin = 1): boolean {
  if (Array.isArray(value)) return value.length >= entriesMin;
  if (typeof value === "string") return value.trim() !== "";
  if (typeof value !== "object" || value === null) return typeof value === "number";
  return Object.entries(value).some(([key, member]) => key !== "currency" && hasContent(member));
}
