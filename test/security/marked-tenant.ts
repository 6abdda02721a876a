/** A tenant whose every row bears its mark, so that the mark shows wherever a row of it goes. */
import { randomBytes, randomUUID } from "node:crypto";
import type { Pool } from "pg";
import { type Execute, placeTenant, placeUser } from "../support/tenancy.ts";
import { signToken } from "../support/token.ts";

export interface MarkedTenant {
  /** Stands in every text that the tenant's workspace holds. */
  readonly mark: string;
  readonly workspaceId: string;
  readonly token: string;
  readonly planId: string;
  readonly funnelId: string;
  readonly stageId: string;
  readonly campaignId: string;
  readonly assetId: string;
}

export async function createMarkedTenant(pool: Pool, jwtSecret: string): Promise<MarkedTenant> {
  const mark = `Mark${randomBytes(8).toString("hex")}`;
  const execute: Execute = (sql, values) => pool.query(sql, [...values]);
  const ids = {
    planId: randomUUID(),
    funnelId: randomUUID(),
    stageId: randomUUID(),
    campaignId: randomUUID(),
    assetId: randomUUID(),
  };
  const ownerId = await placeUser(execute);
  const { workspaceId } = await placeTenant(execute, { ownerId, isDefault: true, name: mark });
  for (const [sql, ...parameters] of ROWS) {
    const named = parameters.map((name) => ids[name]);
    await pool.query(`insert into public.${sql}`, [workspaceId, mark, ...named]);
  }
  return {
    ...ids,
    workspaceId,
    mark,
    token: await signToken(jwtSecret, { sub: ownerId, exp: inFourHours() }),
  };
}

/** A hunt lasts longer than an ordinary token. */
const inFourHours = () => Math.floor(Date.now() / 1000) + 4 * 3600;

type Ids = Omit<MarkedTenant, "mark" | "token" | "workspaceId">;

/** Statements of which `$1` is the workspace, `$2` the mark, and the others as they are named. */
const ROWS: readonly (readonly [sql: string, ...parameters: (keyof Ids)[]])[] = [
  [
    `cmo_brand_profiles (workspace_id, brand_name, tagline, brand_voice, unique_value_proposition)
     values ($1, $2, $2, $2, $2)`,
  ],
  ["cmo_icp_segments (workspace_id, segment_name, segment_description) values ($1, $2, $2)"],
  [
    `cmo_offers (workspace_id, offer_name, offer_type, description)
     values ($1, $2, 'service', $2)`,
  ],
  [
    `cmo_marketing_plans (id, workspace_id, plan_name, executive_summary)
     values ($3, $1, $2, $2)`,
    "planId",
  ],
  [
    `cmo_funnels (id, workspace_id, plan_id, funnel_name, description)
     values ($3, $1, $4, $2, $2)`,
    "funnelId",
    "planId",
  ],
  [
    `cmo_funnel_stages (id, workspace_id, funnel_id, stage_name, stage_type, objective)
     values ($3, $1, $4, $2, 'awareness', $2)`,
    "stageId",
    "funnelId",
  ],
  [
    `cmo_campaigns (id, workspace_id, funnel_id, campaign_name, campaign_type, status)
     values ($3, $1, $4, $2, 'nurture', 'active')`,
    "campaignId",
    "funnelId",
  ],
  [
    `cmo_campaign_channels (workspace_id, campaign_id, channel_name, targeting_notes)
     values ($1, $3, $2, $2)`,
    "campaignId",
  ],
  [
    `cmo_content_assets (id, workspace_id, campaign_id, title, content_type)
     values ($3, $1, $4, $2, 'blog')`,
    "assetId",
    "campaignId",
  ],
  [
    `cmo_content_variants (workspace_id, asset_id, variant_name, body_content)
     values ($1, $3, $2, $2)`,
    "assetId",
  ],
  [
    `cmo_metrics_snapshots (workspace_id, campaign_id, snapshot_date, metric_type, impressions)
     values ($1, $3, current_date - 1, $2, 100)`,
    "campaignId",
  ],
  [
    `cmo_recommendations (workspace_id, campaign_id, recommendation_type, title)
     values ($1, $3, 'budget', $2)`,
    "campaignId",
  ],
];
