/**
 * The context of the content engine: the brand, one segment and one offer. The segment and the
 * offer are those that the caller names, else those of the campaign, else the most important.
 */
import type { Row, WorkspaceDb } from "@cmo/shared/db";
import type { ContextSource } from "../agent/define-agent.ts";
import { toKey } from "../marketing/fit-names.ts";
import type { Metrics } from "../marketing/metrics/measure-campaigns.ts";
import { windowsOf } from "../marketing/metrics/period.ts";
import { FUNNEL_STAGES } from "../marketing/vocabulary.ts";
import {
  type Brand,
  type Offer,
  readBasis,
  type Segment,
} from "../marketing/workspace/foundation.ts";
import { pick } from "../marketing/workspace/pick.ts";
import { readCampaigns } from "../marketing/workspace/read-campaigns.ts";
import { readNamedRow } from "../marketing/workspace/read-named-row.ts";
import { type Published, readPublished } from "../marketing/workspace/read-published.ts";
import { type Setting, toSetting } from "../prompt/setting.ts";
import { type Room, takeWithin } from "../prompt/take-within.ts";
import { type AskedLength, readAskedLengths } from "./asked-lengths.ts";
import { namesOf } from "./content-channel.ts";
import { namesChannel, namesStage } from "./named-in-words.ts";
import type { ContentEngineInput } from "./schema.ts";

/** Channels of one campaign that are read. */
const CHANNELS_READ = 50;
/** More rows are read than are used, so that those left out can be counted. */
const PLANNED_READ = 100;
/** Campaigns whose measurements say what a channel brings. */
const MEASURED_ROOM: Room = { items: 15, characters: 12_000 };
const MEASURED_PERIOD = "last_90_days";
/** Planned pieces that the prompt has room for. */
const PLANNED_ROOM: Room = { items: 20, characters: 8_000 };
/** The same for published ones, which only must not be repeated. */
const EXISTING_ROOM: Room = { items: 10, characters: 3_000 };
const USUAL_CHANNELS: readonly string[] = ["email", "linkedin", "blog"];

const CAMPAIGN_COLUMNS = [
  "id",
  "campaign_name",
  "campaign_type",
  "objective",
  "description",
  "target_icp",
  "target_offer",
  "funnel_stage",
  "start_date",
  "end_date",
  "primary_kpi",
  "success_criteria",
] as const;

const PLANNED_COLUMNS = [
  "content_id",
  "title",
  "content_type",
  "channel",
  "funnel_stage",
  "key_message",
  "cta",
  "publish_date",
  "status",
] as const;
/** Words of the screens and of the database for what readers have seen. */
export const PUBLISHED = ["published", "active", "completed"];

const TRACKING_COLUMNS = [
  "channel_name",
  "channel_type",
  "utm_source",
  "utm_medium",
  "utm_campaign",
] as const;

/** A piece that a campaign plans, as a row that a text can join. */
export type PlannedRow = Pick<
  Row<"cmo_content_assets">,
  "id" | "content_id" | "title" | "channel" | "status"
>;

type Stage = (typeof FUNNEL_STAGES)[number];
type Tracking = Pick<Row<"cmo_campaign_channels">, (typeof TRACKING_COLUMNS)[number]>;
type PlannedContent = Pick<Row<"cmo_content_assets">, (typeof PLANNED_COLUMNS)[number]>;

interface CampaignBlock extends Pick<Row<"cmo_campaigns">, (typeof CAMPAIGN_COLUMNS)[number]> {
  readonly channels: readonly string[];
  readonly planned_content: readonly PlannedContent[];
  /** What has been published: it is not written again. */
  readonly existing_content: readonly PlannedContent[];
}

interface Voice {
  readonly formOfAddress: string | null;
  readonly wordsToAvoid: readonly string[];
}

/** What the answer is checked against. */
interface Asked {
  /** Words of the vocabulary, else the user's own names. Null if the caller's own words decide. */
  readonly channels: readonly string[] | null;
  readonly lengths: readonly AskedLength[];
  readonly stage: Stage | null;
  readonly contentTypes: readonly string[];
  readonly voice: Voice;
  readonly words: string;
}

export interface ContentEngineContext extends Setting {
  readonly brand: Brand;
  readonly segment: Segment | null;
  readonly offer: Offer | null;
  readonly campaign: CampaignBlock | null;
  /** How the links of the campaign's channels are told apart; the prompt does not need it. */
  readonly tracking: readonly Tracking[];
  /** The channels with measured numbers of the last 90 days; examples do not count. */
  readonly measured: Metrics["by_channel"];
  /** Null if nothing has been published. */
  readonly published: Published | null;
  readonly planned: readonly PlannedRow[];
  readonly asked: Asked;
  readonly leftOut: readonly string[];
}

