/** Finishes an analysis: existing sources, measured numbers, the order of priority. */
import type { Finished } from "../agent/define-agent.ts";
import { type Finding, fixed, fixedIf, open } from "../agent/finding.ts";
import { type Fitted, fitted } from "../agent/fitted.ts";
import { doubtsOfTexts } from "../marketing/doubts-of-texts.ts";
import { toKey } from "../marketing/fit-names.ts";
import { replaceRepeatedIds } from "../marketing/replace-repeated-ids.ts";
import { newEvidence, textsOf, unprovenProof } from "../marketing/unproven-claims.ts";
import type { OptimizationAnalystContext } from "./context.ts";
import { falseChanges } from "./false-changes.ts";
import { finishRecommendation, type Recommendation } from "./finish-recommendation.ts";
import { finishSummary } from "./finish-summary.ts";
import type { OptimizationAnalystOutput } from "./schema.ts";
import { type Known, sourcesOf } from "./sources.ts";
import { unknownNumbers } from "./unknown-numbers.ts";

/** The number of critical campaigns that need a recommendation; nobody works on more at once. */
const ANSWERED_MAX = 3;

export function finishAnalysis(
  output: OptimizationAnalystOutput,
  context: OptimizationAnalystContext,
): Finished<OptimizationAnalystOutput> {
  const known: Known = { context, sources: sourcesOf(context) };
  const listed = finishRecommendations(output.recommendations, known);
  const summary = finishSummary(output.analysis_summary, known);
  const steps = orderSteps(output.next_steps);
  const finished: OptimizationAnalystOutput = {
    ...output,
    analysis_summary: summary.value,
    recommendations: listed.value,
    next_steps: steps.value,
  };
  const texts = textsOf(finished);
  return {
    output: finished,
    findings: [
      ...summary.findings,
      ...listed.findings,
      ...steps.findings,
      ...unanswered(listed.value, context),
      ...unknownNumbers(finished, context),
      ...falseChanges(listed.value, known),
      ...unprovenProof(texts, newEvidence(context)),
      ...doubtsOfTexts({ texts, published: [], words: [context.wish] }, context),
    ],
  };
}

function finishRecommendations(given: readonly Recommendation[], known: Known) {
  const numbered = renumber(given);
  const ordered = numbered.value
    .map((one) => finishRecommendation(one, known))
    .toSorted((a, b) => b.value.priority_score - a.value.priority_score);
  const value = ordered.map((one) => one.value);
  const findings = ordered.flatMap((one, i) => {
    const place = `recommendations[${i}]`;
    return [
      ...one.findings.map((finding) => ({ ...finding, path: `${place}.${finding.path}` })),
      ...withoutActions(one.value, place),
    ];
  });
  return { value, findings: [...numbered.findings, ...findings, ...repeatedTitles(value)] };
}

function withoutActions({ title, suggested_actions }: Recommendation, place: string) {
  if (suggested_actions.length > 0) return [];
  const message = `“${title}” says what is wrong and not what to do. Give one to three actions.`;
  return [open("missing", `${place}.suggested_actions`, message)];
}

/** Nothing refers to these ids, so repeated ones are replaced. */
function renumber(given: readonly Recommendation[]): Fitted<readonly Recommendation[]> {
  const { ids, replaced } = replaceRepeatedIds(
    given.map(({ recommendation_id }) => recommendation_id),
    { nameOf: (number) => `R${number}` },
  );
  return fitted(
    given.map((one, i) => ({ ...one, recommendation_id: ids[i] ?? one.recommendation_id })),
    ...replaced.map(({ from, to }) =>
      fixed("duplicate", "recommendations", `A second ${from} is now ${to}.`),
    ),
  );
}

function repeatedTitles(given: readonly Recommendation[]): readonly Finding[] {
  const keys = given.map(({ title }) => toKey(title));
  return given.flatMap(({ title }, i) =>
    keys.indexOf(keys[i] ?? "") < i
      ? [
          open(
            "duplicate",
            `recommendations[${i}].title`,
            `“${title}” is listed twice. Join the two, or say what is different.`,
          ),
        ]
      : [],
  );
}

/** A campaign that fell by more than half needs a recommendation. */
function unanswered(
  given: readonly Recommendation[],
  { metrics }: OptimizationAnalystContext,
): readonly Finding[] {
  const critical = metrics.signals.filter(({ severity }) => severity === "critical");
  const ids = [...new Set(critical.map(({ campaign_id }) => campaign_id))].slice(0, ANSWERED_MAX);
  return ids
    .filter((id) => !given.some(({ source_id }) => source_id === id))
    .flatMap((id) => critical.find(({ campaign_id }) => campaign_id === id) ?? [])
    .map(({ campaign_name, campaign_id, metric, change_percent }) =>
      open(
        "missing",
        "recommendations",
        `“${campaign_name}” (${campaign_id}) changed by ${change_percent} % in ${metric}, and no recommendation is about it. Add one.`,
      ),
    );
}

function orderSteps(given: OptimizationAnalystOutput["next_steps"]) {
  const value = given
    .toSorted((a, b) => a.priority - b.priority)
    .map((step, i) => ({ ...step, priority: i + 1 }));
  const isSame = value.every((step, i) => step.priority === given[i]?.priority);
  return {
    value: isSame ? given : value,
    findings: fixedIf(!isSame, "order", "next_steps", "Put in order and numbered from 1."),
  };
}
