/** Adds up the numbers of campaigns and channels in a period and in the previous one. */
import {
  type Aggregate,
  type Change,
  compareMetrics,
  type Snapshot,
  sumMetrics,
  toAggregate,
} from "./aggregate-metrics.ts";
import type { Window, Windows } from "./period.ts";

export interface CampaignSnapshot extends Snapshot {
  readonly metric_type: string;
  readonly data_mode: "live" | "demo";
  /** The key of the channel; null if it is unknown. */
  readonly channel: string | null;
}

export interface CampaignReading {
  readonly campaign_id: string;
  readonly campaign_name: string;
  /** The newest first. */
  readonly snapshots: readonly CampaignSnapshot[];
  /** Older snapshots exist, but were not read. */
  readonly isCut: boolean;
}

export interface Measured {
  readonly current: Aggregate | null;
  readonly previous: Aggregate | null;
  readonly change_percent: Change | null;
}

export interface MeasuredCampaign extends Measured {
  readonly campaign_id: string;
  readonly campaign_name: string;
}

interface MeasuredChannel extends Measured {
  readonly channel: string;
}

export interface Metrics {
  readonly current_period: Window;
  readonly previous_period: Window;
  /** `demo` numbers are examples, not results. Null if nothing was measured. */
  readonly data_mode: "live" | "demo" | null;
  readonly totals: Measured;
  /** The campaigns with measurements. */
  readonly by_campaign: readonly MeasuredCampaign[];
  readonly by_channel: readonly MeasuredChannel[];
}

/** The periods of snapshots, from the finest to the coarsest; a coarse one includes finer ones. */
const ROLLUPS = ["weekly", "monthly", "quarterly", "yearly", "total"];

export function measureCampaigns(
  readings: readonly CampaignReading[],
  windows: Windows,
): { readonly metrics: Metrics; readonly leftOut: readonly string[] } {
  const hasLive = readings.some(({ snapshots }) => snapshots.some(isLive));
  const counted = readings.map((reading) => {
    const given = hasLive ? reading.snapshots.filter(isLive) : reading.snapshots;
    const both = [windows.current, windows.previous];
    const inWindows = given.filter((one) => both.some((window) => isWithin(one, window)));
    const snapshots = withoutRollups(inWindows, both);
    const dropped = inWindows.length - snapshots.length;
    return { ...reading, snapshots, dropped, windows: wholeOf(reading, windows) };
  });
  const isWhole = {
    current: counted.every((one) => one.windows.current !== null),
    previous: counted.every((one) => one.windows.previous !== null),
  };
  const whole = {
    current: isWhole.current ? windows.current : null,
    previous: isWhole.previous ? windows.previous : null,
  };
  const all = counted.flatMap(({ snapshots }) => snapshots);
  const metrics: Metrics = {
    current_period: windows.current,
    previous_period: windows.previous,
    data_mode: all.length === 0 ? null : hasLive ? "live" : "demo",
    totals: measure(all, whole),
    by_campaign: counted
      .map(({ campaign_id, campaign_name, ...one }) => ({
        campaign_id,
        campaign_name,
        ...measure(one.snapshots, one.windows),
      }))
      .filter(isMeasured),
    by_channel: byChannel(all, whole),
  };
  const dropped = counted.reduce((sum, one) => sum + one.dropped, 0);
  return { metrics, leftOut: [...counted.flatMap(tellOfCut), ...tellOfRollups(dropped)] };
}

type WholeWindows = { readonly [Name in keyof Windows]: Window | null };

/** Null for a window that was not read completely: a part would look like a fall. */
function wholeOf({ isCut, snapshots }: CampaignReading, windows: Windows): WholeWindows {
  const oldest = snapshots.at(-1)?.snapshot_date;
  const unlessCut = (window: Window) =>
    isCut && oldest !== undefined && window.from <= oldest ? null : window;
  return { current: unlessCut(windows.current), previous: unlessCut(windows.previous) };
}

function measure(snapshots: readonly Snapshot[], windows: WholeWindows): Measured {
  const current = windows.current && sumMetrics(snapshots, windows.current);
  const previous = windows.previous && sumMetrics(snapshots, windows.previous);
  return {
    current: current && toAggregate(current),
    previous: previous && toAggregate(previous),
    change_percent: compareMetrics(current, previous),
  };
}

function byChannel(
  all: readonly CampaignSnapshot[],
  windows: WholeWindows,
): readonly MeasuredChannel[] {
  const channels = [...new Set(all.flatMap(({ channel }) => channel ?? []))].toSorted();
  return channels
    .map((channel) => ({
      channel,
      ...measure(
        all.filter((snapshot) => snapshot.channel === channel),
        windows,
      ),
    }))
    .filter(isMeasured);
}

function isMeasured({ current, previous }: Measured): boolean {
  return current !== null || previous !== null;
}

function isLive({ data_mode }: CampaignSnapshot): boolean {
  return data_mode === "live";
}

/**
 * A weekly sum would count each of its days twice, so only the finest of overlapping snapshots
 * counts. Different channels and windows do not overlap; a snapshot without a channel may include
 * any channel.
 */
function withoutRollups(
  snapshots: readonly CampaignSnapshot[],
  windows: readonly Window[],
): readonly CampaignSnapshot[] {
  return windows.flatMap((window) => {
    const inWindow = snapshots.filter((one) => isWithin(one, window));
    const finestOf = (channel: string | null) =>
      inWindow
        .filter((one) => channel === null || one.channel === null || one.channel === channel)
        .reduce((least, one) => Math.min(least, rankOf(one)), ROLLUPS.length);
    const channels = [...new Set(inWindow.map(({ channel }) => channel))];
    const finest = new Map(channels.map((channel) => [channel, finestOf(channel)]));
    return inWindow.filter((one) => rankOf(one) === finest.get(one.channel));
  });
}

function isWithin({ snapshot_date }: Snapshot, { from, to }: Window): boolean {
  return from <= snapshot_date && snapshot_date <= to;
}

function rankOf({ metric_type }: CampaignSnapshot): number {
  return ROLLUPS.indexOf(metric_type.toLowerCase());
}

function tellOfRollups(count: number): readonly string[] {
  if (count === 0) return [];
  const subject = count === 1 ? "1 measurement is" : `${count} measurements are`;
  return [
    `${subject} not counted in the metrics: sums of a week or longer, where finer measurements of the same campaign may include the same days.`,
  ];
}

/** Uses the id: these sentences are outside of the data block, where a name could be an instruction. */
function tellOfCut(one: CampaignReading & { readonly windows: WholeWindows }): readonly string[] {
  if (one.windows.current !== null && one.windows.previous !== null) return [];
  const which = one.windows.current === null ? "either period" : "the period before";
  return [
    `Campaign ${one.campaign_id} has more measurements than could be read: its numbers of ${which} are left out, and so are the totals.`,
  ];
}
