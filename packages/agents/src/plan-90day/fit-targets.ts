/** The targets that the request names, each as a metric of the plan with exactly that number. */
import { fixed } from "../agent/finding.ts";
import { type Fitted, fitInSteps, fitted } from "../agent/fitted.ts";
import { toKey } from "../marketing/fit-names.ts";
import type { Plan90DayAnswer, Plan90DayInput } from "./schema.ts";

type Metrics = Plan90DayAnswer["key_metrics"];
type Target = Metrics[number]["target_value"];

export function fitTargets(
  plan: Plan90DayAnswer,
  { targetMetrics = {} }: Plan90DayInput,
): Fitted<Plan90DayAnswer> {
  // Two spellings of one name are one target, and the last one counts.
  const targets = new Map(Object.entries(targetMetrics).map((entry) => [toKey(entry[0]), entry]));
  targets.delete("");
  const steps = [...targets.values()].map(
    ([name, target]) =>
      (metrics: Metrics) =>
        fitTarget(metrics, name, target),
  );
  const { value, findings } = fitInSteps(plan.key_metrics, steps);
  return { value: { ...plan, key_metrics: value }, findings };
}

function fitTarget(metrics: Metrics, name: string, target: Target): Fitted<Metrics> {
  const at = metrics.findIndex((metric) => toKey(metric.metric_name) === toKey(name));
  if (at >= 0) {
    if (String(metrics[at]?.target_value) === String(target)) return fitted(metrics);
    return fitted(
      metrics.map((metric, i) => (i === at ? { ...metric, target_value: target } : metric)),
      fixed("asked", `key_metrics[${at}].target_value`, "Set to the target that was asked for."),
    );
  }
  // “Monthly revenue” counts as the requested revenue only if its number matches, too.
  const isMet = metrics.some(
    (metric) =>
      hasWords(metric.metric_name, name) && String(metric.target_value) === String(target),
  );
  if (isMet) return fitted(metrics);
  const added = {
    metric_name: name,
    current_value: null,
    target_value: target,
    measurement_frequency: "weekly",
  };
  return fitted(
    [...metrics, added],
    fixed("asked", "key_metrics", `“${name}” was added: a target that was asked for.`),
  );
}

function hasWords(text: string, words: string): boolean {
  return ` ${toKey(text)} `.includes(` ${toKey(words)} `);
}
