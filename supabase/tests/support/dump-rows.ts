/** The rows of every table of `public`, as text, to compare what was there before with what is now. */
import type { Client } from "pg";

interface TableRows {
  readonly columns: readonly string[];
  readonly rows: readonly string[];
}

export type Rows = Readonly<Record<string, TableRows>>;

/** Of the same columns as an earlier dump, whatever has been added since. */
export async function dumpRows(client: Client, earlier?: Rows): Promise<Rows> {
  const dump: Record<string, TableRows> = {};
  for (const [table, columns] of earlier ? entriesOf(earlier) : await readColumns(client)) {
    const list = columns.map((column) => `"${column}"`).join(", ");
    const { rows } = await client.query<{ text: string }>(
      `select to_jsonb(t)::text as text from (select ${list} from public."${table}") t order by 1`,
    );
    dump[table] = { columns, rows: rows.map(({ text }) => text) };
  }
  return dump;
}

const entriesOf = (rows: Rows): [string, readonly string[]][] =>
  Object.entries(rows).map(([table, { columns }]) => [table, columns]);

async function readColumns(client: Client): Promise<[string, readonly string[]][]> {
  const { rows } = await client.query<{ table: string; columns: string[] }>(
    `select c.relname as table, array_agg(a.attname::text order by a.attnum) as columns
     from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
     where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' group by 1 order by 1`,
  );
  return rows.map(({ table, columns }) => [table, columns]);
}
