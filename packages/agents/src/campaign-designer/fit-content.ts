/** The campaign's content: unique ids, and channels and days of the campaign. */
import { type Finding, fixed, open } from "../agent/finding.ts";
import { type Fitted, fitEach, fitInSteps, fitted } from "../agent/fitted.ts";
import { isWithin, nearestDay } from "../marketing/calendar.ts";
import { channelKey } from "../marketing/channel-key.ts";
import { fitName, toKey } from "../marketing/fit-names.ts";
import { matchChannel } from "../marketing/match-channel.ts";
import type { CampaignDesignerContext } from "./context.ts";
import { endsBeforeStart } from "./fit-campaign-dates.ts";
import { fitDependencies } from "./fit-dependencies.ts";
import type { CampaignDesignerOutput } from "./schema.ts";

type Output = CampaignDesignerOutput;
type Outline = Output["content_outline"];
type Channels = Output["channels"];

export function fitContent(output: Output, { names }: CampaignDesignerContext): Fitted<Output> {
  const { value, findings } = fitInSteps(output.content_outline, [
    (given) => fitChannelNames(given, output.channels),
    (given) => fitDates(given, output),
    (given) => fitSegments(given, names.segments),
    (given) => fitted(given, ...repeatedTitles(given)),
    fitDependencies,
  ]);
  return { value: { ...output, content_outline: value }, findings };
}

/** A piece names its channel as the list of channels does, and each channel has a piece. */
function fitChannelNames(given: Outline, channels: Channels): Fitted<Outline> {
  const names = channels.map(({ channel_name }) => channel_name);
  const outline = given.map((piece) => {
    const channel = matchChannel(piece.channel, names);
    return channel === null || channel === piece.channel ? piece : { ...piece, channel };
  });
  const isRespelled = outline.some((piece, i) => piece !== given[i]);
  const message = "Channels named as in the list of channels.";
  return fitted(
    outline,
    ...strayPieces(outline, names),
    ...(isRespelled ? [fixed("reference", "content_outline", message)] : []),
    ...emptyChannels(outline, channels),
  );
}

function strayPieces(outline: Outline, names: readonly string[]): readonly Finding[] {
  return outline.flatMap(({ title, channel }, i) => {
    if (names.includes(channel)) return [];
    const message = `“${title}” is for “${channel}”, which is no channel of the campaign. Move it to one of these, or leave it out: ${[...new Set(names)].join(", ")}.`;
    return [open("reference", `content_outline[${i}].channel`, message)];
  });
}

function emptyChannels(outline: Outline, channels: Channels): readonly Finding[] {
  return channels.flatMap(({ channel_name }, i) => {
    if (outline.some(({ channel }) => channelKey(channel) === channelKey(channel_name))) return [];
    const message = `Nothing is planned for “${channel_name}”. Give it content, or leave it out.`;
    return [open("missing", `channels[${i}].channel_name`, message)];
  });
}

function fitDates(outline: Outline, output: Output): Fitted<Outline> {
  if (endsBeforeStart(output)) return fitted(outline);
  const { start_date: startDate, end_date: endDate } = output.campaign;
  const span = { startDate, endDate };
  const isInside = ({ publish_date }: Outline[number]) =>
    publish_date === null || isWithin(span, publish_date);
  if (outline.every(isInside)) return fitted(outline);
  return fitted(
    outline.map((piece) => ({
      ...piece,
      publish_date: piece.publish_date && nearestDay(span, piece.publish_date),
    })),
    fixed("date", "content_outline", "Dates outside the campaign moved to its nearest day."),
  );
}

function fitSegments(outline: Outline, known: readonly string[]): Fitted<Outline> {
  return fitEach(outline, (piece, i) => {
    const path = `content_outline[${i}].target_icp`;
    const { value, findings } = fitName(piece.target_icp, { kind: "segment", known, path });
    return { value: { ...piece, target_icp: value }, findings };
  });
}

function repeatedTitles(outline: Outline): readonly Finding[] {
  const keys = outline.map(({ title, channel }) => `${toKey(title)} on ${channelKey(channel)}`);
  return outline.flatMap(({ title, channel }, i) => {
    if (keys.indexOf(keys[i] ?? "") === i) return [];
    const message = `“${title}” is planned twice for ${channel}. Say something else, or leave it out.`;
    return [open("duplicate", `content_outline[${i}].title`, message)];
  });
}
