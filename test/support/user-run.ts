/** Runs of a tenant of its own, made as their user makes them, and the ledger behind them. */

import { createUserClient, createUserRuns, gatherRunReads, type UserRuns } from "@cmo/shared/db";
import { newRunId, systemClock } from "@cmo/shared/runtime";
import { afterAll, inject } from "vitest";
import { placeRow } from "./query.ts";
import { createTenant } from "./tenant.ts";

export interface UserRunsOfTest {
  readonly tenantId: string;
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
  await placeRow("cmo_brand_profiles", {
    workspace_id: workspaceId,
    tenant_id: tenantId,
    created_by: user.id,
    brand_name: "Test brand",
  });
  const { supabaseUrl: url, publishableKey } = inject("stack");
  const client = createUserClient({ url, publishableKey, accessToken: user.token });
  const together = { gathered: gatherRunReads(systemClock), user: user.token };
  const runs = createUserRuns(client, together);
  // What a test leaves running would be swept up by the workers of the next ones.
  afterAll(async () => {
    const left = await runs.list({ status: "running", limit: 100 });
    await Promise.all(left.runs.map(({ id }) => runs.cancel(id)));
  });
  return {
    tenantId,
    runs,
    async submit(primaryGoal = QUICKLY, { id = newRunId(), save = false } = {}) {
      const input = { primaryGoal };
      await runs.create({ id, mode: "strategy", input, workspaceId, save, onRateLimit: "wait" });
      return id;
    },
  };
}
