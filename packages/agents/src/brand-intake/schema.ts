/** The input and output of the interview. Its blocks contain columns of the tables only. */
import { z } from "zod";
import { agentInput, freeText } from "../marketing/input-fields.ts";
import {
  amount,
  nullableText,
  oneOf,
  optionalText,
  requiredName,
  requiredText,
  signed,
  texts,
} from "../marketing/output-fields.ts";
import { OFFER_TYPES } from "../marketing/vocabulary.ts";

export const STEPS = ["brand", "icp", "offers"] as const;

/** Characters of one message: several pages of text. */
const MESSAGE_MAX = 16_000;
/** A conversation of any real length. Only the last ones are used. */
const MESSAGES_MAX = 1_000;
/** Segments or offers that the screen has collected. */
const KNOWN_ENTRIES_MAX = 50;
/** Characters of one of them as JSON. */
const KNOWN_ENTRY_MAX = 16_000;

const message = z.strictObject({
  role: z.enum(["user", "assistant"]),
  content: z.string().max(MESSAGE_MAX).describe("May be empty: an answer that held only data."),
});

/** The data that the screen has collected. Only its size is checked, not its members. */
const knownEntry = z.record(z.string().max(100), z.unknown()).refine(isShort, "Too long");
const knownEntries = z.array(knownEntry).max(KNOWN_ENTRIES_MAX);

export const inputSchema = agentInput({
  messages: z
    .array(message)
    .max(MESSAGES_MAX)
    .default([])
    .describe("The conversation so far, oldest first. The last 40 messages are used."),
  currentStep: z
    .enum(STEPS)
    .optional()
    .describe("Where the conversation is. A stale step does no harm."),
  existingData: z
    .strictObject({
      brand: knownEntry.nullish(),
      icp: knownEntries.nullish(),
      offers: knownEntries.nullish(),
    })
    .optional()
    .describe("What has been collected so far, so that nothing is asked twice."),
  prompt: freeText.describe("The user's message, used when `messages` is empty."),
});

function isShort(entry: object): boolean {
  try {
    return JSON.stringify(entry).length <= KNOWN_ENTRY_MAX;
  } catch {
    // Nested too deeply for the stack. The API refuses this; a direct RPC call does not.
    return false;
  }
}

const priceRange = z
  .object({
    min: amount.nullable().default(null),
    max: amount.nullable().default(null),
    currency: nullableText.describe("ISO 4217"),
  })
  .nullable()
  .default(null);

const competitor = z.preprocess(
  (value) => (typeof value === "string" ? { name: value } : value),
  z.object({ name: requiredText, notes: optionalText }),
);

/** A list replaces a known one, but an empty list says nothing, so this is how one gets shorter. */
const remove = texts
  .unwrap()
  .optional()
  .describe("Entries of its known lists that the owner took back, word for word");

export const brandBlock = z.object({
  brand_name: requiredName,
  tagline: nullableText,
  mission_statement: nullableText,
  brand_voice: nullableText.describe("3–5 adjectives in one sentence"),
  brand_tone: nullableText,
  brand_personality: texts.describe("3–5 traits"),
  core_values: texts,
  brand_colors: z
    .object({ primary: nullableText, secondary: nullableText, accent: nullableText })
    .nullable()
    .default(null)
    .describe("Hex codes"),
  brand_fonts: z.object({ heading: nullableText, body: nullableText }).nullable().default(null),
  logo_url: nullableText,
  website_url: nullableText,
  industry: nullableText,
  competitors: z.array(competitor).default([]),
  unique_value_proposition: nullableText,
  key_differentiators: texts,
  messaging_pillars: texts.describe("3–5 messages that everything else supports"),
  content_themes: texts,
  remove,
});

export const segmentBlock = z.object({
  segment_name: requiredName,
  segment_description: nullableText,
  demographics: z
    .object({ age_range: nullableText, location: nullableText, income_level: nullableText })
    .nullable()
    .default(null),
  psychographics: z
    .object({ interests: texts, values: texts, lifestyle: nullableText })
    .nullable()
    .default(null),
  pain_points: texts.describe("At least 3"),
  goals: texts.describe("At least 3"),
  buying_triggers: texts.describe("At least 2"),
  objections: texts.describe("At least 2"),
  preferred_channels: texts,
  content_preferences: z
    .object({ format: nullableText, tone: nullableText, topics: texts })
    .nullable()
    .default(null),
  decision_criteria: texts,
  budget_range: priceRange,
  company_size: nullableText,
  industry_verticals: texts,
  job_titles: texts,
  is_primary: z.boolean().default(false).describe("True for one segment only"),
  priority_score: signed.pipe(z.int().min(0).max(100)).nullable().default(null).describe("0–100"),
  remove,
});

export const offerBlock = z.object({
  offer_name: requiredName,
  offer_type: oneOf(OFFER_TYPES),
  description: nullableText,
  key_benefits: texts,
  features: texts,
  pricing_model: nullableText,
  price_range: priceRange,
  target_segments: texts.describe("Names of segments that are known"),
  use_cases: texts,
  success_metrics: texts,
  competitive_positioning: nullableText,
  is_flagship: z.boolean().default(false).describe("True for one offer only"),
  status: oneOf(["active", "draft", "archived"]).default("active"),
  remove,
});

/** What the model is asked for: prose and blocks. */
export const writtenSchema = z.object({
  message: z
    .string()
    .describe("What is shown to the user: the answer without its blocks; may then be empty."),
  brand: brandBlock.optional().describe("The brand profile, once it is complete."),
  icp: segmentBlock.optional().describe("One customer segment, once it is complete."),
  offer: offerBlock.optional().describe("One offer, once it is complete."),
});

/** What an answer may hold: models also describe several segments and offers at once. */
export const answerSchema = z
  .object({
    ...writtenSchema.shape,
    more_icp: z.array(segmentBlock).optional().describe("Further segments of the same answer."),
    more_offer: z.array(offerBlock).optional().describe("Further offers of the same answer."),
  })
  .refine(
    ({ message, brand, icp, offer }) => message !== "" || brand || icp || offer,
    "The answer says nothing that can be used.",
  );

const progress = z.object({
  step: z.enum(STEPS),
  percent: z.int().min(0).max(100).describe("The share of the step's topics that are known."),
  known: z.array(z.string()),
  missing: z.array(z.string()).describe("What is still to be asked."),
  said: z
    .array(z.string())
    .optional()
    .describe("What is known from the conversation alone, and not written down yet."),
});

export const outputSchema = answerSchema.safeExtend({
  progress: progress.optional().describe("How far the step is, counted and not guessed."),
});

export type BrandIntakeInput = z.infer<typeof inputSchema>;
export type Brand = z.infer<typeof brandBlock>;
export type Segment = z.infer<typeof segmentBlock>;
export type Offer = z.infer<typeof offerBlock>;
export type BrandIntakeAnswer = z.infer<typeof answerSchema>;
export type IntakeStep = (typeof STEPS)[number];
export type IntakeProgress = z.infer<typeof progress>;
