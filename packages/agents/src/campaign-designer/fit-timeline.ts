/** The campaign's weeks: in order, counted from 1, each there once and none beyond the end. */

import { type Finding, fixed, open } from "../agent/finding.ts";
import { daysBetween } from "../marketing/calendar.ts";
import type { CampaignDesignerContext } from "./context.ts";
import { endsBeforeStart } from "./fit-campaign-dates.ts";
import type { CampaignDesignerOutput } from "./schema.ts";

type Output = CampaignDesignerOutput;
type Timeline = Output["timeline"];

const WEEKS_COUNTED_MAX = 10_000;
/** Longer campaigns are told in phases of several weeks. */
const WEEKS_TOLD_MAX = 26;

export function fitTimeline(
  output: Output,
  _context: CampaignDesignerContext,
  told: Finding[],
): Output {
  const timeline = orderWeeks(countFromOne(output.timeline, told), told);
  if (!endsBeforeStart(output)) tellWeeks(timeline, weeksOf(output.campaign), told);
  return timeline === output.timeline ? output : { ...output, timeline };
}

function weeksOf({ start_date, end_date }: Output["campaign"]): number {
  return Math.floor(daysBetween(start_date, end_date) / 7) + 1;
}

function countFromOne(given: Timeline, told: Finding[]): Timeline {
  if (!given.some(({ week }) => week === 0)) return given;
  // No calendar has such weeks; to count on would leave the column's range.
  if (given.some(({ week }) => week >= WEEKS_COUNTED_MAX)) return given;
  told.push(fixed("number", "timeline", "Weeks counted from 1."));
  return given.map((one) => ({ ...one, week: one.week + 1 }));
}

function orderWeeks(given: Timeline, told: Finding[]): Timeline {
  const timeline = given.toSorted((a, b) => a.week - b.week);
  if (timeline.every((week, i) => week === given[i])) return given;
  told.push(fixed("order", "timeline", "Put in the order of its weeks."));
  return timeline;
}

function tellWeeks(timeline: Timeline, weeks: number, told: Finding[]): void {
  const given = timeline.map(({ week }) => week);
  const beyond = given.filter((week) => week > weeks);
  if (beyond.length > 0) {
    const message = `Week ${beyond[0]} lies beyond the campaign, which has ${weeks} weeks.`;
    told.push(open("date", "timeline", message));
  }
  const repeated = given.find((week, i) => given.indexOf(week) < i);
  if (repeated !== undefined) {
    told.push(open("duplicate", "timeline", `Week ${repeated} is there twice. Join the two.`));
  }
  const missing = Array.from({ length: Math.min(weeks, WEEKS_TOLD_MAX) }, (_, i) => i + 1).filter(
    (week) => !given.includes(week),
  );
  if (missing.length > 0 && weeks <= WEEKS_TOLD_MAX) {
    const message = `The timeline lacks these weeks: ${missing.join(", ")}. Give each an entry.`;
    told.push(open("missing", "timeline", message));
  }
}
