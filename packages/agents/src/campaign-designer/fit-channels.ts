/** The campaign's channels: those that were asked for, each once, with shares that sum. */

import { type Finding, fixed, open } from "../agent/finding.ts";
import { fitTo, sum } from "../marketing/apportion.ts";
import { channelKey } from "../marketing/channel-key.ts";
import { toFractions } from "../marketing/metrics/rates.ts";
import type { CampaignDesignerContext } from "./context.ts";
import type { CampaignDesignerOutput } from "./schema.ts";

type Output = CampaignDesignerOutput;
type Channels = Output["channels"];

export function fitChannels(
  output: Output,
  { asked }: CampaignDesignerContext,
  told: Finding[],
): Output {
  tellRepeated(output.channels, told);
  const limited = limitTo(asked.channels, output.channels, told);
  const shared = fitShares(limited, output.campaign.budget_allocation, told);
  const channels = fitRates(roundQuantities(shared, told), told);
  return channels === output.channels ? output : { ...output, channels };
}

function tellRepeated(given: Channels, told: Finding[]): void {
  const keys = given.map(({ channel_name }) => channelKey(channel_name));
  given.forEach(({ channel_name }, i) => {
    if (keys.indexOf(keys[i] ?? "") === i) return;
    const message = `“${channel_name}” is there twice. Join the two: one channel, one share.`;
    told.push(open("duplicate", `channels[${i}].channel_name`, message));
  });
}

/** What nobody asked for is left out, unless nothing that was asked for would remain. */
function limitTo(asked: readonly string[], given: Channels, told: Finding[]): Channels {
  if (asked.length === 0) return given;
  const keys = new Set(asked.map(channelKey));
  const isAsked = ({ channel_name }: Channels[number]) => keys.has(channelKey(channel_name));
  const kept = given.filter(isAsked);
  if (kept.length === given.length) return given;
  if (kept.length === 0) {
    told.push(open("asked", "channels", `Use only these: ${asked.join(", ")}.`));
    return given;
  }
  const names = given.filter((channel) => !isAsked(channel)).map((channel) => channel.channel_name);
  told.push(fixed("asked", "channels", `Left out, since not asked for: ${names.join(", ")}.`));
  return kept;
}

/** Without money there is nothing to share, though shares of the effort may be given. */
function fitShares(given: Channels, budget: number, told: Finding[]): Channels {
  const givenShares = given.map((channel) => channel.budget_percentage);
  const shares = fitTo(givenShares, 100, 1);
  if (budget > 0 && sum(shares) === 0) {
    told.push(open("sum", "channels", "Give each channel its share in percent, 100 in all."));
  }
  if (shares === givenShares) return given;
  told.push(fixed("sum", "channels", "Budget percentages scaled to sum to 100."));
  return given.map((channel, i) => ({ ...channel, budget_percentage: shares[i] ?? 0 }));
}

function roundQuantities(given: Channels, told: Finding[]): Channels {
  const isWhole = given.every(({ content_types }) =>
    content_types.every(({ quantity }) => Number.isInteger(quantity)),
  );
  if (isWhole) return given;
  told.push(fixed("number", "channels", "Quantities rounded to whole pieces."));
  return given.map((channel) => ({
    ...channel,
    content_types: channel.content_types.map((type) => ({
      ...type,
      quantity: Math.round(type.quantity),
    })),
  }));
}

function fitRates(given: Channels, told: Finding[]): Channels {
  const rates = given.flatMap(({ expected_metrics: expected }) => [
    expected.engagement_rate,
    expected.conversion_rate,
  ]);
  const fractions = toFractions(rates);
  if (fractions === rates) return given;
  told.push(fixed("number", "channels", "Rates turned from percent into fractions."));
  return given.map((channel, i) => ({
    ...channel,
    expected_metrics: {
      ...channel.expected_metrics,
      engagement_rate: fractions[2 * i] ?? null,
      conversion_rate: fractions[2 * i + 1] ?? null,
    },
  }));
}
