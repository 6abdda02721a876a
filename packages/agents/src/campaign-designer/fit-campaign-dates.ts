/** The days of a campaign: in order, not over yet, and within the plan that it belongs to. */

import { type Finding, fixed, open } from "../agent/finding.ts";
import { type Fitted, fitted } from "../agent/fitted.ts";
import { addDays, daysBetween, nearestDay } from "../marketing/calendar.ts";
import type { CampaignDesignerContext } from "./context.ts";
import type { CampaignDesignerOutput } from "./schema.ts";

type Output = CampaignDesignerOutput;

/** The dates of a longer campaign are wrong in another way than by another today. */
const MOVED_DAYS_MAX = 731;

export function fitCampaignDates(output: Output, context: CampaignDesignerContext): Fitted<Output> {
  if (endsBeforeStart(output)) {
    // Only the model can decide which of the two dates is wrong.
    const message = "It lies before the start. Give the first and the last day.";
    return fitted(output, open("date", "campaign.end_date", message));
  }
  const { value, findings } = moveOutOfPast(output, context);
  return fitted(value, ...findings, ...outsidePlan(value.campaign, context));
}

export function endsBeforeStart({ campaign }: Output): boolean {
  return campaign.end_date < campaign.start_date;
}

/**
 * A campaign that was dated from another today moves as a whole, so that all distances stay. If
 * the caller wrote a request, dates in the past may be intended.
 */
function moveOutOfPast(output: Output, context: CampaignDesignerContext): Fitted<Output> {
  const { today, asked } = context;
  const { start_date, end_date } = output.campaign;
  const path = "campaign.start_date";
  if (start_date >= today) return fitted(output);
  if (asked.words !== "" || daysBetween(start_date, end_date) > MOVED_DAYS_MAX) {
    const message = `It lies before today, ${today}. Begin today or later, unless the request asks for the past.`;
    return fitted(output, open("date", path, message));
  }
  const days = daysBetween(start_date, today);
  const span = { startDate: start_date, endDate: end_date };
  const moved = {
    ...output,
    campaign: { ...output.campaign, start_date: today, end_date: addDays(end_date, days) },
    content_outline: output.content_outline.map((piece) => ({
      ...piece,
      publish_date: piece.publish_date && addDays(nearestDay(span, piece.publish_date), days),
    })),
  };
  return fitted(moved, fixed("date", path, `Moved by ${days} days, to today, with all dates.`));
}

/** A plan that has ended does not limit what is planned from today on. */
function outsidePlan(
  { start_date, end_date }: Output["campaign"],
  { plan, today, asked }: CampaignDesignerContext,
): readonly Finding[] {
  const { start_date: first, end_date: last } = plan ?? {};
  if (!first || !last || last < today || asked.words !== "") return [];
  if (start_date >= first && end_date <= last) return [];
  return [
    open(
      "date",
      "campaign.end_date",
      `The campaign (${start_date} to ${end_date}) leaves the days of its plan (${first} to ${last}). Fit it in.`,
    ),
  ];
}
