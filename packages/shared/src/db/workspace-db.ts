/**
 * Reads the `cmo_*` tables. No other code of the apps and packages reads them.
 *
 * Each instance belongs to one workspace and filters every read by it, so an unscoped query cannot
 * be written. It never writes: `finalize_run` inserts what a run saves, in the transaction that
 * completes the run, with tenant, workspace and creator taken from the row.
 */
import type { SupabaseClient } from "@supabase/supabase-js";
import { jsonSize } from "../runtime/index.ts";
import { toDatabaseError } from "./database-error.ts";
import type { Database } from "./types.gen.ts";

type Tables = Database["public"]["Tables"];

/** The tables of the domain. All of them have `workspace_id` and `tenant_id`. */
/** What was in a row before is for people. Agents read what is in it. */
type WorkspaceTable = Exclude<Extract<keyof Tables, `cmo_${string}`>, "cmo_versions">;
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
  /** 200 by default and at most 1000. Fewer rows are read if they are large; see `unread`. */
  readonly limit?: number;
}

export interface WorkspaceDb {
  list<Table extends WorkspaceTable>(
    table: Table,
    options?: ListOptions<Table>,
  ): Promise<Row<Table>[]>;
  /** Null when the row does not exist or belongs to another workspace. */
  find<Table extends WorkspaceTable>(table: Table, id: string): Promise<Row<Table> | null>;
  /** The tables of which `list` did not read all rows up to the limit, because they are too large. */
  unread(): readonly WorkspaceTable[];
}

/** Rows of a query that names no limit. */
const DEFAULT_LIMIT = 200;
/** Two quarters of daily metrics of five kinds; larger lists are of no use to a run. */
const MAX_LIMIT = 1000;
/**
 * A row has at most 131 072 bytes (supabase/schemas/35_sizes.sql), so a page has at most 1 MiB, which
 * is parsed in 10 ms. Most lists fit into one page.
 */
const PAGE_ROWS = 8;
/** No page follows once a list has so many characters: ten times a usual list, and a prompt's four. */
const LIST_CHARS_MAX = 512 * 1024;
/** PostgREST's code for a range behind the last row. */
const BEYOND_THE_END = "PGRST103";
/** Users cannot write these rows, and each has at most some 3 KiB: they are read up to the limit. */
const SMALL_ROWS: WorkspaceTable = "cmo_metrics_snapshots";

export function createWorkspaceDb(client: SupabaseClient, workspaceId: string): WorkspaceDb {
  const unread = new Set<WorkspaceTable>();
  /** Every read begins with this filter. */
  const scopedRows = (table: WorkspaceTable) =>
    // guards G18: scoped reads
    client.from(table).select("*", { count: "exact" }).eq("workspace_id", workspaceId);

  function selectRows<Table extends WorkspaceTable>(table: Table, options: ListOptions<Table>) {
    let query = scopedRows(table);
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
    const isTotal = options.orderBy?.some(([column]) => column === "id");
    // Pages of rows without a total order could repeat one row and leave out another.
    return isTotal ? query : query.order("id");
  }

  return {
    async list<Table extends WorkspaceTable>(table: Table, options: ListOptions<Table> = {}) {
      const limit = Math.min(options.limit ?? DEFAULT_LIMIT, MAX_LIMIT);
      const isSmall = table === SMALL_ROWS;
      const rows = new Map<string, Row<Table>>();
      let characters = 0;
      for (let from = 0; from < limit; ) {
        // guards G1: list budget
        if (characters > LIST_CHARS_MAX && !isSmall) {
          unread.add(table);
          break;
        }
        const to = isSmall ? limit : Math.min(from + PAGE_ROWS, limit);
        const page = await selectRows(table, options).range(from, to - 1);
        if (page.error) {
          // Rows were deleted meanwhile, and nothing is left beyond those that were read.
          if (from > 0 && page.error.code === BEYOND_THE_END) break;
          throw toDatabaseError({ name: table, caller: "worker" }, page.error, page.status);
        }
        // A row that was inserted meanwhile may move another one to the next page.
        for (const row of page.data) rows.set(row.id, row);
        from += page.data.length;
        // A short page is not the end: PostgREST returns at most its `db-max-rows` at a time.
        // guards G1: last page
        if (page.data.length === 0 || from >= (page.count ?? limit)) break;
        characters += isSmall ? 0 : jsonSize(page.data);
      }
      return [...rows.values()];
    },
    async find<Table extends WorkspaceTable>(table: Table, id: string) {
      const { data, error, status } = await scopedRows(table).eq("id", id).maybeSingle();
      if (error) throw toDatabaseError({ name: table, caller: "worker" }, error, status);
      return data;
    },
    unread: () => [...unread],
  };
}
