/** Rows of the domain's tables: as a client inserts them, or placed there past all rules. */
import type { Caller, Database } from "../../../test/support/database.ts";
import type { Tenant } from "./tenant.ts";

/** The tables that hang under no other, with the columns that each needs. */
export const CMO_TABLES: readonly [table: string, required: Record<string, unknown>][] = [
  ["cmo_brand_profiles", { brand_name: "B" }],
  ["cmo_icp_segments", { segment_name: "S" }],
  ["cmo_offers", { offer_name: "O", offer_type: "product" }],
  ["cmo_marketing_plans", { plan_name: "P" }],
  ["cmo_funnels", { funnel_name: "F" }],
  ["cmo_campaigns", { campaign_name: "C", campaign_type: "nurture" }],
  ["cmo_content_assets", { title: "T", content_type: "blog" }],
  ["cmo_metrics_snapshots", { snapshot_date: "2026-11-22", metric_type: "weekly" }],
  ["cmo_recommendations", { recommendation_type: "optimization", title: "R" }],
];

export const CHILDREN: readonly [
  table: string,
  parent: string,
  column: string,
  required: Record<string, unknown>,
][] = [
  ["cmo_funnel_stages", "cmo_funnels", "funnel_id", { stage_name: "S", stage_type: "awareness" }],
  ["cmo_campaign_channels", "cmo_campaigns", "campaign_id", { channel_name: "email" }],
  ["cmo_content_variants", "cmo_content_assets", "asset_id", { variant_name: "V" }],
];

export type Row = Record<string, unknown> & { id: string };

function insertion(table: string, row: object): [sql: string, values: unknown[]] {
  const columns = Object.keys(row);
  const sql = `insert into public.${table} (${columns.join(", ")})
    values (${columns.map((_, index) => `$${index + 1}`).join(", ")}) returning *`;
  return [sql, Object.values(row)];
}

/** As a client of the existing screens inserts: the columns it sends, the row it gets back. */
export async function insert(
  db: Database,
  caller: Caller,
  table: string,
  row: object,
): Promise<Row> {
  return theOne(await db.as<Row>(caller, ...insertion(table, row)));
}

/** As the superuser: what users may not write is there all the same. */
export async function place(db: Database, table: string, row: object): Promise<Row> {
  return theOne(await db.query<Row>(...insertion(table, row)));
}

function theOne([row]: readonly Row[]): Row {
  if (!row) throw new Error("Nothing was inserted.");
  return row;
}

export function placeParent(db: Database, { workspaceId }: Tenant, table: string): Promise<Row> {
  const required = CMO_TABLES.find(([name]) => name === table)?.[1] ?? {};
  return place(db, table, { workspace_id: workspaceId, ...required });
}
