/** The days of a campaign: in order, not over yet, and within the plan that it belongs to. */

import { type Finding, fixed, open } from "../agent/finding.ts";
import { addDays, daysBetween, nearestDay } from "../marketing/calendar.ts";
import type { CampaignDesignerContext } from "./context.ts";
import type { CampaignDesignerOutput } from "./schema.ts";

type Output = CampaignDesignerOutput;

/** What is longer was not dated from another today: its dates are wrong in some other way. */
const MOVED_DAYS_MAX = 731;

export function fitCampaignDates(
  output: Output,
  context: CampaignDesignerContext,
  told: Finding[],
): Output {
  if (endsBeforeStart(output)) {
    // Only the model could say which of the two is wrong.
    told.push(
      open(
        "date",
        "campaign.end_date",
        "It lies before the start. Give the first and the last day.",
      ),
    );
    return output;
  }
  const moved = moveOutOfPast(output, context, told);
  told.push(...outsidePlan(moved.campaign, context));
  return moved;
}

export function endsBeforeStart({ campaign }: Output): boolean {
  return campaign.end_date < campaign.start_date;
}

/**
 * A campaign that was dated from another today moves as a whole, so that everything in it keeps
 * its distance. Where the caller has said something, the past may be what they asked for.
 */
function moveOutOfPast(output: Output, context: CampaignDesignerContext, told: Finding[]): Output {
  const { today, asked } = context;
  const { start_date, end_date } = output.campaign;
  if (start_date >= today) return output;
  if (asked.words !== "" || daysBetween(start_date, end_date) > MOVED_DAYS_MAX) {
    told.push(
      open(
        "date",
        "campaign.start_date",
        `It lies before today, ${today}. Begin today or later, unless the request asks for the past.`,
      ),
    );
    return output;
  }
  const days = daysBetween(start_date, today);
  const span = { startDate: start_date, endDate: end_date };
  told.push(
    fixed("date", "campaign.start_date", `Moved by ${days} days, to today, with all dates.`),
  );
  return {
    ...output,
    campaign: { ...output.campaign, start_date: today, end_date: addDays(end_date, days) },
    content_outline: output.content_outline.map((piece) => ({
      ...piece,
      publish_date: piece.publish_date && addDays(nearestDay(span, piece.publish_date), days),
    })),
  };
}

/** A plan that is over by now limits nothing that is planned from today on. */
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
