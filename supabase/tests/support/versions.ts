/** Calls around the versions of rows, as the users who make them. */
import type { Caller, Database } from "../../../test/support/database.ts";
import { place, type Row } from "./domain-rows.ts";
import { createRun } from "./ledger.ts";
import type { Tenant } from "./tenant.ts";

interface Version {
  readonly number: number;
  readonly changed: Readonly<Record<string, unknown>>;
  readonly user_id: string | null;
  readonly agent_run_id: string | null;
  readonly restored_from: number | null;
}

export const versionsOf = (db: Database, caller: Caller, rowId: string) =>
  db.as<Version>(caller, "select * from public.cmo_versions where row_id = $1 order by number", [
    rowId,
  ]);

export const edit = (
  db: Database,
  caller: Caller,
  row: { table: string; id: string },
  set: string,
) =>
  db.as<Row>(caller, `update public.${row.table} set ${set} where id = $1 returning *`, [row.id]);

export const move = (db: Database, caller: Caller, id: string, status: string | null) =>
  db.call<{ moved: boolean }>(caller, "move_status", {
    p_table: "cmo_marketing_plans",
    p_row_id: id,
    p_status: status,
  });

export const restore = (db: Database, caller: Caller, id: string, number: number) =>
  db.call<{ number: number }>(caller, "restore_version", {
    p_table: "cmo_marketing_plans",
    p_row_id: id,
    p_number: number,
  });

/** What the superuser does next is done by no user: the claims of the last call still stand. */
export const leave = (db: Database) =>
  db.query(
    "select set_config('request.jwt.claims', '', true), set_config('request.jwt.claim.sub', '', true)",
  );

/** A plan that a run has saved. */
export async function placePlan(db: Database, tenant: Tenant) {
  const { run } = await createRun(db, tenant.owner);
  const row = await place(db, "cmo_marketing_plans", {
    workspace_id: tenant.workspaceId,
    agent_run_id: run.id,
    created_by: tenant.owner.userId,
    plan_name: "Spring",
    executive_summary: "By the run.",
  });
  return { table: "cmo_marketing_plans", id: row.id, runId: run.id };
}

export async function sum(db: Database, id: string): Promise<Row | undefined> {
  const [row] = await db.query<Row>("select * from public.cmo_marketing_plans where id = $1", [id]);
  return row;
}
