/**
 * Where each number and claim of a plan comes from. It is looked up in what the prompt held, not asked
 * of the model: what stands nowhere in it is an assumption, and screens can show it as one.
 */
import { type Evidence, toPlain } from "../marketing/evidence.ts";
import { LANGUAGES } from "../marketing/languages/languages.ts";
import { PROMISE, PROOF, TESTIMONIAL } from "../marketing/proof-patterns.ts";
import { numbersIn, type WrittenNumber } from "../marketing/read-number.ts";
import { type LocatedText, newEvidence, textsOf } from "../marketing/unproven-claims.ts";
import type { MeasuredWorkspace } from "../marketing/workspace/read-measured.ts";
import {
  answerSchema,
  type Plan90DayAnswer,
  type Plan90DayInput,
  type PlanSource,
} from "./schema.ts";

type Block = Exclude<PlanSource["source"], "assumption">;

/** What the prompt of a plan held. */
interface Held {
  readonly brand: unknown;
  readonly segments: unknown;
  readonly offers: unknown;
  readonly asked: Plan90DayInput;
  readonly measured: Pick<MeasuredWorkspace, "metrics" | "lastPlan">;
}

/** Screens show no more. */
const SOURCES_MAX = 200;
/** Characters of a plan that are searched: eight times the longest recorded one. */
const SEARCHED_MAX = 128 * 1024;
/** Texts of a block that are searched for percentages. */
const TEXTS_MAX = 2_000;

/**
 * What a number is says where it may come from. What was measured may stand in any block, while a target
 * or a budget that only happens to equal a price is not from the offer.
 */
const ORDER = {
  measured: ["metrics", "brand", "offer", "request"],
  decided: ["request"],
  share: ["request"],
  money: ["request", "offer", "metrics", "brand"],
  ratio: ["request", "metrics", "brand", "offer"],
  count: ["request", "metrics", "brand", "offer"],
} as const satisfies Record<string, readonly Block[]>;

type Order = keyof typeof ORDER;

/** Members that hold a number, by their paths without positions. */
const NUMBERS: Readonly<Record<string, Order>> = {
  "primary_objectives.baseline": "measured",
  "primary_objectives.goal": "decided",
  "key_metrics.current_value": "measured",
  "key_metrics.target_value": "decided",
  "budget_allocation.total_budget": "decided",
  "budget_allocation.breakdown.amount": "decided",
  "budget_allocation.breakdown.percentage": "share",
  "channel_mix.budget_percentage": "share",
  "milestones.target_value": "decided",
  "month_plan.campaigns.budget": "decided",
};

/** Days, weeks and names, which claim nothing. */
const OTHERS =
  /(?:^|\.)(?:\w+_date|publish_week|week|start_week|duration_weeks|dependencies|channels?|target_icps?|target_icp_segments|target_offers|plan_name|focus_areas)$/;

export function sourcesOf(plan: Plan90DayAnswer, held: Held): PlanSource[] {
  const known = knownIn(held);
  const own = Object.keys(answerSchema.shape);
  const members = Object.entries(plan).filter(([name]) => own.includes(name));
  const places = within(textsOf(Object.fromEntries(members)))
    .map((place) => ({ ...place, pattern: patternOf(place.path) }))
    .filter(({ pattern }) => !OTHERS.test(pattern));
  const ofNumbers = places.flatMap(({ path, text, pattern }) => {
    const order = NUMBERS[pattern];
    return order ? [{ path, find: () => sourcesInNumber(text, order, known) }] : [];
  });
  const ofTexts = places
    .filter(({ pattern }) => !NUMBERS[pattern])
    .map(({ path, text }) => ({ path, find: () => sourcesInText(text, known) }));
  const sources: PlanSource[] = [];
  // Numbers first: none is left out for a text.
  for (const { path, find } of [...ofNumbers, ...ofTexts]) {
    if (sources.length >= SOURCES_MAX) break;
    sources.push(...[...new Set(find())].map((source) => ({ path, source })));
  }
  return sources.slice(0, SOURCES_MAX);
}

interface Known extends Evidence {
  /** The numbers that are written as percentages, and no others. */
  readonly percentages: ReadonlySet<number>;
}

type KnownByBlock = Readonly<Record<Block, Known>>;

function knownIn({ brand, segments, offers, asked, measured }: Held): KnownByBlock {
  const { startDate, ...wishes } = asked;
  return {
    brand: toKnown(brand, segments),
    offer: toKnown(offers),
    request: toKnown(wishes),
    // Ids and dates are full of digits that measure nothing, and the goals of a plan are none.
    metrics: toKnown(
      textsOf([measured.metrics, measured.lastPlan?.measured_in_its_days])
        .map(({ text }) => Number(text))
        .filter(Number.isFinite),
    ),
  };
}

function toKnown(...given: readonly unknown[]): Known {
  const percentages = textsOf(given)
    .slice(0, TEXTS_MAX)
    .flatMap(({ text }) => [...numbersIn(text)].filter(({ unit }) => unit === "percent"));
  return {
    ...newEvidence(...given),
    percentages: new Set(percentages.flatMap(({ values }) => values)),
  };
}