export async function readContentEngineContext(
  source: ContextSource,
  input: ContentEngineInput,
): Promise<ContentEngineContext> {
  const [{ brand, segments, offers }, { campaign, planned, tracking, leftOut }, measured] =
    await Promise.all([
      readBasis(source.db),
      readCampaign(source.db, input.campaignId),
      readMeasuredChannels(source),
    ]);
  const words = input.prompt ?? "";
  const asked = toAsked(input, campaign);
  return {
    ...toSetting(source),
    brand,
    segment:
      segments.find(({ segment_name }) => isNamedIn(words, segment_name)) ??
      segments.find(({ segment_name }) => segment_name === campaign?.target_icp) ??
      segments.find(({ is_primary }) => is_primary) ??
      segments[0] ??
      null,
    offer:
      offers.find(({ offer_name }) => isNamedIn(words, offer_name)) ??
      offers.find(({ offer_name }) => offer_name === campaign?.target_offer) ??
      offers.find(({ is_flagship }) => is_flagship) ??
      offers[0] ??
      null,
    campaign,
    tracking,
    measured,
    planned,
    published: await readPublished(source.db, asked.channels ?? []),
    asked,
    leftOut,
  };
}

async function readMeasuredChannels({ db, today }: ContextSource): Promise<Metrics["by_channel"]> {
  const { metrics } = await readCampaigns(db, {
    windows: windowsOf(MEASURED_PERIOD, today),
    funnelId: undefined,
    planId: undefined,
    room: MEASURED_ROOM,
  });
  if (metrics.data_mode !== "live") return [];
  return metrics.by_channel.filter(({ current }) => current !== null);
}

async function readCampaign(db: WorkspaceDb, campaignId: string | undefined) {
  const [campaign, channels, planned] = await Promise.all([
    readNamedRow(db, "cmo_campaigns", { field: "campaignId", id: campaignId }),
    db.list("cmo_campaign_channels", {
      among: ["campaign_id", campaignId === undefined ? [] : [campaignId]],
      orderBy: [
        ["budget_percentage", "descending"],
        ["id", "ascending"],
      ],
      limit: CHANNELS_READ,
    }),
    db.list("cmo_content_assets", {
      among: ["campaign_id", campaignId === undefined ? [] : [campaignId]],
      orderBy: [
        ["publish_date", "ascending"],
        ["content_id", "ascending"],
        ["id", "ascending"],
      ],
      limit: PLANNED_READ,
    }),
  ]);
  if (!campaign) return { campaign: null, planned: [], tracking: [], leftOut: [] };
  const all = planned.map((row) => pick(row, PLANNED_COLUMNS));
  const isPublished = ({ status }: PlannedContent) => PUBLISHED.includes(status ?? "");
  const toWrite = all.filter((piece) => !isPublished(piece) && piece.status !== "archived");
  const planned_content = takeWithin(toWrite, PLANNED_ROOM);
  const existing_content = takeWithin(all.filter(isPublished), EXISTING_ROOM);
  const count = toWrite.length - planned_content.length;
  const names = channels.map(({ channel_name }) => channel_name);
  return {
    tracking: channels.map((row) => pick(row, TRACKING_COLUMNS)),
    campaign: {
      ...pick(campaign, CAMPAIGN_COLUMNS),
      channels: names,
      planned_content,
      existing_content,
    },
    planned: planned.map((row) => pick(row, ["id", "content_id", "title", "channel", "status"])),
    leftOut: count === 0 ? [] : [`The campaign plans ${count} more pieces, published later.`],
  };
}

function toAsked(input: ContentEngineInput, campaign: CampaignBlock | null): Asked {
  const words = input.prompt ?? "";
  const wished = input.channels?.filter((name) => name !== "") ?? [];
  const stage = FUNNEL_STAGES.find((one) => one === campaign?.funnel_stage);
  const named = wished.length > 0 ? wished : (campaign?.channels ?? []);
  // Words that name no channel or stage keep those of the campaign.
  const isOpen = wished.length === 0 && words !== "" && (named.length === 0 || namesChannel(words));
  const isStageOpen = words !== "" && (!stage || namesStage(words));
  return {
    channels: isOpen ? null : named.length > 0 ? namesOf(named) : USUAL_CHANNELS,
    lengths: readAskedLengths(words),
    stage: input.funnelStage ?? (isStageOpen ? null : (stage ?? "awareness")),
    contentTypes: input.contentTypes?.filter((type) => type !== "") ?? [],
    voice: {
      formOfAddress: input.voice?.formOfAddress ?? null,
      wordsToAvoid: input.voice?.wordsToAvoid?.filter((word) => word !== "") ?? [],
    },
    words,
  };
}

function isNamedIn(words: string, name: string): boolean {
  const key = toKey(name);
  return key !== "" && ` ${toKey(words)} `.includes(` ${key} `);
}
