/**
 * Reads the `cmo_*` tables. No other code of the apps and packages reads them.
 *
 * Each instance belongs to one workspace and filters every read by it, so an unscoped query cannot
 * be written. It never writes: `finalize_run` inserts what a run saves, in the transaction that
 * completes the run, with tenant, workspace and creator taken from the row.
 */
import type { SupabaseClient } from "@supabase/supabase-js";
import { toDatabaseError } from "./database-error.ts";
import type { Database } from "./types.gen.ts";

type Tables = Database["public"]["Tables"];

/** The tables of the domain. All of them have `workspace_id` and `tenant_id`. */
type WorkspaceTable = Extract<keyof Tables, `cmo_${string}`>;
export type Row<Table extends WorkspaceTable> = Tables[Table]["Row"];

export interface ListOptions<Table extends WorkspaceTable> {
  /** Columns that must equal these values. */
  readonly where?: Partial<Row<Table>>;
  /** Only rows whose column is at least this value: `["snapshot_date", "2026-01-01"]`. */
  readonly since?: readonly [column: keyof Row<Table> & string, value: string];
  /** Only rows whose column is at most this value. */
  readonly until?: readonly [column: keyof Row<Table> & string, value: string];
  /** Only rows whose column is one of these values. An empty list selects no row. */
  readonly among?: readonly [column: keyof Row<Table> & string, values: readonly string[]];
  readonly orderBy?: readonly (readonly [
    column: keyof Row<Table> & string,
    direction: "ascending" | "descending",
  ])[];
  /** 200 by default and at most 1000, so that every read is bounded. */
  readonly limit?: number;
}

export interface WorkspaceDb {
  list<Table extends WorkspaceTable>(
    table: Table,
    options?: ListOptions<Table>,
  ): Promise<Row<Table>[]>;
  /** Null when the row does not exist or belongs to another workspace. */
  find<Table extends WorkspaceTable>(table: Table, id: string): Promise<Row<Table> | null>;
}

/** Rows of a query that names no limit. */
const DEFAULT_LIMIT = 200;
/** The most rows that PostgREST returns by default. */
const MAX_LIMIT = 1000;

export function createWorkspaceDb(client: SupabaseClient, workspaceId: string): WorkspaceDb {
  /** Every read begins with this filter. */
  const scopedRows = (table: WorkspaceTable) =>
    // guards G18: scoped reads
    client.from(table).select("*").eq("workspace_id", workspaceId);

  return {
    async list<Table extends WorkspaceTable>(table: Table, options: ListOptions<Table> = {}) {
      let query = scopedRows(table).limit(Math.min(options.limit ?? DEFAULT_LIMIT, MAX_LIMIT));
      for (const [column, value] of Object.entries(options.where ?? {})) {
        // In SQL a comparison with null is never true.
        query = value === null ? query.is(column, null) : query.eq(column, value);
      }
      if (options.since) query = query.gte(options.since[0], options.since[1]);
      if (options.until) query = query.lte(options.until[0], options.until[1]);
      if (options.among) {
        const [column, values]: readonly [string, readonly string[]] = options.among;
        query = query.in(column, values);
      }
      for (const [column, direction] of options.orderBy ?? []) {
        // Postgres puts nulls first in a descending order, as if they were the greatest.
        query = query.order(column, { ascending: direction === "ascending", nullsFirst: false });
      }
      const { data, error, status } = await query;
      if (error) throw toDatabaseError({ name: table, caller: "worker" }, error, status);
      return data;
    },
    async find<Table extends WorkspaceTable>(table: Table, id: string) {
      const { data, error, status } = await scopedRows(table).eq("id", id).maybeSingle();
      if (error) throw toDatabaseError({ name: table, caller: "worker" }, error, status);
      return data;
    },
  };
}
