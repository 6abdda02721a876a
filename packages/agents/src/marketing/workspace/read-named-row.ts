/** Reads rows that a caller names by id. A row of another workspace does not exist. */
import type { Row, WorkspaceDb } from "@cmo/shared/db";
import { InputError } from "../../agent/define-agent.ts";

const KIND_OF_TABLE = {
  cmo_marketing_plans: "marketing plan",
  cmo_funnels: "funnel",
  cmo_funnel_stages: "funnel stage",
  cmo_campaigns: "campaign",
} as const;

type NamedTable = keyof typeof KIND_OF_TABLE;

/** Null without an id. An unknown id and an id of another workspace are refused alike. */
export async function readNamedRow<Table extends NamedTable>(
  db: WorkspaceDb,
  table: Table,
  named: { readonly field: string; readonly id: string | undefined },
): Promise<Row<Table> | null> {
  if (named.id === undefined) return null;
  const row = await db.find(table, named.id);
  if (row) return row;
  throw new InputError(
    `${named.field} names no ${KIND_OF_TABLE[table]} of this workspace. Check the id, or leave it out.`,
  );
}
