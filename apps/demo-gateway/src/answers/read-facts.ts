/**
 * Reads the workspace and the request from the data blocks of a prompt.
 *
 * A script must answer any prompt, as a model would. Missing data and data of an unexpected type are
 * ignored.
 */
import { z } from "zod";
import { withoutMarkers } from "../faults.ts";
import type { ChatMessage } from "../read-chat-request.ts";

const text = z.string().trim().catch("");
const name = z.string().trim().min(1);
const number = z.number().nonnegative().nullable().catch(null);
const texts = z
  .array(z.unknown())
  .catch([])
  .transform((items) => items.flatMap((item) => name.safeParse(item).data ?? []));
const isoDate = z.iso.date().nullable().catch(null);

/** The items that match the schema. The others are dropped. */
function listOf<Item extends z.ZodType>(item: Item) {
  return z
    .array(z.unknown())
    .catch([])
    .transform((items) =>
      items.flatMap((one) => {
        const read = item.safeParse(one);
        return read.success ? [read.data] : [];
      }),
    );
}

/** An object whose members all have defaults. Anything else becomes the defaults. */
function blockOf<Shape extends z.ZodRawShape>(shape: Shape) {
  const block = z.object(shape);
  return block.catch(() => block.parse({}));
}

const workspace = blockOf({
  name: text,
  currency: name.catch("EUR"),
  language: name.catch("en"),
});

const brand = blockOf({
  brand_name: text,
  industry: text,
  unique_value_proposition: text,
  brand_tone: text,
  brand_colors: blockOf({ primary: text }),
  key_differentiators: texts,
  messaging_pillars: texts,
});

const segment = z.object({
  segment_name: name,
  is_primary: z.boolean().catch(false),
  pain_points: texts,
  goals: texts,
  buying_triggers: texts,
  objections: texts,
  preferred_channels: texts,
});

const offer = z.object({
  offer_name: name,
  is_flagship: z.boolean().catch(false),
  key_benefits: texts,
  price_range: blockOf({ min: number, max: number }),
});

const plan = z.object({
  id: text,
  plan_name: text,
  start_date: isoDate,
  end_date: isoDate,
  budget_allocation: blockOf({ total_budget: number }),
  target_icp_segments: texts,
  target_offers: texts,
});

const stage = z.object({
  id: text,
  stage_name: text,
  stage_type: text,
  channels: texts,
  budget_allocation: number,
});

const aggregate = z
  .object({
    impressions: number,
    clicks: number,
    conversions: number,
    cost: number,
    revenue: number,
    roas: number,
  })
  .nullable()
  .catch(null);

const metrics = blockOf({
  period: text,
  data_mode: text,
  signals: listOf(z.object({ campaign_id: name, severity: z.enum(["warning", "critical"]) })),
  by_campaign: listOf(
    z.object({
      campaign_id: name,
      current: aggregate,
      previous: aggregate,
      change_percent: z
        .object({ conversions: z.number().nullable().catch(null) })
        .nullable()
        .catch(null),
    }),
  ),
});

const request = blockOf({
  today: isoDate,
  start_date: isoDate,
  prompt: text,
  primaryGoal: text,
  budget: number,
  targetMetrics: z.record(z.string(), z.union([z.number(), z.string()])).catch({}),
  focusAreas: texts,
  constraints: z.union([z.object({ channels: texts, notes: text }), z.string()]).catch(""),
  funnelType: z.enum(["marketing", "sales", "product"]).catch("marketing"),
  campaignGoal: z
    .enum(["lead_gen", "nurture", "reactivation", "retention", "awareness", "conversion"])
    .catch("lead_gen"),
  stage_id: text,
  preferences: z.union([z.object({ budgetNotes: text, notes: text }), z.string()]).catch(""),
  channels: texts,
  write_for: texts,
  contentTypes: texts,
  funnel_stage: z
    .enum(["awareness", "consideration", "conversion", "retention", "advocacy"])
    .catch("awareness"),
  ctaIntent: z.enum(["educate", "engage", "convert", "retain", "refer"]).catch("engage"),
  current_step: z.enum(["brand", "icp", "offers"]).nullable().catch(null),
});

const facts = z.object({
  workspace,
  brand,
  segments: listOf(segment),
  offers: listOf(offer),
  request,
  plan: plan.nullable().catch(null),
  funnel: blockOf({ total_budget: number }),
  stages: listOf(stage),
  campaigns: listOf(z.object({ id: name, campaign_name: name, campaign_type: text })),
  campaign: z.object({ campaign_name: name }).nullable().catch(null),
  metrics,
});

export type Facts = z.infer<typeof facts> & {
  /** The day on which the answer is written. */
  readonly today: string;
  /** The user's messages, oldest first. */
  readonly said: readonly string[];
};
export type Offer = Facts["offers"][number];

const BLOCK = /<data-([\w-]+) name="(\w+)">\n([\s\S]*?)\n<\/data-\1>/g;

/** `today` is used if the prompt names no date. */
export function readFacts(messages: readonly ChatMessage[], today: string): Facts {
  const blocks = new Map<string, unknown>();
  for (const { content } of messages) {
    for (const [, , name = "", json = ""] of withoutMarkers(content).matchAll(BLOCK)) {
      // The prompt's own blocks come before those in a conversation.
      if (!blocks.has(name)) blocks.set(name, parseJson(json));
    }
  }
  const read = facts.parse(Object.fromEntries(blocks));
  const said = messages.filter(({ role }) => role === "user").map(({ content }) => content);
  return { ...read, today: read.request.today ?? today, said: said.map(withoutMarkers) };
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    // A block that is not JSON is ignored.
    return undefined;
  }
}
