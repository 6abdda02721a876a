/** Sets columns of the rows that hold the ledger's durations and limits. */
import { Client, escapeIdentifier } from "pg";

/** Numbers and intervals as Postgres reads them, by the names of the columns. */
export type PolicyColumns = Readonly<Record<string, string>>;

export function setRunPolicy(databaseUrl: string, columns: PolicyColumns): Promise<void> {
  return setColumns(databaseUrl, columns, (list) => `update private.run_policy set ${list}`);
}

/** What a tenant may use that has no limits of its own. */
export function setDefaultLimits(databaseUrl: string, columns: PolicyColumns): Promise<void> {
  return setColumns(
    databaseUrl,
    columns,
    (list) => `update private.tenant_limits set ${list} where tenant_id is null`,
  );
}

async function setColumns(
  databaseUrl: string,
  columns: PolicyColumns,
  toStatement: (assignments: string) => string,
): Promise<void> {
  const names = Object.keys(columns);
  if (names.length === 0) return;
  const assignments = names.map((name, index) => `${escapeIdentifier(name)} = $${index + 1}`);
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query(toStatement(assignments.join(", ")), Object.values(columns));
  } finally {
    await client.end();
  }
}
