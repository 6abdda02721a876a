/** The analysis' exact side: sources that exist, numbers that were measured, the order of priority. */
import type { Finished } from "../agent/define-agent.ts";
import { type Finding, fixed, fixedIf, open } from "../agent/finding.ts";
import { toKey } from "../marketing/fit-names.ts";
import { newEvidence, textsOf, unprovenProof } from "../marketing/unproven-claims.ts";
import type { OptimizationAnalystContext } from "./context.ts";
import { finishRecommendation, type Recommendation } from "./finish-recommendation.ts";
import { finishSummary } from "./finish-summary.ts";
import type { OptimizationAnalystOutput } from "./schema.ts";
import { type Known, sourcesOf } from "./sources.ts";
import { unknownNumbers } from "./unknown-numbers.ts";

/** So many critical campaigns must have an answer; more at once nobody works on. */
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
  return {
    output: finished,
    findings: [
      ...summary.findings,
      ...listed.findings,
      ...steps.findings,
      ...unanswered(listed.value, context),
      ...unknownNumbers(finished, context),
      ...unprovenProof(textsOf(finished), newEvidence(context)),
    ],
  };
}

function finishRecommendations(given: readonly Recommendation[], known: Known) {
  const findings: Finding[] = [];
  const mended = numberAnew(given, findings).map((one) => finishRecommendation(one, known));
  const ordered = mended.toSorted((a, b) => b.value.priority_score - a.value.priority_score);
  ordered.forEach((one, i) => {
    const place = `recommendations[${i}]`;
    findings.push(
      ...one.findings.map((finding) => ({ ...finding, path: `${place}.${finding.path}` })),
    );
    if (one.value.suggested_actions.length === 0) {
      findings.push(
        open(
          "missing",
          `${place}.suggested_actions`,
          `“${one.value.title}” says what is wrong and not what to do. Give one to three actions.`,
        ),
      );
    }
  });
  const value = ordered.map((one) => one.value);
  findings.push(...repeatedTitles(value));
  return { value, findings };
}

/** Nothing refers to these ids, so those that are taken are replaced by the next that is free. */
function numberAnew(given: readonly Recommendation[], told: Finding[]): readonly Recommendation[] {
  const taken = new Set(given.map((one) => one.recommendation_id));
  const seen = new Set<string>();
  let next = 1;
  return given.map((one) => {
    let id = one.recommendation_id;
    if (seen.has(id)) {
      while (taken.has(`R${next}`)) next += 1;
      id = `R${next}`;
      taken.add(id);
      told.push(
        fixed("duplicate", "recommendations", `A second ${one.recommendation_id} is now ${id}.`),
      );
    }
    seen.add(id);
    return { ...one, recommendation_id: id };
  });
}

function repeatedTitles(given: readonly Recommendation[]): readonly Finding[] {
  const keys = given.map(({ title }) => toKey(title));
  return given.flatMap(({ title }, i) =>
    keys.indexOf(keys[i] ?? "") < i
      ? [
          open(
            "duplicate",
            `recommendations[${i}].title`,
            `“${title}” stands there twice. Join the two, or say what is different.`,
          ),
        ]
      : [],
  );
}

/** What fell by more than half is answered by a recommendation, whatever else there is to say. */
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
