/** A tenant whose every row bears its mark, so that the mark shows wherever a row of it goes. */
import { randomBytes, randomUUID } from "node:crypto";
import { SignJWT } from "jose";
import type { Pool } from "pg";

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
  const [userId, workspaceId] = [randomUUID(), randomUUID()];
  const ids = {
    planId: randomUUID(),
    funnelId: randomUUID(),
    stageId: randomUUID(),
    campaignId: randomUUID(),
    assetId: randomUUID(),
  };
  await placeTenancy(pool, { userId, workspaceId, mark });
  for (const [sql, ...parameters] of ROWS) {
    const named = parameters.map((name) => ids[name]);
    await pool.query(`insert into public.${sql}`, [workspaceId, mark, ...named]);
  }
  return { ...ids, workspaceId, mark, token: await mintToken(userId, jwtSecret) };
}

async function placeTenancy(
  pool: Pool,
  { userId, workspaceId, mark }: { userId: string; workspaceId: string; mark: string },
): Promise<void> {
  const tenantId = randomUUID();
  await pool.query(
    `insert into auth.users (id, aud, role, email, email_confirmed_at, raw_app_meta_data,
       raw_user_meta_data, created_at, updated_at)
     values ($1, 'authenticated', 'authenticated', $2, now(), '{}', '{}', now(), now())`,
    [userId, `${userId}@canary.test`],
  );
  await pool.query("insert into public.tenants (id, name, slug) values ($1, $2, $2)", [
    tenantId,
    mark,
  ]);
  await pool.query(
    `insert into public.workspaces (id, tenant_id, name, slug, owner_id, is_default)
     values ($1, $2, $3, $3, $4, true)`,
    [workspaceId, tenantId, mark, userId],
  );
}

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

function mintToken(userId: string, jwtSecret: string): Promise<string> {
  return new SignJWT({ sub: userId, role: "authenticated" })
    .setProtectedHeader({ alg: "HS256", typ: "JWT" })
    .setAudience("authenticated")
    .setIssuedAt()
    .setExpirationTime("4h")
    .sign(new TextEncoder().encode(jwtSecret));
}
