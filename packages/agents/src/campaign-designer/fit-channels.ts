/** The campaign's channels: those that were asked for, each once, with shares that sum to 100. */
import { doubt, type Finding, fixed, open } from "../agent/finding.ts";
import { type Fitted, fitInSteps, fitted } from "../agent/fitted.ts";
import { fitTo, sum } from "../marketing/apportion.ts";
import { channelKey } from "../marketing/channel-key.ts";
import { matchChannel } from "../marketing/match-channel.ts";
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
      ...repeatedChannels(output.channels, asked.channels),
      ...checkAsked(asked.channels, output.channels),
      ...findings,
    ],
  };
}

/** Two channels of one platform stay two if both were asked for. */
function repeatedChannels(given: Channels, asked: readonly string[]): readonly Finding[] {
  const keys = given.map(({ channel_name }) => {
    const wish = matchChannel(channel_name, asked);
    return wish === null ? channelKey(channel_name) : `asked ${wish}`;
  });
  return given.flatMap(({ channel_name }, i) => {
    if (keys.indexOf(keys[i] ?? "") === i) return [];
    const message = `“${channel_name}” is there twice. Join the two: one channel, one share.`;
    return [open("duplicate", `channels[${i}].channel_name`, message)];
  });
}

/** Only its author can leave a channel out or add one: its share and its content would have no place. */
function checkAsked(asked: readonly string[], given: Channels): readonly Finding[] {
  if (asked.length === 0) return [];
  const matches = given.map(({ channel_name }) => matchChannel(channel_name, asked));
  const strays = given.filter((_, i) => matches[i] === null);
  // A wish that repeats another in other words, such as “Newsletter” after “E-mail”, is met with it.
  const met = new Set(matches.map((name) => name && channelKey(name)));
  const missing = asked.filter((name) => !met.has(channelKey(name)));
  const findings: Finding[] = [];
  if (strays.length > 0) {
    const names = strays.map(({ channel_name }) => channel_name).join(", ");
    const message = `Not asked for: ${names}. Use only these: ${asked.join(", ")}.`;
    findings.push(open("asked", "channels", message));
  }
  if (missing.length > 0) {
    const message = `Asked for and missing: ${missing.join(", ")}. Give each its channel, its share and its content.`;
    findings.push(open("missing", "channels", message));
  }
  return findings;
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
