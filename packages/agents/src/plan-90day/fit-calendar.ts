/** The plan's dates and weeks, each within its 90 days and 13 weeks. */

import { fixed, fixedIf } from "../agent/finding.ts";
import { type Fitted, fitInSteps, fitted } from "../agent/fitted.ts";
import { addDays, type DaySpan, daysBetween, isWithin, nearestDay } from "../marketing/calendar.ts";
import { MONTHS, type Plan90DayAnswer } from "./schema.ts";

type Milestones = Plan90DayAnswer["milestones"];
type Themes = Plan90DayAnswer["campaign_themes"];
type Checkpoints = Plan90DayAnswer["weekly_checkpoints"];
type MonthName = (typeof MONTHS)[number];
type Month = Plan90DayAnswer[MonthName];

const PLAN_WEEKS = 13;

/** The weeks that contain the days 1–30, 31–60 and 61–90. */
const WEEKS_OF_MONTH = {
  month_1_plan: [1, 5],
  month_2_plan: [5, 9],
  month_3_plan: [9, 13],
} as const;

export function fitCalendar(given: Plan90DayAnswer, span: DaySpan): Fitted<Plan90DayAnswer> {
  const milestones = fitInSteps(given.milestones, [
    (each) => fitMilestones(each, { ...span, givenStart: given.start_date }),
    inOrder,
  ]);
  const months = fitInSteps(
    given,
    MONTHS.map((name) => (plan) => fitMonth(plan, name)),
  );
  const themes = fitThemes(given.campaign_themes);
  const checkpoints = fitCheckpoints(given.weekly_checkpoints);
  return {
    value: {
      ...months.value,
      start_date: span.startDate,
      end_date: span.endDate,
      milestones: milestones.value,
      campaign_themes: themes.value,
      weekly_checkpoints: checkpoints.value,
    },
    findings: [
      ...spanFindings(given, span),
      ...milestones.findings,
      ...months.findings,
      ...themes.findings,
      ...checkpoints.findings,
    ],
  };
}

function spanFindings({ start_date, end_date }: Plan90DayAnswer, span: DaySpan) {
  return [
    ...fixedIf(
      start_date !== span.startDate,
      "asked",
      "start_date",
      "Set to the day the plan was asked to start.",
    ),
    ...fixedIf(end_date !== span.endDate, "date", "end_date", "Set to 90 days after the start."),
  ];
}

/** A plan that was written for another start is moved as a whole, if it fits then. */
function fitMilestones(
  given: Milestones,
  { givenStart, ...span }: DaySpan & { readonly givenStart: string },
): Fitted<Milestones> {
  if (given.every((milestone) => isWithin(span, milestone.target_date))) return fitted(given);
  const days = daysBetween(givenStart, span.startDate);
  const moved = withDates(given, (date) => addDays(date, days));
  if (moved.every((milestone) => isWithin(span, milestone.target_date))) {
    return fitted(moved, fixed("date", "milestones", "Moved along with the start."));
  }
  return fitted(
    withDates(given, (date) => nearestDay(span, date)),
    fixed("date", "milestones", "Dates outside the 90 days moved to their nearest day."),
  );
}

function withDates(milestones: Milestones, toDate: (date: string) => string): Milestones {
  return milestones.map((milestone) => ({
    ...milestone,
    target_date: toDate(milestone.target_date),
  }));
}

function inOrder(given: Milestones): Fitted<Milestones> {
  const milestones = given.toSorted((a, b) => a.target_date.localeCompare(b.target_date));
  if (milestones.every((milestone, i) => milestone === given[i])) return fitted(given);
  return fitted(milestones, fixed("order", "milestones", "Put in the order of their dates."));
}

function fitMonth(plan: Plan90DayAnswer, name: MonthName): Fitted<Plan90DayAnswer> {
  const month: Month = plan[name];
  const weeks = month.content_pieces.map((piece) => piece.publish_week);
  const fittedWeeks = fitWeeks(weeks, WEEKS_OF_MONTH[name]);
  if (fittedWeeks.every((week, i) => week === weeks[i])) return fitted(plan);
  const content_pieces = month.content_pieces.map((piece, i) => ({
    ...piece,
    publish_week: fittedWeeks[i] ?? piece.publish_week,
  }));
  return fitted(
    { ...plan, [name]: { ...month, content_pieces } },
    fixed("date", `${name}.content_pieces`, "Weeks kept within those of the month."),
  );
}

/** If all weeks of a later month are small, they count from the beginning of that month. */
function fitWeeks(weeks: readonly number[], [first, last]: readonly [number, number]) {
  const countFromMonth = weeks.every((week) => week >= 1 && week < Math.min(first, 5));
  return weeks.map((week) => (countFromMonth ? week + first - 1 : clamp(week, first, last)));
}

function fitCheckpoints(given: Checkpoints): Fitted<Checkpoints> {
  const checkpoints = given
    .map((checkpoint) => ({ ...checkpoint, week: nearestWeek(checkpoint.week) }))
    .toSorted((a, b) => a.week - b.week);
  if (checkpoints.every(({ week }, i) => week === given[i]?.week)) return fitted(given);
  const message = "Put in the order of their weeks, 1 to 13.";
  return fitted(checkpoints, fixed("date", "weekly_checkpoints", message));
}

function fitThemes(given: Themes): Fitted<Themes> {
  const themes = given.map((theme) => {
    const start_week = nearestWeek(theme.start_week);
    const weeksLeft = PLAN_WEEKS - start_week + 1;
    return { ...theme, start_week, duration_weeks: clamp(theme.duration_weeks, 1, weeksLeft) };
  });
  const isSame = themes.every(
    ({ start_week, duration_weeks }, i) =>
      start_week === given[i]?.start_week && duration_weeks === given[i]?.duration_weeks,
  );
  if (isSame) return fitted(given);
  return fitted(themes, fixed("date", "campaign_themes", "Weeks kept within the 13."));
}

function nearestWeek(week: number): number {
  return clamp(week, 1, PLAN_WEEKS);
}

function clamp(value: number, min: number, max: number): number {
  return Math.min(Math.max(value, min), max);
}
