/** Runs of a tenant of its own, made as their user makes them, and the ledger behind them. */

import { createUserClient, createUserRuns, type UserRuns } from "@cmo/shared/db";
import { newRunId } from "@cmo/shared/runtime";
import { Client } from "pg";
import { afterAll, inject } from "vitest";
import { createTenant } from "./tenant.ts";

export interface UserRunsOfTest {
  readonly runs: UserRuns;
  /** A queued strategy run; the goal may name a fault for the demo gateway. */
  submit(
    goal?: string,
    options?: { readonly id?: string; readonly save?: boolean },
  ): Promise<string>;
}

/** The demo gateway's answer at a speed that no test waits for. */
const QUICKLY = "Grow [[fault:slow@5000]]";

export async function openUserRuns(): Promise<UserRunsOfTest> {
  const { user, workspaceId, tenantId } = await createTenant();
  await sql(
    `insert into public.cmo_brand_profiles (workspace_id, tenant_id, created_by, brand_name)
     values ($1, $2, $3, 'Test brand')`,
    [workspaceId, tenantId, user.id],
  );
  const { supabaseUrl: url, publishableKey } = inject("stack");
  const runs = createUserRuns(createUserClient({ url, publishableKey, accessToken: user.token }));
  // What a test leaves running would be swept up by the workers of the next ones.
  afterAll(async () => {
    const left = await runs.list({ status: "running", limit: 100 });
    await Promise.all(left.runs.map(({ id }) => runs.cancel(id)));
  });
  return {
    runs,
    async submit(primaryGoal = QUICKLY, { id = newRunId(), save = false } = {}) {
      const input = { primaryGoal };
      await runs.create({ id, mode: "strategy", input, workspaceId, save, onRateLimit: "wait" });
      return id;
    },
  };
}

/** As the superuser: what a test arranges is not what it tests. */
export async function sql(text: string, values: readonly unknown[]): Promise<unknown[]> {
  const client = new Client({ connectionString: inject("stack").databaseUrl });
  await client.connect();
  try {
    return (await client.query(text, [...values])).rows;
  } finally {
    await client.end();
  }
}
