/** The targets that the request names, each as a metric of the plan with exactly that number. */
import { type Finding, fixed } from "../agent/finding.ts";
import { toKey } from "../marketing/fit-names.ts";
import type { Plan90DayAnswer, Plan90DayInput } from "./schema.ts";

type Metrics = Plan90DayAnswer["key_metrics"];
type Target = Metrics[number]["target_value"];

export function fitTargets(
  plan: Plan90DayAnswer,
  { targetMetrics = {} }: Plan90DayInput,
  told: Finding[],
): Plan90DayAnswer {
  // Two spellings of one name are one target, and the last one counts.
  const targets = new Map(Object.entries(targetMetrics).map((entry) => [toKey(entry[0]), entry]));
  targets.delete("");
  const key_metrics = [...targets.values()].reduce(
    (metrics, [name, target]) => fitTarget(metrics, { name, target }, told),
    plan.key_metrics,
  );
  return { ...plan, key_metrics };
}

function fitTarget(
  metrics: Metrics,
  { name, target }: { readonly name: string; readonly target: Target },
  told: Finding[],
): Metrics {
  const at = metrics.findIndex((metric) => toKey(metric.metric_name) === toKey(name));
  if (at >= 0) {
    if (String(metrics[at]?.target_value) === String(target)) return metrics;
    told.push(
      fixed("asked", `key_metrics[${at}].target_value`, "Set to the target that was asked for."),
    );
    return metrics.map((metric, i) => (i === at ? { ...metric, target_value: target } : metric));
  }
  // “Monthly revenue” stands for the revenue that was asked for only where its number does, too.
  const isMet = metrics.some(
    (metric) =>
      hasWords(metric.metric_name, name) && String(metric.target_value) === String(target),
  );
  if (isMet) return metrics;
  told.push(fixed("asked", "key_metrics", `“${name}” was added: a target that was asked for.`));
  return [
    ...metrics,
    {
      metric_name: name,
      current_value: null,
      target_value: target,
      measurement_frequency: "weekly",
    },
  ];
}

function hasWords(text: string, words: string): boolean {
  return ` ${toKey(text)} `.includes(` ${toKey(words)} `);
}
