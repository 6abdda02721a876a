/** Adds up the numbers of campaigns and channels in a period and in the previous one. */
import type { Change, Snapshot } from "./aggregate-metrics.ts";
import {
  aggregateSeries,
  type CoveredAggregate,
  compareSeries,
  type Series,
  toSeries,
} from "./compare-covered.ts";
import { GRANULARITIES, type Granularity, granularityOf } from "./coverage.ts";
import { fromFraction, toMicros } from "./exact-number.ts";
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
  readonly current: CoveredAggregate | null;
  readonly previous: CoveredAggregate | null;
  /** Per covered day; null where the two periods are not covered alike. */
  readonly change_percent: Change | null;
}

/** Of all campaigns together, in percent; computed here because models do not divide reliably. */
interface Shared extends Measured {
  readonly share_of_cost: number | null;
  readonly share_of_revenue: number | null;
}

export interface MeasuredCampaign extends Shared {
  readonly campaign_id: string;
  readonly campaign_name: string;
}

interface MeasuredChannel extends Shared {
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

type WindowName = keyof Windows;

/** The series of a campaign in both windows, and the rows that none of them counts. */
interface Counted extends CampaignReading {
  readonly series: Readonly<Record<WindowName, readonly ChannelSeries[]>>;
  readonly dropped: number;
  readonly windows: WholeWindows;
}

interface ChannelSeries extends Series {
  readonly channel: string | null;
}

export function measureCampaigns(
  readings: readonly CampaignReading[],
  windows: Windows,
): { readonly metrics: Metrics; readonly leftOut: readonly string[] } {
  const hasLive = readings.some(({ snapshots }) => snapshots.some(isLive));
  const counted = readings.map((reading) => count(reading, windows, hasLive));
  const isWhole = {
    current: counted.every((one) => one.windows.current !== null),
    previous: counted.every((one) => one.windows.previous !== null),
  };
  const whole = {
    current: isWhole.current ? windows.current : null,
    previous: isWhole.previous ? windows.previous : null,
  };
  const all = {
    current: counted.flatMap(({ series }) => series.current),
    previous: counted.flatMap(({ series }) => series.previous),
  };
  const isMeasuredAtAll = all.current.length + all.previous.length > 0;
  const totals = measure(all, whole);
  const metrics: Metrics = {
    current_period: windows.current,
    previous_period: windows.previous,
    data_mode: isMeasuredAtAll ? (hasLive ? "live" : "demo") : null,
    totals,
    by_campaign: counted
      .map(({ campaign_id, campaign_name, ...one }) => ({
        campaign_id,
        campaign_name,
        ...withShares(measure(one.series, one.windows), totals),
      }))
      .filter(isMeasured),
    by_channel: byChannel(all, whole, totals),
  };
  const dropped = counted.reduce((sum, one) => sum + one.dropped, 0);
  return { metrics, leftOut: [...counted.flatMap(tellOfCut), ...tellOfDropped(dropped)] };
}

function count(reading: CampaignReading, windows: Windows, hasLive: boolean): Counted {
  const { snapshots, campaign_id } = reading;
  const given = hasLive ? snapshots.filter(isLive) : snapshots;
  const inside = [windows.current, windows.previous].map((window) =>
    given.filter((one) => isWithin(one, window)),
  );
  const [current = [], previous = []] = inside;
  const series = {
    current: seriesOf(campaign_id, current, windows.current),
    previous: seriesOf(campaign_id, previous, windows.previous),
  };
  const used = [...series.current, ...series.previous].reduce((sum, { rows }) => sum + rows, 0);
  const dropped = current.length + previous.length - used;
  return { ...reading, series, dropped, windows: wholeOf(reading, windows) };
}

/** One series for each channel, of the finest measurements that may overlap with it. */
function seriesOf(
  campaignId: string,
  rows: readonly CampaignSnapshot[],
  window: Window,
): readonly ChannelSeries[] {
  const finest = finestOf(rows);
  return [...finest].flatMap(([channel, granularity]) => {
    const own = rows.filter(
      (one) => one.channel === channel && granularityOf(one.metric_type) === granularity,
    );
    const key = JSON.stringify([campaignId, channel]);
    const series = toSeries(key, own, granularity, window);
    return series ? [{ ...series, channel }] : [];
  });
}

type WholeWindows = { readonly [Name in keyof Windows]: Window | null };

/** Null for a window that was not read completely: a part would look like a fall. */
function wholeOf({ isCut, snapshots }: CampaignReading, windows: Windows): WholeWindows {
  const oldest = snapshots.at(-1)?.snapshot_date;
  const unlessCut = (window: Window) =>
    isCut && oldest !== undefined && window.from <= oldest ? null : window;
  return { current: unlessCut(windows.current), previous: unlessCut(windows.previous) };
}

function measure(
  series: Readonly<Record<WindowName, readonly Series[]>>,
  windows: WholeWindows,
): Measured {
  const current = windows.current ? series.current : [];
  const previous = windows.previous ? series.previous : [];
  return {
    current: aggregateSeries(current),
    previous: aggregateSeries(previous),
    change_percent: compareSeries(current, previous),
  };
}

function byChannel(
  all: Readonly<Record<WindowName, readonly ChannelSeries[]>>,
  windows: WholeWindows,
  totals: Measured,
): readonly MeasuredChannel[] {
  const both = [...all.current, ...all.previous];
  const channels = [...new Set(both.flatMap(({ channel }) => channel ?? []))].toSorted();
  return channels
    .map((channel) => {
      const isOwn = (one: ChannelSeries) => one.channel === channel;
      const own = { current: all.current.filter(isOwn), previous: all.previous.filter(isOwn) };
      return { channel, ...withShares(measure(own, windows), totals) };
    })
    .filter(isMeasured);
}

const SHARE_DECIMALS = 1;

function withShares(measured: Measured, { current: all }: Measured): Shared {
  const shareOf = (name: "cost" | "revenue") =>
    measured.current &&
    fromFraction(100n * toMicros(measured.current[name]), toMicros(all?.[name]), SHARE_DECIMALS);
  return { ...measured, share_of_cost: shareOf("cost"), share_of_revenue: shareOf("revenue") };
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
 * any channel. A sum over all time covers no days that could be compared.
 */
function finestOf(rows: readonly CampaignSnapshot[]): ReadonlyMap<string | null, Granularity> {
  const known = rows.flatMap(({ channel, metric_type }) => {
    const granularity = granularityOf(metric_type);
    return granularity === "total" ? [] : [{ channel, rank: GRANULARITIES.indexOf(granularity) }];
  });
  const channels = [...new Set(known.map(({ channel }) => channel))];
  return new Map(
    channels.flatMap((channel) => {
      const ranks = known
        .filter((one) => channel === null || one.channel === null || one.channel === channel)
        .map(({ rank }) => rank);
      const granularity = GRANULARITIES[Math.min(...ranks)];
      const isOwn = known.some((one) => one.channel === channel && one.rank === Math.min(...ranks));
      return granularity && isOwn ? [[channel, granularity] as const] : [];
    }),
  );
}

function isWithin({ snapshot_date }: Snapshot, { from, to }: Window): boolean {
  return from <= snapshot_date && snapshot_date <= to;
}

function tellOfDropped(count: number): readonly string[] {
  if (count === 0) return [];
  const subject = count === 1 ? "1 measurement is" : `${count} measurements are`;
  return [
    `${subject} not counted in the metrics: sums of a week or longer, which reach beyond the period, or where finer measurements of the same campaign may include the same days.`,
  ];
}

/** Uses the id: these sentences are outside of the data block, where a name could be an instruction. */
function tellOfCut(one: Counted): readonly string[] {
  if (one.windows.current !== null && one.windows.previous !== null) return [];
  const which = one.windows.current === null ? "either period" : "the period before";
  return [
    `Campaign ${one.campaign_id} has more measurements than could be read: its numbers of ${which} are left out, and so are the totals.`,
  ];
}
