/** Checks whether a plan is workable. Only its author can repair these defects. */

import { doubt, type Finding, open } from "../agent/finding.ts";
import { daysBetween } from "../marketing/calendar.ts";
import { findRepeated } from "../marketing/find-repeated.ts";
import { toKey } from "../marketing/fit-names.ts";
import {
  newEvidence,
  textsOf,
  unprovenNumbers,
  unprovenProof,
} from "../marketing/unproven-claims.ts";
import type { Plan90DayContext } from "./context.ts";
import { MONTHS, type Plan90DayAnswer } from "./schema.ts";

/** Characters. The schema asks the model for at most as many. */
const NAME_MAX = 120;
/** Characters. The schema asks the model for three to five sentences. */
const SUMMARY_MAX = 1_500;
/** Milestones that the prompt asks for, at least. */
const MILESTONES_MIN = 8;
/** Milestones that the prompt asks for, at most. */
const MILESTONES_MAX = 12;
const MONTH_DAYS = 30;
/** Each of these spans needs a checkpoint: weekly in the first month, then every two weeks. */
const CHECKPOINT_SPANS = [[1], [2], [3], [4], [5, 6], [7, 8], [9, 10], [11, 12, 13]] as const;

export function checkPlan(plan: Plan90DayAnswer, context: Plan90DayContext): readonly Finding[] {
  return [
    ...checkLengths(plan),
    ...checkTargets(plan),
    ...checkMilestones(plan),
    ...checkCheckpoints(plan),
    ...checkChannelMix(plan),
    ...checkReach(plan, context),
    ...checkClaims(plan, context),
  ];
}

function checkLengths({ plan_name, executive_summary }: Plan90DayAnswer): Finding[] {
  const found: Finding[] = [];
  if (plan_name.length > NAME_MAX) {
    found.push(open("length", "plan_name", `Shorten it to at most ${NAME_MAX} characters.`));
  }
  if (executive_summary.length > SUMMARY_MAX) {
    found.push(doubt("length", "executive_summary", "It is longer than 3–5 sentences."));
  }
  return found;
}

function checkTargets({ primary_objectives, key_metrics }: Plan90DayAnswer): Finding[] {
  const untied = primary_objectives.flatMap(({ goal, target_metric }, i) =>
    goal !== null && target_metric === ""
      ? [
          open(
            "missing",
            `primary_objectives[${i}].target_metric`,
            "Name the metric that this goal is a number of.",
          ),
        ]
      : [],
  );
  const open_ended = key_metrics.flatMap(({ metric_name, target_value }, i) =>
    target_value === null || target_value === ""
      ? [
          open(
            "missing",
            `key_metrics[${i}].target_value`,
            `Give the target of “${metric_name}”, or leave the metric out.`,
          ),
        ]
      : [],
  );
  return [...untied, ...open_ended];
}

function checkMilestones({ milestones, start_date }: Plan90DayAnswer): Finding[] {
  const found: Finding[] = [];
  const count = milestones.length;
  if (count < MILESTONES_MIN || count > MILESTONES_MAX) {
    const message = `There are ${count} milestones. Give ${MILESTONES_MIN} to ${MILESTONES_MAX}, spread over the 90 days.`;
    // Too many are a matter of taste.
    const counted =
      count < MILESTONES_MIN
        ? open("missing", "milestones", message)
        : doubt("length", "milestones", message);
    found.push(counted);
  }
  const months = new Set(
    milestones.map(({ target_date }) =>
      Math.min(Math.floor(daysBetween(start_date, target_date) / MONTH_DAYS), MONTHS.length - 1),
    ),
  );
  const empty = MONTHS.flatMap((_, i) => (months.has(i) ? [] : [i + 1]));
  if (empty.length > 0) {
    found.push(
      open("date", "milestones", `Give a milestone in month ${empty.join(" and in month ")}, too.`),
    );
  }
  return [...found, ...checkDependencies(milestones)];
}

function checkDependencies(milestones: Plan90DayAnswer["milestones"]): Finding[] {
  const labels = milestones.map(({ label }) => toKey(label));
  const repeated = findRepeated(labels).map((i) =>
    open("duplicate", `milestones[${i}].label`, "Two milestones have this label. Rename one."),
  );
  const wrong = milestones.flatMap(({ dependencies }, i) =>
    dependencies.flatMap((label) => {
      const at = labels.indexOf(toKey(label));
      const path = `milestones[${i}].dependencies`;
      if (at < 0) {
        const message = `“${label}” is the label of no milestone. Name one that is there, or leave it out.`;
        return [open("reference", path, message)];
      }
      if (at < i) return [];
      const message = `“${label}” does not come before it. A milestone depends on earlier ones only.`;
      return [open("order", path, message)];
    }),
  );
  return [...repeated, ...wrong];
}

function checkCheckpoints({ weekly_checkpoints }: Plan90DayAnswer): Finding[] {
  const weeks = new Set(weekly_checkpoints.map(({ week }) => week));
  const missing = CHECKPOINT_SPANS.filter((span) => !span.some((week) => weeks.has(week)));
  if (missing.length === 0) return [];
  const named = missing.map((span) => (span.length > 1 ? `${span[0]} or ${span[1]}` : span[0]));
  return [open("missing", "weekly_checkpoints", `Add a checkpoint in week ${named.join(", ")}.`)];
}

function checkChannelMix({ channel_mix }: Plan90DayAnswer): Finding[] {
  const keys = channel_mix.map(({ channel }) => toKey(channel).replaceAll(" ", ""));
  return findRepeated(keys).map((i) =>
    open("duplicate", `channel_mix[${i}].channel`, "This channel is there twice. Join the two."),
  );
}

/** If segments and offers are known, the plan must name some of them. */
function checkReach(plan: Plan90DayAnswer, { names }: Plan90DayContext): Finding[] {
  const found: Finding[] = [];
  if (plan.target_icp_segments.length === 0 && names.segments.length > 0) {
    found.push(open("missing", "target_icp_segments", "Name the segments that the plan is for."));
  }
  if (plan.target_offers.length === 0 && names.offers.length > 0) {
    found.push(open("missing", "target_offers", "Name the offers that the plan sells."));
  }
  return found;
}

/** A plan consists of numbers; only the titles of its content are published and checked. */
function checkClaims(plan: Plan90DayAnswer, context: Plan90DayContext): Finding[] {
  const { brand, segments, offers, measured, asked } = context;
  const evidence = newEvidence(brand, segments, offers, measured, asked);
  const titles = MONTHS.flatMap((name) =>
    plan[name].content_pieces.map(({ title }, i) => ({
      path: `${name}.content_pieces[${i}].title`,
      text: title,
    })),
  );
  return [...unprovenProof(textsOf(plan), evidence), ...unprovenNumbers(titles, evidence)];
}
