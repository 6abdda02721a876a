/**
 * The workspace's campaigns with their channels and measurements, the most relevant first: those
 * of the funnel and the plan that the caller names, then running ones, then the rest by the time of
 * their last change.
 */
import type { Row, WorkspaceDb } from "@cmo/shared/db";
import { type Room, takeWithin } from "../../prompt/take-within.ts";
import { channelKey } from "../channel-key.ts";
import {
  type CampaignReading,
  type Metrics,
  measureCampaigns,
} from "../metrics/measure-campaigns.ts";
import type { Windows } from "../metrics/period.ts";
import { pick } from "./pick.ts";

/** More rows of each kind are read than are used, so that those left out can be counted. */
const CAMPAIGNS_READ = 100;
/** The channels of all campaigns that are read. */
const CHANNELS_READ = 500;
/** Two quarters of daily snapshots of five kinds are 920 rows. */
export const SNAPSHOTS_READ = 1_000;

const CAMPAIGN_COLUMNS = [
  "id",
  "campaign_name",
  "campaign_type",
  "status",
  "objective",
  "funnel_stage",
  "target_icp",
  "target_offer",
  "budget_allocation",
  "primary_kpi",
  "start_date",
  "end_date",
  "plan_id",
  "funnel_id",
] as const;

const CHANNEL_COLUMNS = ["id", "channel_name", "channel_type", "budget_percentage"] as const;

type ChannelBlock = Pick<Row<"cmo_campaign_channels">, (typeof CHANNEL_COLUMNS)[number]>;

export interface CampaignBlock
  extends Pick<Row<"cmo_campaigns">, (typeof CAMPAIGN_COLUMNS)[number]> {
  readonly channels: readonly ChannelBlock[];
}

export interface CampaignScope {
  readonly windows: Windows;
  readonly funnelId: string | undefined;
  readonly planId: string | undefined;
  readonly room: Room;
}

export interface Campaigns {
  readonly campaigns: readonly CampaignBlock[];
  readonly metrics: Metrics;
  /** One sentence for each part that was not read completely. */
  readonly leftOut: readonly string[];
}

export async function readCampaigns(db: WorkspaceDb, scope: CampaignScope): Promise<Campaigns> {
  const ordered = await readInOrder(db, scope);
  const rows = takeWithin(
    ordered.map((row) => pick(row, CAMPAIGN_COLUMNS)),
    scope.room,
  );
  const ids = rows.map(({ id }) => id);
  const [channels, ofNone, ...snapshots] = await Promise.all([
    readChannels(db, ids),
    readSnapshots(db, null, scope.windows),
    ...ids.map((id) => readSnapshots(db, id, scope.windows)),
  ]);
  const campaigns = rows.map((row) => ({
    ...row,
    channels: channels
      .filter(({ campaign_id }) => campaign_id === row.id)
      .map((channel) => pick(channel, CHANNEL_COLUMNS)),
  }));
  const readings = campaigns.map((campaign, i) => toReading(campaign, snapshots[i] ?? []));
  const { metrics, leftOut } = measureCampaigns(readings, scope.windows);
  const notRead = [...tellOf(ordered.length, rows.length), ...tellOfNone(ofNone.length)];
  return { campaigns, metrics, leftOut: [...notRead, ...leftOut] };
}

async function readInOrder(
  db: WorkspaceDb,
  { funnelId, planId }: CampaignScope,
): Promise<readonly Row<"cmo_campaigns">[]> {
  const read = (where: Partial<Row<"cmo_campaigns">>) =>
    db.list("cmo_campaigns", {
      where,
      orderBy: [
        ["updated_at", "descending"],
        ["id", "ascending"],
      ],
      limit: CAMPAIGNS_READ,
    });
  const lists = await Promise.all([
    funnelId === undefined ? [] : read({ funnel_id: funnelId }),
    planId === undefined ? [] : read({ plan_id: planId }),
    read({ status: "active" }),
    read({}),
  ]);
  return [...new Map(lists.flat().map((row) => [row.id, row])).values()];
}

function readChannels(db: WorkspaceDb, campaignIds: readonly string[]) {
  return db.list("cmo_campaign_channels", {
    among: ["campaign_id", campaignIds],
    orderBy: [
      ["budget_percentage", "descending"],
      ["channel_name", "ascending"],
      ["id", "ascending"],
    ],
    limit: CHANNELS_READ,
  });
}

/** Without an id, the snapshots that belong to no campaign. */
function readSnapshots(db: WorkspaceDb, campaignId: string | null, { current, previous }: Windows) {
  return db.list("cmo_metrics_snapshots", {
    where: { campaign_id: campaignId },
    since: ["snapshot_date", previous.from],
    until: ["snapshot_date", current.to],
    orderBy: [
      ["snapshot_date", "descending"],
      ["id", "ascending"],
    ],
    limit: SNAPSHOTS_READ,
  });
}

function toReading(
  { id, campaign_name, channels }: CampaignBlock,
  snapshots: readonly Row<"cmo_metrics_snapshots">[],
): CampaignReading {
  const nameOf = new Map(channels.map((channel) => [channel.id, channel.channel_name]));
  // The measurements of a campaign with one channel are those of the channel.
  const only = channels.length === 1 ? channels[0]?.channel_name : undefined;
  return {
    campaign_id: id,
    campaign_name,
    isCut: snapshots.length >= SNAPSHOTS_READ,
    snapshots: snapshots.map((snapshot) => {
      const name = (snapshot.channel_id && nameOf.get(snapshot.channel_id)) || only;
      return { ...snapshot, channel: name === undefined ? null : channelKey(name) };
    }),
  };
}

function tellOf(found: number, shown: number): readonly string[] {
  const count = found - shown;
  if (count === 0) return [];
  const amount = found >= CAMPAIGNS_READ ? `At least ${count}` : String(count);
  const verb = count === 1 ? "campaign is" : "campaigns are";
  return [
    `${amount} further ${verb} not shown, nor counted in the metrics: those changed longest ago.`,
  ];
}

/** They may repeat the measurements of a campaign, so they are not added to any. */
function tellOfNone(count: number): readonly string[] {
  if (count === 0) return [];
  const amount = count >= SNAPSHOTS_READ ? `At least ${count}` : String(count);
  const verb = count === 1 ? "measurement belongs" : "measurements belong";
  return [`${amount} ${verb} to no campaign: not counted in the metrics.`];
}
