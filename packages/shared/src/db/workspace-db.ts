/**
 * The only way to a `cmo_*` table from code of ours.
 *
 * It is built for one workspace, and every read is filtered by it: an unscoped query cannot be
 * written with it. It only reads. What a run saves is inserted by `finalize_run`, in the
 * transaction that completes the run, with tenant, workspace and creator taken from the row.
 */
import type { SupabaseClient } from "@supabase/supabase-js";
import { toDatabaseError } from "./database-error.ts";
import type { Database } from "./types.gen.ts";

type Tables = Database["public"]["Tables"];

/** The tables of the domain, all of which carry `workspace_id` and `tenant_id`. */
type WorkspaceTable = Extract<keyof Tables, `cmo_${string}`>;
export type Row<Table extends WorkspaceTable> = Tables[Table]["Row"];

export interface ListOptions<Table extends WorkspaceTable> {
  /** Columns that must equal these values. */
  readonly where?: Partial<Row<Table>>;
  /** Only rows whose column is at least this value: `["snapshot_date", "2026-01-01"]`. */
  readonly since?: readonly [column: keyof Row<Table> & string, value: string];
  /** Only rows whose column is at most this value. */
  readonly until?: readonly [column: keyof Row<Table> & string, value: string];
  /** Only rows whose column is one of these values; none of them, no row. */
  readonly among?: readonly [column: keyof Row<Table> & string, values: readonly string[]];
  readonly orderBy?: readonly (readonly [
    column: keyof Row<Table> & string,
    direction: "ascending" | "descending",
  ])[];
  /** A read without a bound does not exist: 200 rows unless told otherwise, never above 1000. */
  readonly limit?: number;
}

export interface WorkspaceDb {
  list<Table extends WorkspaceTable>(
    table: Table,
    options?: ListOptions<Table>,
  ): Promise<Row<Table>[]>;
  /** Null when the row is not there or belongs to another workspace: the two look the same. */
  find<Table extends WorkspaceTable>(table: Table, id: string): Promise<Row<Table> | null>;
}

const DEFAULT_LIMIT = 200;
const MAX_LIMIT = 1000;

export function createWorkspaceDb(client: SupabaseClient, workspaceId: string): WorkspaceDb {
  /** The filter that every read begins with. */
  const scopedRows = (table: WorkspaceTable) =>
    // guards G18: scoped reads
    client.from(table).select("*").eq("workspace_id", workspaceId);

  return {
    async list<Table extends WorkspaceTable>(table: Table, options: ListOptions<Table> = {}) {
      let query = scopedRows(table).limit(Math.min(options.limit ?? DEFAULT_LIMIT, MAX_LIMIT));
      for (const [column, value] of Object.entries(options.where ?? {})) {
        // In SQL nothing equals null.
        query = value === null ? query.is(column, null) : query.eq(column, value);
      }
      if (options.since) query = query.gte(options.since[0], options.since[1]);
      if (options.until) query = query.lte(options.until[0], options.until[1]);
      if (options.among) {
        const [column, values]: readonly [string, readonly string[]] = options.among;
        query = query.in(column, values);
      }
      for (const [column, direction] of options.orderBy ?? []) {
        // What is not known is neither the greatest nor the newest, as Postgres would have it.
        query = query.order(column, { ascending: direction === "ascending", nullsFirst: false });
      }
      const { data, error, status } = await query;
      if (error) throw toDatabaseError(table, error, status);
      return data;
    },
    async find<Table extends WorkspaceTable>(table: Table, id: string) {
      const { data, error, status } = await scopedRows(table).eq("id", id).maybeSingle();
      if (error) throw toDatabaseError(table, error, status);
      return data;
    },
  };
}
