/** The campaign's channels: those that were asked for, each once, with shares that sum to 100. */
import { doubt, type Finding, fixed, open } from "../agent/finding.ts";
import { type Fitted, fitInSteps, fitted } from "../agent/fitted.ts";
import { fitTo, sum } from "../marketing/apportion.ts";
import { channelKey } from "../marketing/channel-key.ts";
import { isAmongChannels } from "../marketing/is-among-channels.ts";
import { readRates } from "../marketing/metrics/rates.ts";
import type { CampaignDesignerContext } from "./context.ts";
import type { CampaignDesignerOutput } from "./schema.ts";

type Output = CampaignDesignerOutput;
type Channels = Output["channels"];

export function fitChannels(output: Output, { asked }: CampaignDesignerContext): Fitted<Output> {
  const { value: channels, findings } = fitInSteps(output.channels, [
    (given) => fitShares(given, output.campaign.budget_allocation),
    roundQuantities,
    fitRates,
  ]);
  return {
    value: channels === output.channels ? output : { ...output, channels },
    findings: [
      ...repeatedChannels(output.channels),
      ...checkAsked(asked.channels, output.channels),
      ...findings,
    ],
  };
}

function repeatedChannels(given: Channels): readonly Finding[] {
  const keys = given.map(({ channel_name }) => channelKey(channel_name));
  return given.flatMap(({ channel_name }, i) => {
    if (keys.indexOf(keys[i] ?? "") === i) return [];
    const message = `“${channel_name}” is there twice. Join the two: one channel, one share.`;
    return [open("duplicate", `channels[${i}].channel_name`, message)];
  });
}

/** Only its author can leave a channel out: its share and its content would have no place. */
function checkAsked(asked: readonly string[], given: Channels): readonly Finding[] {
  if (asked.length === 0) return [];
  const keys = new Set(asked.map(channelKey));
  const strays = given.flatMap(({ channel_name }) =>
    keys.has(channelKey(channel_name)) || isAmongChannels(channel_name, asked) ? [] : channel_name,
  );
  if (strays.length === 0) return [];
  const message = `Not asked for: ${strays.join(", ")}. Use only these: ${asked.join(", ")}.`;
  return [open("asked", "channels", message)];
}

/** Without money, shares of the effort may be given, but none are demanded. */
function fitShares(given: Channels, budget: number): Fitted<Channels> {
  const givenShares = given.map((channel) => channel.budget_percentage);
  const shares = fitTo(givenShares, 100, 1);
  const isUndivided = budget > 0 && sum(shares) === 0;
  const message = "Give each channel its share in percent, 100 in all.";
  const missing = isUndivided ? [open("sum", "channels", message)] : [];
  if (shares === givenShares) return fitted(given, ...missing);
  return fitted(
    given.map((channel, i) => ({ ...channel, budget_percentage: shares[i] ?? 0 })),
    ...missing,
    fixed("sum", "channels", "Budget percentages scaled to sum to 100."),
  );
}

function roundQuantities(given: Channels): Fitted<Channels> {
  const isWhole = given.every(({ content_types }) =>
    content_types.every(({ quantity }) => quantity === null || Number.isInteger(quantity)),
  );
  if (isWhole) return fitted(given);
  const channels = given.map((channel) => ({
    ...channel,
    content_types: channel.content_types.map((type) => ({
      ...type,
      quantity: type.quantity === null ? null : Math.round(type.quantity),
    })),
  }));
  return fitted(channels, fixed("number", "channels", "Quantities rounded to whole pieces."));
}

function fitRates(given: Channels): Fitted<Channels> {
  const rates = given.flatMap(({ expected_metrics: expected }) => [
    expected.engagement_rate,
    expected.conversion_rate,
  ]);
  const { fractions, doubtful } = readRates(rates);
  const message =
    "Some rates are in percent and others may be: they were read as percentages if most are.";
  const doubts = doubtful.length > 0 ? [doubt("normalized", "channels", message)] : [];
  if (fractions === rates) return fitted(given, ...doubts);
  const channels = given.map((channel, i) => ({
    ...channel,
    expected_metrics: {
      ...channel.expected_metrics,
      engagement_rate: fractions[2 * i] ?? null,
      conversion_rate: fractions[2 * i + 1] ?? null,
    },
  }));
  return fitted(
    channels,
    ...doubts,
    fixed("number", "channels", "Rates turned from percent into fractions."),
  );
}
