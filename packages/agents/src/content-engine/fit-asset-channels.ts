/**
 * Names each text's channel as the request does. A text for another channel stays, and so does a
 * channel that no vocabulary has: both are told.
 */
import { doubt, type Finding, fixedIf, open } from "../agent/finding.ts";
import { type Fitted, fitted } from "../agent/fitted.ts";
import { matchChannel } from "../marketing/match-channel.ts";
import { formOf } from "./content-channel.ts";
import type { ContentEngineContext } from "./context.ts";
import type { ContentEngineOutput } from "./schema.ts";

type Assets = readonly ContentEngineOutput["assets"][number][];

export function fitAssetChannels(given: Assets, { asked }: ContentEngineContext): Fitted<Assets> {
  const names = asked.channels ?? [];
  const assets = given.map((asset) => {
    const channel = matchChannel(asset.channel, names) ?? formOf(asset.channel) ?? asset.channel;
    return channel === asset.channel ? asset : { ...asset, channel };
  });
  const isRespelled = assets.some((asset, i) => asset !== given[i]);
  return fitted(
    isRespelled ? assets : given,
    ...fixedIf(isRespelled, "normalized", "assets", "Channels named as in the request."),
    ...unasked(assets, names),
    ...unknown(assets),
  );
}

/** Only its author can leave a text out: it may be the best of them. */
function unasked(assets: Assets, names: readonly string[]): readonly Finding[] {
  if (names.length === 0) return [];
  const strays = new Set(
    assets.map(({ channel }) => channel).filter((channel) => !names.includes(channel)),
  );
  if (strays.size === 0) return [];
  const message = `Not asked for: ${[...strays].join(", ")}. Write for these channels only: ${names.join(", ")}.`;
  return [open("asked", "assets", message)];
}

function unknown(assets: Assets): readonly Finding[] {
  return assets.flatMap(({ channel }, i) => {
    const isFirst = assets.findIndex((one) => one.channel === channel) === i;
    if (!isFirst || formOf(channel) !== null) return [];
    const message = `“${channel}” is a channel whose limits are not known. Its texts stay under this name; check their lengths before they are published.`;
    return [doubt("asked", `assets[${i}].channel`, message)];
  });
}
