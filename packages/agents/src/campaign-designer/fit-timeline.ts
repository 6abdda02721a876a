/** The campaign's weeks: in order, counted from 1, each of them once and none after the end. */
import { type Finding, fixed, open } from "../agent/finding.ts";
import { type Fitted, fitInSteps, fitted } from "../agent/fitted.ts";
import { daysBetween } from "../marketing/calendar.ts";
import { endsBeforeStart } from "./fit-campaign-dates.ts";
import type { CampaignDesignerOutput } from "./schema.ts";

type Output = CampaignDesignerOutput;
type Timeline = Output["timeline"];

/** No calendar has such weeks, and counting on would leave the range of the column. */
const WEEKS_COUNTED_MAX = 10_000;
/** Longer campaigns are planned in phases of several weeks. */
const WEEKS_CHECKED_MAX = 26;

export function fitTimeline(output: Output): Fitted<Output> {
  const { value, findings } = fitInSteps(output.timeline, [countFromOne, orderWeeks]);
  const open = endsBeforeStart(output) ? [] : checkWeeks(value, weeksOf(output.campaign));
  return {
    value: value === output.timeline ? output : { ...output, timeline: value },
    findings: [...findings, ...open],
  };
}

function weeksOf({ start_date, end_date }: Output["campaign"]): number {
  return Math.floor(daysBetween(start_date, end_date) / 7) + 1;
}

function countFromOne(given: Timeline): Fitted<Timeline> {
  if (!given.some(({ week }) => week === 0)) return fitted(given);
  // No calendar has such weeks, and counting on would exceed the column's range.
  if (given.some(({ week }) => week >= WEEKS_COUNTED_MAX)) return fitted(given);
  return fitted(
    given.map((one) => ({ ...one, week: one.week + 1 })),
    fixed("number", "timeline", "Weeks counted from 1."),
  );
}

function orderWeeks(given: Timeline): Fitted<Timeline> {
  const timeline = given.toSorted((a, b) => a.week - b.week);
  if (timeline.every((week, i) => week === given[i])) return fitted(given);
  return fitted(timeline, fixed("order", "timeline", "Put in the order of its weeks."));
}

function checkWeeks(timeline: Timeline, weeks: number): readonly Finding[] {
  const findings: Finding[] = [];
  const given = timeline.map(({ week }) => week);
  const beyond = given.filter((week) => week > weeks);
  if (beyond.length > 0) {
    const message = `Week ${beyond[0]} lies beyond the campaign, which has ${weeks} weeks.`;
    findings.push(open("date", "timeline", message));
  }
  const repeated = given.find((week, i) => given.indexOf(week) < i);
  if (repeated !== undefined) {
    findings.push(open("duplicate", "timeline", `Week ${repeated} is there twice. Join the two.`));
  }
  const checked = Array.from({ length: Math.min(weeks, WEEKS_CHECKED_MAX) }, (_, i) => i + 1);
  const missing = checked.filter((week) => !given.includes(week));
  if (missing.length > 0 && weeks <= WEEKS_CHECKED_MAX) {
    const message = `The timeline lacks these weeks: ${missing.join(", ")}. Give each an entry.`;
    findings.push(open("missing", "timeline", message));
  }
  return findings;
}
