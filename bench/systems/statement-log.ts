/** How many statements read or write a table, from Postgres' own log. */
import { setTimeout as delay } from "node:timers/promises";
import { withSql } from "./sql.ts";

export interface StatementLog {
  readonly onLine: (name: string, line: string) => void;
  /** Statements that name the table, so far. */
  count(): Promise<number>;
}

const STATEMENT = /LOG: {2}(statement|execute [^:]*): /;
/** The log goes through a pipe: what was said of an answered request may still be under way. */
const LOG_WITHIN_MS = 150;

export function createStatementLog(table: string): StatementLog {
  let count = 0;
  return {
    onLine(name, line) {
      if (name === "postgres" && STATEMENT.test(line) && line.includes(`"${table}"`)) count += 1;
    },
    async count() {
      await delay(LOG_WITHIN_MS);
      return count;
    },
  };
}

/** Holds for all connections at once. */
export async function logStatements({ databaseUrl }: { databaseUrl: string }): Promise<void> {
  await withSql({ databaseUrl }, async (query) => {
    await query("alter system set log_statement = 'all'");
    await query("select pg_reload_conf()");
  });
}
