/** The plan's dates and weeks, each within the 90 days and the 13 weeks that it is for. */

import { type Finding, fixed, fixedIf } from "../agent/finding.ts";
import { addDays, type DaySpan, daysBetween, isWithin, nearestDay } from "../marketing/calendar.ts";
import type { MONTHS, Plan90DayAnswer } from "./schema.ts";

type Milestones = Plan90DayAnswer["milestones"];
type Themes = Plan90DayAnswer["campaign_themes"];
type Checkpoints = Plan90DayAnswer["weekly_checkpoints"];
type MonthName = (typeof MONTHS)[number];

const PLAN_WEEKS = 13;

/** The weeks that the days 1–30, 31–60 and 61–90 touch. */
const WEEKS_OF_MONTH = {
  month_1_plan: [1, 5],
  month_2_plan: [5, 9],
  month_3_plan: [9, 13],
} as const;

export function fitCalendar(
  given: Plan90DayAnswer,
  span: DaySpan,
  told: Finding[],
): Plan90DayAnswer {
  told.push(
    ...fixedIf(
      given.start_date !== span.startDate,
      "asked",
      "start_date",
      "Set to the day the plan was asked to start.",
    ),
    ...fixedIf(
      given.end_date !== span.endDate,
      "date",
      "end_date",
      "Set to 90 days after the start.",
    ),
  );
  return {
    ...given,
    start_date: span.startDate,
    end_date: span.endDate,
    milestones: inOrder(fitMilestones(given, span, told), told),
    month_1_plan: fitMonth(given, "month_1_plan", told),
    month_2_plan: fitMonth(given, "month_2_plan", told),
    month_3_plan: fitMonth(given, "month_3_plan", told),
    campaign_themes: fitThemes(given.campaign_themes, told),
    weekly_checkpoints: fitCheckpoints(given.weekly_checkpoints, told),
  };
}

/** A plan that was written for another start is moved as a whole, if it fits then. */
function fitMilestones(given: Plan90DayAnswer, span: DaySpan, told: Finding[]): Milestones {
  const { milestones } = given;
  if (milestones.every((milestone) => isWithin(span, milestone.target_date))) return milestones;
  const days = daysBetween(given.start_date, span.startDate);
  const moved = withDates(milestones, (date) => addDays(date, days));
  if (moved.every((milestone) => isWithin(span, milestone.target_date))) {
    told.push(fixed("date", "milestones", "Moved along with the start."));
    return moved;
  }
  told.push(fixed("date", "milestones", "Dates outside the 90 days moved to their nearest day."));
  return withDates(milestones, (date) => nearestDay(span, date));
}

function withDates(milestones: Milestones, toDate: (date: string) => string): Milestones {
  return milestones.map((milestone) => ({
    ...milestone,
    target_date: toDate(milestone.target_date),
  }));
}

function inOrder(given: Milestones, told: Finding[]): Milestones {
  const milestones = given.toSorted((a, b) => a.target_date.localeCompare(b.target_date));
  if (milestones.every((milestone, i) => milestone === given[i])) return given;
  told.push(fixed("order", "milestones", "Put in the order of their dates."));
  return milestones;
}

function fitMonth(plan: Plan90DayAnswer, name: MonthName, told: Finding[]) {
  const month = plan[name];
  const weeks = month.content_pieces.map((piece) => piece.publish_week);
  const fitted = fitWeeks(weeks, WEEKS_OF_MONTH[name]);
  if (fitted.every((week, i) => week === weeks[i])) return month;
  told.push(fixed("date", `${name}.content_pieces`, "Weeks kept within those of the month."));
  return {
    ...month,
    content_pieces: month.content_pieces.map((piece, i) => ({
      ...piece,
      publish_week: fitted[i] ?? piece.publish_week,
    })),
  };
}

/** A later month whose weeks all count from its own beginning is meant that way. */
function fitWeeks(weeks: readonly number[], [first, last]: readonly [number, number]) {
  const countFromMonth = weeks.every((week) => week >= 1 && week < Math.min(first, 5));
  return weeks.map((week) => (countFromMonth ? week + first - 1 : clamp(week, first, last)));
}

function fitCheckpoints(given: Checkpoints, told: Finding[]): Checkpoints {
  const checkpoints = given
    .map((checkpoint) => ({ ...checkpoint, week: nearestWeek(checkpoint.week) }))
    .toSorted((a, b) => a.week - b.week);
  if (checkpoints.every(({ week }, i) => week === given[i]?.week)) return given;
  told.push(fixed("date", "weekly_checkpoints", "Put in the order of their weeks, 1 to 13."));
  return checkpoints;
}

function fitThemes(given: Themes, told: Finding[]): Themes {
  const themes = given.map((theme) => {
    const start_week = nearestWeek(theme.start_week);
    const weeksLeft = PLAN_WEEKS - start_week + 1;
    return { ...theme, start_week, duration_weeks: clamp(theme.duration_weeks, 1, weeksLeft) };
  });
  const isChanged = themes.some(
    ({ start_week, duration_weeks }, i) =>
      start_week !== given[i]?.start_week || duration_weeks !== given[i]?.duration_weeks,
  );
  told.push(...fixedIf(isChanged, "date", "campaign_themes", "Weeks kept within the 13."));
  return themes;
}

function nearestWeek(week: number): number {
  return clamp(week, 1, PLAN_WEEKS);
}

function clamp(value: number, min: number, max: number): number {
  return Math.min(Math.max(value, min), max);
}
