/** The summary's exact side: its day and period, and whether it says what the numbers say. */
import { type Finding, fixed, fixedIf, open } from "../agent/finding.ts";
import type { Mended } from "./finish-recommendation.ts";
import { measuredName, measuredValue } from "./measured-value.ts";
import type { OptimizationAnalystOutput } from "./schema.ts";
import { isMadeUp, type Known, measuredChannel, sourceNamed } from "./sources.ts";

type Summary = OptimizationAnalystOutput["analysis_summary"];
type TopPerformer = NonNullable<Summary["top_performer"]>;

const PATH = "analysis_summary";

export function finishSummary(given: Summary, known: Known): Mended<Summary> {
  const { today, metrics } = known.context;
  const findings: Finding[] = [
    ...fixedIf(given.analysis_date !== today, "date", `${PATH}.analysis_date`, "Set to today."),
    ...fixedIf(
      given.period_analyzed !== metrics.period,
      "asked",
      `${PATH}.period_analyzed`,
      "Set to the period that was analysed.",
    ),
  ];
  const value = {
    ...given,
    analysis_date: today,
    period_analyzed: metrics.period,
    overall_health: fitHealth(given.overall_health, known, findings),
    top_performer: given.top_performer && fitTopPerformer(given.top_performer, known, findings),
  };
  tellOfOpportunity(given.biggest_opportunity, known, findings);
  return { value, findings };
}

/** Its type is a free word: one that is none of the data's is not held to its names. */
function tellOfOpportunity(
  given: Summary["biggest_opportunity"],
  known: Known,
  told: Finding[],
): void {
  const type = given?.type.trim().toLowerCase() ?? "";
  if (!given || !isMadeUp(type, given.name, known)) return;
  const message = `“${given.name}” is no ${type} of the data. Name one by its exact name, or leave the biggest opportunity out.`;
  told.push(open("reference", `${PATH}.biggest_opportunity.name`, message));
}

/** Where nothing was measured nothing is known to be well, nor to be ill. */
function fitHealth(
  given: Summary["overall_health"],
  { context: { metrics } }: Known,
  told: Finding[],
): Summary["overall_health"] {
  const path = `${PATH}.overall_health`;
  if (metrics.totals.current === null && metrics.by_campaign.length === 0) {
    const health = "needs_attention";
    told.push(
      ...fixedIf(given !== health, "number", path, `Set to ${health}: nothing was measured.`),
    );
    return health;
  }
  const gravest = metrics.signals.find(({ severity }) => severity === "critical");
  if (given === "healthy" && gravest) {
    told.push(
      open(
        "number",
        path,
        `${gravest.metric} of “${gravest.campaign_name}” changed by ${gravest.change_percent} %: that is not healthy. Choose another word, and say why.`,
      ),
    );
  }
  return given;
}

function fitTopPerformer(
  given: TopPerformer,
  { context, sources }: Known,
  told: Finding[],
): TopPerformer | null {
  const path = `${PATH}.top_performer`;
  if (context.metrics.by_campaign.length === 0) {
    told.push(fixed("number", path, "Removed: nothing was measured."));
    return null;
  }
  const candidates = sources.filter(({ type }) => type === given.type);
  const source = sourceNamed(given.name, candidates);
  const channel = given.type === "channel" ? measuredChannel(given.name, context) : null;
  if (!source && !channel && !candidates.some(({ name }) => name === given.name)) {
    told.push(
      open(
        "reference",
        path,
        `“${given.name}” is no ${given.type} of the data. Name one by its exact name, or leave the top performer out.`,
      ),
    );
    return given;
  }
  const name = source?.name ?? given.name;
  const metric = measuredName(given.key_metric);
  const measured = channel ?? source?.measured ?? null;
  const like = { current: typeof given.value === "number" ? given.value : null, target: null };
  const value = measured && metric ? measuredValue(measured.current, metric, like) : given.value;
  const isSame = name === given.name && value === given.value;
  told.push(...fixedIf(!isSame, "number", path, "Set to the name and the value of the data."));
  return isSame ? given : { ...given, name, value };
}
