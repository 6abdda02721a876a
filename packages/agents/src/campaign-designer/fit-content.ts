/** The campaign's content: ids that are unique, channels and days that are the campaign's own. */

import { type Finding, fixed, open } from "../agent/finding.ts";
import { isWithin, nearestDay } from "../marketing/calendar.ts";
import { channelKey } from "../marketing/channel-key.ts";
import { fitName, toKey } from "../marketing/fit-names.ts";
import type { CampaignDesignerContext } from "./context.ts";
import { endsBeforeStart } from "./fit-campaign-dates.ts";
import { fitDependencies } from "./fit-dependencies.ts";
import type { CampaignDesignerOutput } from "./schema.ts";

type Output = CampaignDesignerOutput;
type Outline = Output["content_outline"];

export function fitContent(
  output: Output,
  { names }: CampaignDesignerContext,
  told: Finding[],
): Output {
  const placed = fitChannelNames(output, told);
  const dated = endsBeforeStart(output) ? placed : fitDates(output.campaign, placed, told);
  const targeted = dated.map((piece, i) => {
    const path = `content_outline[${i}].target_icp`;
    const rules = { kind: "segment", known: names.segments, path, told } as const;
    return { ...piece, target_icp: fitName(piece.target_icp, rules) };
  });
  tellRepeatedTitles(targeted, told);
  return { ...output, content_outline: fitDependencies(targeted, told) };
}

/** A piece names its channel as the list of channels does, and each channel has a piece. */
function fitChannelNames({ channels, content_outline }: Output, told: Finding[]): Outline {
  const nameOf = new Map(
    channels.toReversed().map(({ channel_name }) => [channelKey(channel_name), channel_name]),
  );
  const names = new Set(channels.map(({ channel_name }) => channel_name));
  let respelled = 0;
  const outline = content_outline.map((piece, i) => {
    if (names.has(piece.channel)) return piece;
    const channel = nameOf.get(channelKey(piece.channel));
    if (channel === undefined) {
      const message = `“${piece.title}” is for “${piece.channel}”, which is no channel of the campaign. Move it to one of these, or leave it out: ${[...names].join(", ")}.`;
      told.push(open("reference", `content_outline[${i}].channel`, message));
      return piece;
    }
    respelled += 1;
    return { ...piece, channel };
  });
  if (respelled > 0) {
    told.push(fixed("reference", "content_outline", "Channels named as in the list of channels."));
  }
  channels.forEach(({ channel_name }, i) => {
    if (outline.some(({ channel }) => channelKey(channel) === channelKey(channel_name))) return;
    const message = `Nothing is planned for “${channel_name}”. Give it content, or leave it out.`;
    told.push(open("missing", `channels[${i}].channel_name`, message));
  });
  return outline;
}

function fitDates(campaign: Output["campaign"], outline: Outline, told: Finding[]): Outline {
  const span = { startDate: campaign.start_date, endDate: campaign.end_date };
  const isInside = ({ publish_date }: Outline[number]) =>
    publish_date === null || isWithin(span, publish_date);
  if (outline.every(isInside)) return outline;
  told.push(
    fixed("date", "content_outline", "Dates outside the campaign moved to its nearest day."),
  );
  return outline.map((piece) => ({
    ...piece,
    publish_date: piece.publish_date && nearestDay(span, piece.publish_date),
  }));
}

function tellRepeatedTitles(outline: Outline, told: Finding[]): void {
  const keys = outline.map(({ title, channel }) => `${toKey(title)} on ${channelKey(channel)}`);
  outline.forEach(({ title, channel }, i) => {
    if (keys.indexOf(keys[i] ?? "") === i) return;
    const message = `“${title}” is planned twice for ${channel}. Say something else, or leave it out.`;
    told.push(open("duplicate", `content_outline[${i}].title`, message));
  });
}
