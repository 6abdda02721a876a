/** The sources that a recommendation may be about: their ids, names and numbers. */
import { channelKey } from "../marketing/channel-key.ts";
import { toKey } from "../marketing/fit-names.ts";
import { matchChannel } from "../marketing/match-channel.ts";
import type { Measured } from "../marketing/metrics/measure-campaigns.ts";
import { textsOf } from "../marketing/unproven-claims.ts";
import type { OptimizationAnalystContext } from "./context.ts";
import type { OptimizationAnalystOutput } from "./schema.ts";

type SourceType = OptimizationAnalystOutput["recommendations"][number]["source_type"];

/** The data that an answer is checked against, and its sources. */
export interface Known {
  readonly context: OptimizationAnalystContext;
  readonly sources: readonly Source[];
}

export interface Source {
  readonly id: string;
  readonly type: Extract<SourceType, "campaign" | "channel" | "funnel">;
  readonly name: string;
  /** Null if it has no measurements of its own. */
  readonly measured: Measured | null;
}

export function sourcesOf({
  campaigns,
  funnel,
  metrics,
}: OptimizationAnalystContext): readonly Source[] {
  const measuredOf = (id: string) => metrics.by_campaign.find((one) => one.campaign_id === id);
  const funnels = funnel
    ? [
        { id: funnel.funnel.id, name: funnel.funnel.funnel_name },
        ...funnel.stages.map(({ id, stage_name }) => ({ id, name: stage_name })),
      ]
    : [];
  return [
    ...campaigns.map(({ id, campaign_name }) => ({
      id,
      type: "campaign" as const,
      name: campaign_name,
      measured: measuredOf(id) ?? { current: null, previous: null, change_percent: null },
    })),
    // One channel of one campaign. Channels are only measured over all campaigns.
    ...campaigns
      .flatMap(({ channels }) => channels)
      .map(({ id, channel_name }) => ({
        id,
        type: "channel" as const,
        name: channel_name,
        measured: null,
      })),
    ...funnels.map((one) => ({ ...one, type: "funnel" as const, measured: null })),
  ];
}

/** Null if no source or more than one has the name. */
export function sourceNamed(name: string, sources: readonly Source[]): Source | null {
  const exact = sources.filter((source) => source.name === name);
  const alike =
    exact.length > 0 ? exact : sources.filter(({ name: n }) => toKey(n) === toKey(name));
  return alike.length === 1 ? (alike[0] ?? null) : null;
}

/** The numbers of all campaigns on a channel; null if none were measured. */
export function measuredChannel(
  name: string,
  { metrics }: OptimizationAnalystContext,
): Measured | null {
  return metrics.by_channel.find(({ channel }) => channel === channelKey(name)) ?? null;
}

/**
 * Whether the data has sources of this type, but none of this name. A channel may also be one of
 * the plan or of a stage: an analysis should report a planned channel without any campaign.
 */
export function isMadeUp(type: string, name: string, { context, sources }: Known): boolean {
  if (name === "") return false;
  const isNamed = sources.some((source) => toKey(source.name) === toKey(name));
  const ofType = sources.filter((source) => source.type === type);
  if (type !== "channel") return ofType.length > 0 && !isNamed;
  const channels = [
    ...ofType.map((source) => source.name),
    ...textsOf(context.plan?.channel_mix).map(({ text }) => text),
    ...textsOf(context.funnel?.stages.map((stage) => stage.channels)).map(({ text }) => text),
  ];
  const isChannel =
    matchChannel(name, channels) !== null || measuredChannel(name, context) !== null;
  return channels.length > 0 && !isNamed && !isChannel;
}
