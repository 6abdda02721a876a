/** Artifacts of each table as a worker hands them in, and runs that hand them in. */
import { randomUUID } from "node:crypto";
import type { Database } from "../../../test/support/database.ts";
import { finalize, type RunRow, startRun } from "./ledger.ts";
import type { Tenant } from "./tenant.ts";

export interface NewRow {
  readonly table: string;
  readonly id: string;
  readonly values: Readonly<Record<string, unknown>>;
}

type Values = NewRow["values"];

export function rowOf(table: string, values: Values): NewRow {
  return { table, id: randomUUID(), values };
}

export const completed = (artifacts: unknown) => ({
  status: "completed",
  output: { kept: true },
  output_text: "kept",
  text_length: 4,
  artifacts,
});

/** A parent, then one child under it. */
function family(names: readonly [parent: string, child: string], values: [Values, Values]) {
  const parent = rowOf(names[0], values[0]);
  const child = rowOf(names[1], { [PARENT_COLUMN[names[1]] ?? ""]: parent.id, ...values[1] });
  return [parent, child] as const;
}

const PARENT_COLUMN: Readonly<Record<string, string>> = {
  cmo_funnel_stages: "funnel_id",
  cmo_campaign_channels: "campaign_id",
  cmo_content_variants: "asset_id",
};

export const funnelOf = (funnel: Values = {}, stage: Values = {}) =>
  family(
    ["cmo_funnels", "cmo_funnel_stages"],
    [
      { funnel_name: "F", ...funnel },
      { stage_name: "S", stage_type: "awareness", ...stage },
    ],
  );

export const campaignOf = (campaign: Values = {}, channel: Values = {}) =>
  family(
    ["cmo_campaigns", "cmo_campaign_channels"],
    [
      { campaign_name: "C", campaign_type: "lead_gen", ...campaign },
      { channel_name: "Email", ...channel },
    ],
  );

export const contentOf = (asset: Values = {}, variant: Values = {}) =>
  family(
    ["cmo_content_assets", "cmo_content_variants"],
    [
      { title: "T", content_type: "email", ...asset },
      { variant_name: "T (A)", variant_type: "A", body_content: "Hello", ...variant },
    ],
  );

/** A run of the tenant's that asked to save, ended by its worker with these rows. */
export async function saveRows(db: Database, tenant: Tenant, artifacts: unknown): Promise<RunRow> {
  const { runId } = await startRun(db, tenant, { p_save: true });
  return (await finalize(db, { runId }, completed(artifacts))).run;
}

export async function readRows(
  db: Database,
  table: string,
  workspaceId: string,
): Promise<Record<string, unknown>[]> {
  const rows = await db.query<{ row: Record<string, unknown> }>(
    `select to_jsonb(t) as row from public.${table} t where t.workspace_id = $1 order by t.created_at, t.id`,
    [workspaceId],
  );
  return rows.map(({ row }) => row);
}