function patternOf(path: string): string {
  return path.replaceAll(/\[\d+\]/g, "").replace(/^month_\d_plan/, "month_plan");
}

function within(texts: readonly LocatedText[]): readonly LocatedText[] {
  let left = SEARCHED_MAX;
  return texts.filter(({ text }) => {
    left -= text.length;
    return left >= 0;
  });
}

/** A member for a number may hold words as well, such as “20–25 %”. */
function sourcesInNumber(text: string, order: Order, known: KnownByBlock) {
  return [...numbersIn(text)]
    .filter(({ value }) => order === "measured" || value !== 0)
    .map((number) => blockWith(number, { order, known, text }));
}

function sourcesInText(given: string, known: KnownByBlock) {
  const text = given.replace(TIME, " ");
  const numbers = [...numbersIn(text)]
    .filter(({ value, unit }) => !(unit === "percent" && HARMLESS.has(value)))
    .map((number) => blockWith(number, { order: orderIn(number), known, text }));
  return [...numbers, ...claimsIn(text).map((claim) => blockSaying(claim, known))];
}

function orderIn({ unit }: WrittenNumber): Order {
  if (unit === null) return "count";
  return unit === "money" ? "money" : "ratio";
}

interface Within {
  readonly order: Order;
  readonly known: KnownByBlock;
  readonly text: string;
}

function blockWith(number: WrittenNumber, { order, known, text }: Within): PlanSource["source"] {
  const isIn = (block: Block) => {
    const { numbers, percentages } = known[block];
    const has = number.values.some((value) =>
      (order === "share" ? percentages : numbers).has(value),
    );
    // Thirty things of one kind say nothing of thirty others.
    const isOfOthers = order === "count" && (block === "brand" || block === "offer");
    return has && (!isOfOthers || isCounted(number, text, known[block]));
  };
  return ORDER[order].find(isIn) ?? "assumption";
}

/** Whether a block has the number beside the same word. */
function isCounted({ written }: WrittenNumber, text: string, known: Known): boolean {
  const at = text.indexOf(written);
  const [before = ""] = /\p{L}+\s$/u.exec(text.slice(0, at)) ?? [];
  const [after = ""] = /^[\s-]\p{L}+/u.exec(text.slice(at + written.length)) ?? [];
  return [`${before}${written}`, `${written}${after}`]
    .filter((phrase) => phrase !== written)
    .some((phrase) => ` ${known.text} `.includes(` ${toPlain(phrase)} `));
}

function claimsIn(text: string): readonly string[] {
  const proof = [...text.matchAll(PROOF)].map(([claim]) => claim);
  const quoted = [...text.matchAll(TESTIMONIAL)].map(({ groups }) => groups?.["quote"] ?? "");
  // “Garantie” in an offer is the source of “garantiert”.
  const promised = [...text.matchAll(PROMISE)].map(([promise]) => promise.slice(0, STEM_LENGTH));
  return [...proof, ...quoted, ...promised].slice(0, CLAIMS_MAX);
}

function blockSaying(claim: string, known: KnownByBlock): PlanSource["source"] {
  const text = toPlain(claim);
  return SAYING.find((block) => known[block].text.includes(text)) ?? "assumption";
}

const SAYING: readonly Block[] = ["brand", "offer", "request"];
/** Claims of one text that are looked up. */
const CLAIMS_MAX = 10;
const STEM_LENGTH = 6;
/** “All of it” and “nothing” are figures of speech. */
const HARMLESS: ReadonlySet<number> = new Set([0, 100]);

const SPANS = [
  // “An” is a year in French alone.
  ...LANGUAGES.flatMap(({ spans }) => spans.filter((span) => span.length > 2)),
  "ans",
  "hour",
  "stund",
  "heure",
  "hora",
  "minut",
];
const MONTHS = LANGUAGES.flatMap(({ months }) => months.flat()).filter((name) => name.length > 2);
const ANY_SPAN = `(?:${[...new Set(SPANS)].join("|")})`;
const COUNTED_SPAN = "(?:weeks?|days?|months?|woche|tag|monat|semaine|jour|mois|semana|día)";
const ANY_MONTH = `(?:${[...new Set(MONTHS)].join("|")})(?!\\p{L})`;
const SOME = "(?<!\\d)\\d{1,6}(?:\\s?(?:[-–—/,]|to|bis|à|a|and|und|et|y)\\s?\\d{1,6}){0,3}";
/** Dates, and numbers of days, weeks or months. */
const TIME = new RegExp(
  [
    "\\d{4}-\\d\\d-\\d\\d",
    "(?<![\\d.,])20[23]\\d(?![.,]?\\d)",
    `${SOME}(?:\\.|st|nd|rd|th|er|º)?\\s(?:de |of )?${ANY_MONTH}`,
    `(?<!\\p{L})${ANY_MONTH}\\.?\\s${SOME}(?![.,]?\\d|\\s?%)`,
    `${SOME}[\\s.-]{0,2}${ANY_SPAN}\\p{L}{0,3}(?!\\p{L})`,
    `(?<!\\p{L})${COUNTED_SPAN}n?\\s${SOME}(?![.,]?\\d|\\s?%)`,
  ].join("|"),
  "giu",
);
