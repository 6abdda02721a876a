/** Inserts the workspaces of the evaluation, each with its own tenant. */
import { randomUUID } from "node:crypto";
import { Client } from "pg";
import { TRADES, type Trade } from "./trades.ts";

export interface EvalWorkspace {
  readonly id: string;
  readonly trade: Trade;
}

/** The workspaces belong to the user with this address, who must exist. */
export async function addWorkspaces(
  databaseUrl: string,
  email: string,
): Promise<readonly EvalWorkspace[]> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query("select id from auth.users where email = $1", [email]);
    const userId = String(rows[0]?.id);
    const added: EvalWorkspace[] = [];
    for (const trade of TRADES) {
      added.push({ id: await addWorkspace({ client, userId, trade }), trade });
    }
    return added;
  } finally {
    await client.end();
  }
}

interface Adding {
  readonly client: Client;
  readonly userId: string;
  readonly trade: Trade;
}

async function addWorkspace(adding: Adding): Promise<string> {
  const { client, userId, trade } = adding;
  const [tenantId, workspaceId] = [randomUUID(), randomUUID()];
  await client.query("insert into public.tenants (id, name, slug) values ($1, $2, $3)", [
    tenantId,
    trade.name,
    tenantId,
  ]);
  await client.query(
    `insert into public.workspaces (id, tenant_id, name, slug, owner_id, is_default, time_zone, currency, language)
     values ($1, $2, $3, $4, $5, false, $6, $7, $8)`,
    [
      workspaceId,
      tenantId,
      trade.name,
      workspaceId,
      userId,
      trade.time_zone,
      trade.currency,
      trade.language,
    ],
  );
  await client.query(
    "insert into public.workspace_members (workspace_id, user_id, role) values ($1, $2, 'owner')",
    [workspaceId, userId],
  );
  await addFoundation(adding, workspaceId);
  for (const campaign of trade.campaigns) await addCampaign(adding, workspaceId, campaign);
  return workspaceId;
}

async function addFoundation(
  { client, userId, trade }: Adding,
  workspaceId: string,
): Promise<void> {
  const { brand, segments, offers, currency } = trade;
  await client.query(
    `insert into public.cmo_brand_profiles
       (workspace_id, created_by, brand_name, industry, brand_tone, unique_value_proposition)
     values ($1, $2, $3, nullif($4, ''), nullif($5, ''), nullif($6, ''))`,
    [workspaceId, userId, trade.name, brand.industry, brand.tone, brand.promise],
  );
  for (const [i, { name, pains, goals, channels }] of segments.entries()) {
    const lists = [pains, goals, channels].map((list) => JSON.stringify(list));
    await client.query(
      `insert into public.cmo_icp_segments
         (workspace_id, created_by, segment_name, pain_points, goals, preferred_channels, is_primary)
       values ($1, $2, $3, $4, $5, $6, $7)`,
      [workspaceId, userId, name, ...lists, i === 0],
    );
  }
  for (const [i, { name, type, benefits, price }] of offers.entries()) {
    const [min, max] = price;
    await client.query(
      `insert into public.cmo_offers
         (workspace_id, created_by, offer_name, offer_type, key_benefits, price_range, is_flagship)
       values ($1, $2, $3, $4, $5, $6, $7)`,
      [
        workspaceId,
        userId,
        name,
        type,
        JSON.stringify(benefits),
        JSON.stringify({ min, max, currency }),
        i === 0,
      ],
    );
  }
}

async function addCampaign(
  { client, userId }: Adding,
  workspaceId: string,
  { name, cost, trend }: Trade["campaigns"][number],
): Promise<void> {
  const id = randomUUID();
  await client.query(
    `insert into public.cmo_campaigns
       (id, workspace_id, created_by, campaign_name, campaign_type, status, start_date, end_date, budget_allocation)
     values ($1, $2, $3, $4, 'lead_gen', 'active', current_date - 50, current_date + 40, $5)`,
    [id, workspaceId, userId, name, cost * 12],
  );
  await client.query(
    `insert into public.cmo_metrics_snapshots
       (workspace_id, campaign_id, snapshot_date, metric_type, impressions, clicks, conversions, cost, revenue, data_mode)
     select $1, $2, current_date - 7 * (6 - week), 'weekly', 9000 + 100 * week,
       round(400 * (1 + $4::numeric * week))::integer, round(20 * (1 + $4::numeric * week))::integer,
       $3::numeric, round($3::numeric * 2.4 * (1 + $4::numeric * week), 2), 'demo'
     from generate_series(0, 5) as week`,
    [workspaceId, id, cost, trend],
  );
}
