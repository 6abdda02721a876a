/**
 * The only way to a `cmo_*` table from code of ours.
 *
 * It is built for one workspace and one user; every read is filtered by the workspace, every
 * insert carries tenant, workspace and creator. An unscoped query cannot be written with it.
 */
import type { SupabaseClient } from "@supabase/supabase-js";
import { toDatabaseError } from "./database-error.ts";
import type { Database } from "./types.gen.ts";

type Tables = Database["public"]["Tables"];

/** The tables of the domain, all of which carry `workspace_id` and `tenant_id`. */
export type WorkspaceTable = Extract<keyof Tables, `cmo_${string}`>;
export type Row<Table extends WorkspaceTable> = Tables[Table]["Row"];

export interface WorkspaceScope {
  readonly tenantId: string;
  readonly workspaceId: string;
  readonly userId: string | null;
}

export interface ListOptions<Table extends WorkspaceTable> {
  /** Columns that must equal these values. */
  readonly where?: Partial<Row<Table>>;
  /** Only rows whose column is at least this value: `["snapshot_date", "2026-01-01"]`. */
  readonly since?: readonly [column: keyof Row<Table> & string, value: string];
  readonly orderBy?: readonly (readonly [
    column: keyof Row<Table> & string,
    direction: "ascending" | "descending",
  ])[];
  /** A read without a bound does not exist: 200 rows unless told otherwise, never above 1000. */
  readonly limit?: number;
}

export interface WorkspaceDb {
  readonly scope: WorkspaceScope;
  list<Table extends WorkspaceTable>(
    table: Table,
    options?: ListOptions<Table>,
  ): Promise<Row<Table>[]>;
  /** Null when the row is not there or belongs to another workspace: the two look the same. */
  find<Table extends WorkspaceTable>(table: Table, id: string): Promise<Row<Table> | null>;
  insert<Table extends WorkspaceTable>(
    table: Table,
    values: Partial<Row<Table>>,
  ): Promise<Row<Table>>;
}
