/**
 * Finds statements such as “clicks rose” where the data shows that they did not. Only statements with one
 * number and one direction are understood; any other is left alone.
 */
import { doubt, type Finding } from "../agent/finding.ts";
import { LANGUAGES } from "../marketing/languages/languages.ts";
import {
  type Change,
  MEASURED_NAMES,
  type MeasuredName,
} from "../marketing/metrics/aggregate-metrics.ts";
import type { Recommendation } from "./finish-recommendation.ts";
import { type Known, measuredChannel } from "./sources.ts";

type Direction = "rose" | "fell";

/** A metric of which a text says that it changed. */
interface Statement {
  readonly metric: MeasuredName;
  readonly direction: Direction;
  readonly clause: string;
}

/** Characters of a text that are read, and texts: twice what an answer has at most. */
const TEXT_MAX = 2_000;
const TEXTS_MAX = 16;

export function falseChanges(
  recommendations: readonly Recommendation[],
  known: Known,
): readonly Finding[] {
  return recommendations.slice(0, TEXTS_MAX).flatMap((one, i) => {
    const changes = changesOf(one, known);
    if (changes.length === 0) return [];
    const wrong = statementsIn(`${one.title}. ${one.description}`).find(
      ({ metric, direction }) => !changes.some((change) => isSo(change[metric], direction)),
    );
    if (!wrong) return [];
    const shown = changes.map((change) => `${change[wrong.metric]} %`).join(" or ");
    const message = `“${wrong.clause}”, but the data shows a change of ${wrong.metric} by ${shown}. Say what the metrics block says.`;
    return [doubt("number", `recommendations[${i}].description`, message)];
  });
}

/** An unknown change is no contradiction. */
function isSo(change: number | null, direction: Direction): boolean {
  if (change === null) return true;
  return direction === "rose" ? change > 0 : change < 0;
}

/** Of its campaign or channel and of those that its text names; of all, where there is none. */
function changesOf(
  { source_id, source_name, source_type, title, description }: Recommendation,
  { context }: Known,
): readonly Change[] {
  const { by_campaign, totals } = context.metrics;
  const owner = context.campaigns.find(({ channels }) =>
    channels.some(({ id }) => id === source_id),
  );
  const text = `${title} ${description}`;
  const own = by_campaign
    .filter(
      ({ campaign_id, campaign_name }) =>
        campaign_id === source_id || campaign_id === owner?.id || text.includes(campaign_name),
    )
    .flatMap(({ change_percent }) => change_percent ?? []);
  const channel = source_type === "channel" ? measuredChannel(source_name, context) : null;
  const specific = [...own, ...(channel?.change_percent ? [channel.change_percent] : [])];
  if (specific.length > 0) return specific;
  return totals.change_percent ? [totals.change_percent] : [];
}

const METRICS: readonly (readonly [RegExp, MeasuredName])[] = MEASURED_NAMES.flatMap((name) =>
  LANGUAGES.flatMap(({ metrics }) => metrics[name] ?? [])
    .toSorted((a, b) => b.length - a.length)
    .map((words) => [patternOf(words), name] as const),
).toSorted(([a], [b]) => b.source.length - a.source.length);
const DIRECTIONS = (["rose", "fell"] as const).map(
  (direction) => [anyOf(LANGUAGES.flatMap((language) => language[direction])), direction] as const,
);
/** Between two statements. A comma or point between digits belongs to a number. */
const JOINT = new RegExp(
  `[;:()!?]|[.,](?!\\d)|\\s[–—]\\s|(?<!\\p{L})(?:${LANGUAGES.flatMap(({ joints }) => joints).join("|")})(?!\\p{L})`,
  "iu",
);

function statementsIn(text: string): readonly Statement[] {
  return text
    .slice(0, TEXT_MAX)
    .split(JOINT)
    .flatMap((clause) => {
      const metrics = metricsIn(clause);
      const directions = DIRECTIONS.flatMap(([pattern, name]) =>
        pattern.test(clause) ? name : [],
      );
      const [metric, otherMetric] = metrics;
      const [direction, otherDirection] = directions;
      const isOne = otherMetric === undefined && otherDirection === undefined;
      if (!isOne || metric === undefined || direction === undefined) return [];
      return [{ metric, direction, clause: clause.trim() }];
    });
}

/** “Cost per conversion” is neither cost nor conversions. */
function metricsIn(clause: string): readonly MeasuredName[] {
  let rest = clause;
  const found = new Set<MeasuredName>();
  for (const [pattern, name] of METRICS) {
    if (!pattern.test(rest)) continue;
    found.add(name);
    rest = rest.replace(pattern, " ");
  }
  return [...found];
}

function patternOf(words: string): RegExp {
  return anyOf([words]);
}

function anyOf(words: readonly string[]): RegExp {
  const patterns = words.map((one) => one.replace("*", "\\S+"));
  return new RegExp(`(?<!\\p{L})(?:${patterns.join("|")})(?![\\p{L}-])`, "iu");
}
