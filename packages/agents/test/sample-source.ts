/** A reader of sample rows that filters, orders and limits like the real one, for tests. */
import type { WorkspaceDb } from "@cmo/shared/db";
import type { ContextSource } from "../src/agent/define-agent.ts";
import { SAMPLE_ROWS, SAMPLE_WORKSPACE_ID, type SampleRows } from "./sample-rows.ts";

/** A source over these rows, on a fixed day, with a fixed boundary. */
export function sampleSource(
  rows: SampleRows = SAMPLE_ROWS,
  unread: ReturnType<WorkspaceDb["unread"]> = [],
): ContextSource {
  return {
    db: { ...sampleDb(rows), unread: () => unread },
    workspace: {
      id: SAMPLE_WORKSPACE_ID,
      name: "Harbor Ledger",
      time_zone: "Europe/Lisbon",
      currency: "EUR",
      language: "en",
    },
    today: "2026-03-02",
    boundary: "f00dfeed",
  };
}

function sampleDb(rows: SampleRows): Omit<WorkspaceDb, "unread"> {
  return {
    list(table, { where = {}, since, until, among, orderBy = [], limit = 200 } = {}) {
      const found = (rows[table] ?? [])
        .filter((row) =>
          Object.entries(where).every(([column, value]) => at(row, column) === value),
        )
        .filter((row) => !since || String(at(row, since[0])) >= since[1])
        .filter((row) => !until || String(at(row, until[0])) <= until[1])
        .filter((row) => !among || among[1].includes(String(at(row, among[0]))))
        .toSorted((a, b) => {
          for (const [column, direction] of orderBy) {
            const order = compare(at(a, column), at(b, column));
            if (order !== 0) return direction === "ascending" ? order : -order;
          }
          return 0;
        });
      return Promise.resolve(found.slice(0, limit));
    },
    find: (table, id) => Promise.resolve((rows[table] ?? []).find((row) => row.id === id) ?? null),
  };
}

function at(row: object, column: string): unknown {
  return Object.entries(row).find(([name]) => name === column)?.[1];
}

function compare(a: unknown, b: unknown): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  return String(a).localeCompare(String(b));
}
