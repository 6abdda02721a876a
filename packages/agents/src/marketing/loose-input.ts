/**
 * Inputs as screens and scripts of the replaced functions write them: "Lead Gen", "20,000 EUR", a date
 * with a time, a list as text. Each is read where it has one reading. What has none stays as it is, and
 * the agent's schema refuses it with the valid values.
 */
import { readNumberText } from "./read-number.ts";
import { newWordReader } from "./read-word.ts";
import { CAMPAIGN_GOALS, CTA_INTENTS, FUNNEL_STAGES, FUNNEL_TYPES, PERIODS } from "./vocabulary.ts";

type Reader = (text: string) => unknown;

const PERIOD_SYNONYMS: Readonly<Record<string, string>> = {
  week: "last_7_days",
  last_week: "last_7_days",
  weekly: "last_7_days",
  past_week: "last_7_days",
};

const READERS: Readonly<Record<string, Reader>> = {
  budget: readMoney,
  startDate: readDate,
  targetMetrics: readTargets,
  campaignGoal: wordOf(CAMPAIGN_GOALS),
  funnelType: wordOf(FUNNEL_TYPES),
  funnelStage: wordOf(FUNNEL_STAGES),
  ctaIntent: wordOf(CTA_INTENTS),
  period: readPeriod,
  channels: readList,
  focusAreas: readList,
  contentTypes: readList,
};

/** The members with their values as the schemas want them, where they can be read so. */
export function readLoosely(payload: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(payload).map(([name, value]) => {
      const read = Object.hasOwn(READERS, name) ? READERS[name] : undefined;
      return [
        name,
        read && typeof value === "string" && value.length <= READ_MAX ? read(value) : value,
      ];
    }),
  );
}

/** Characters of a text that is read. A longer one is none of these. */
const READ_MAX = 4_000;
/** An amount has two decimals at most, so that three digits behind a point or comma are thousands. */
const DECIMALS_MAX = 2;

function readMoney(text: string): unknown {
  const number = readNumberText(text);
  if (number === null || number.isAbout || number.words !== "" || number.outOf !== null)
    return text;
  const { value, grouped, unit, decimals } = number;
  if (unit !== null && unit !== "money") return text;
  return grouped ?? (decimals > DECIMALS_MAX ? text : value);
}

const DATE_TIME = /^(?<date>\d{4}-\d{2}-\d{2})[T ]\d{2}:\d{2}/;

/** The day as it is written, whatever the time zone: the caller chose that day. */
function readDate(text: string): unknown {
  const date = DATE_TIME.exec(text.trim())?.groups?.["date"];
  return date !== undefined && !Number.isNaN(Date.parse(text)) ? date : text;
}

function readList(text: string): unknown {
  const items = partsOf(text);
  return items.length > 0 ? items : text;
}

const PLAIN = /^\d+(?:[.,]\d{1,2})?$/;
const TARGET = /^(?<name>[^:=]+?)\s*[:=]\s*(?<value>.+)$/;

/** `leads: 200, revenue: 5000` names its targets. Any other text is one target in words. */
function readTargets(text: string): unknown {
  const targets = partsOf(text).map((part) => TARGET.exec(part)?.groups);
  if (targets.length === 0) return text;
  if (!targets.every((groups) => groups !== undefined)) return { target: text.trim() };
  return Object.fromEntries(
    targets.map(({ name = "", value = "" }) => [
      name,
      PLAIN.test(value) ? readMoney(value) : value,
    ]),
  );
}

/** Commas between digits belong to a number. */
function partsOf(text: string): string[] {
  return text.split(/[;\n]|,(?!\d{3}\b)/).flatMap((part) => part.trim() || []);
}

const DAYS = /^(?:(?:last|past)_)?(?<days>\d+)_?(?:d|days?)?$/;

function readPeriod(text: string): unknown {
  const word = toWord(text);
  const days = DAYS.exec(word)?.groups?.["days"];
  const name = days === undefined ? (PERIOD_SYNONYMS[word] ?? word) : `last_${Number(days)}_days`;
  return PERIODS.some((period) => period === name) ? name : text;
}

function wordOf(words: readonly string[]): Reader {
  const reader = newWordReader(words);
  return (text) => reader(text) ?? text;
}

/** `Lead-Gen ` becomes `lead_gen`. */
function toWord(text: string): string {
  return text
    .trim()
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "_")
    .replaceAll(/^_|_$/g, "");
}
