/** Finishes the summary: its day, its period, and whether it agrees with the numbers. */
import { type Finding, fixed, fixedIf, open } from "../agent/finding.ts";
import { type Fitted, fitInSteps, fitted } from "../agent/fitted.ts";
import { measuredName, measuredValue } from "./measured-value.ts";
import type { OptimizationAnalystOutput } from "./schema.ts";
import { isMadeUp, type Known, measuredChannel, sourceNamed } from "./sources.ts";

type Summary = OptimizationAnalystOutput["analysis_summary"];
type TopPerformer = NonNullable<Summary["top_performer"]>;

const PATH = "analysis_summary";

export function finishSummary(given: Summary, known: Known): Fitted<Summary> {
  return fitInSteps(given, [
    (summary) => fitPeriod(summary, known),
    (summary) => fitHealth(summary, known),
    (summary) => {
      if (!summary.top_performer) return fitted(summary);
      const { value, findings } = fitTopPerformer(summary.top_performer, known);
      return { value: { ...summary, top_performer: value }, findings };
    },
    (summary) => fitted(summary, ...checkOpportunity(summary.biggest_opportunity, known)),
  ]);
}

function fitPeriod(given: Summary, { context: { today, metrics } }: Known): Fitted<Summary> {
  return fitted(
    { ...given, analysis_date: today, period_analyzed: metrics.period },
    ...fixedIf(given.analysis_date !== today, "date", `${PATH}.analysis_date`, "Set to today."),
    ...fixedIf(
      given.period_analyzed !== metrics.period,
      "asked",
      `${PATH}.period_analyzed`,
      "Set to the period that was analysed.",
    ),
  );
}

/** The type is free text. A name is only checked if the data has sources of that type. */
function checkOpportunity(given: Summary["biggest_opportunity"], known: Known): readonly Finding[] {
  const type = given?.type.trim().toLowerCase() ?? "";
  if (!given || !isMadeUp(type, given.name, known)) return [];
  const message = `“${given.name}” is no ${type} of the data. Name one by its exact name, or leave the biggest opportunity out.`;
  return [open("reference", `${PATH}.biggest_opportunity.name`, message)];
}

/** Without any measurement the health is unknown: neither good nor critical. */
function fitHealth(given: Summary, { context: { metrics } }: Known): Fitted<Summary> {
  const path = `${PATH}.overall_health`;
  if (metrics.totals.current === null && metrics.by_campaign.length === 0) {
    const health = "needs_attention";
    const isChanged = given.overall_health !== health;
    return fitted(
      { ...given, overall_health: health },
      ...fixedIf(isChanged, "number", path, `Set to ${health}: nothing was measured.`),
    );
  }
  const gravest = metrics.signals.find(({ severity }) => severity === "critical");
  if (given.overall_health !== "healthy" || !gravest) return fitted(given);
  const message = `${gravest.metric} of “${gravest.campaign_name}” changed by ${gravest.change_percent} %: that is not healthy. Choose another word, and say why.`;
  return fitted(given, open("number", path, message));
}

function fitTopPerformer(
  given: TopPerformer,
  { context, sources }: Known,
): Fitted<TopPerformer | null> {
  const path = `${PATH}.top_performer`;
  if (context.metrics.by_campaign.length === 0) {
    return fitted(null, fixed("number", path, "Removed: nothing was measured."));
  }
  const candidates = sources.filter(({ type }) => type === given.type);
  const source = sourceNamed(given.name, candidates);
  const channel = given.type === "channel" ? measuredChannel(given.name, context) : null;
  if (!source && !channel && !candidates.some(({ name }) => name === given.name)) {
    const message = `“${given.name}” is no ${given.type} of the data. Name one by its exact name, or leave the top performer out.`;
    return fitted(given, open("reference", path, message));
  }
  const name = source?.name ?? given.name;
  const metric = measuredName(given.key_metric);
  const measured = channel ?? source?.measured ?? null;
  const like = { current: typeof given.value === "number" ? given.value : null, target: null };
  const value = measured && metric ? measuredValue(measured.current, metric, like) : given.value;
  if (name === given.name && value === given.value) return fitted(given);
  const message = "Set to the name and the value of the data.";
  return fitted({ ...given, name, value }, fixed("number", path, message));
}
