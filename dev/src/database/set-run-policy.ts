/** Sets columns of `private.run_policy`, the row that holds the ledger's durations and limits. */
import { Client, escapeIdentifier } from "pg";

export async function setRunPolicy(
  databaseUrl: string,
  policy: Readonly<Record<string, string>>,
): Promise<void> {
  const columns = Object.keys(policy);
  if (columns.length === 0) return;
  const assignments = columns.map((column, index) => `${escapeIdentifier(column)} = $${index + 1}`);
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query(
      `update private.run_policy set ${assignments.join(", ")}`,
      Object.values(policy),
    );
  } finally {
    await client.end();
  }
}
