/** The plan's dates and weeks, each within the 90 days and the 13 weeks that it is for. */
import type { Finding, Finished } from "../agent.ts";
import { addDays, type DaySpan, daysBetween, isWithin, nearestDay } from "../marketing/calendar.ts";
import { fixed, fixedIf } from "../marketing/findings.ts";
import type { Plan90DayOutput } from "./schema.ts";

type Milestones = Plan90DayOutput["milestones"];
type Themes = Plan90DayOutput["campaign_themes"];
type MonthName = "month_1_plan" | "month_2_plan" | "month_3_plan";

const PLAN_WEEKS = 13;

export function fitCalendar(given: Plan90DayOutput, span: DaySpan): Finished<Plan90DayOutput> {
  const findings: Finding[] = [
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
  ];
  const output = {
    ...given,
    start_date: span.startDate,
    end_date: span.endDate,
    milestones: inOrder(fitMilestones(given, span, findings), findings),
    month_1_plan: fitMonth(given, "month_1_plan", findings),
    month_2_plan: fitMonth(given, "month_2_plan", findings),
    month_3_plan: fitMonth(given, "month_3_plan", findings),
    campaign_themes: fitThemes(given.campaign_themes, findings),
  };
  return { output, findings };
}

/** A plan that was written for another start is moved as a whole, if it fits then. */
function fitMilestones(given: Plan90DayOutput, span: DaySpan, told: Finding[]): Milestones {
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

function fitMonth(plan: Plan90DayOutput, name: MonthName, told: Finding[]) {
  const month = plan[name];
  const pieces = month.content_pieces.map((piece) => ({
    ...piece,
    publish_week: nearestWeek(piece.publish_week),
  }));
  const isChanged = pieces.some((piece, i) => {
    return piece.publish_week !== month.content_pieces[i]?.publish_week;
  });
  told.push(...fixedIf(isChanged, "date", `${name}.content_pieces`, "Weeks kept within the 13."));
  return { ...month, content_pieces: pieces };
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
