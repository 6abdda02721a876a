/** A stack with the demo gateway, a user, and what a case compares with what its client has shown. */
import { setTimeout as delay } from "node:timers/promises";
import { type Stack, startStack, WITHOUT_LANES, WITHOUT_LIMITS } from "@cmo/dev";
import { Client } from "pg";
import { z } from "zod";
import { placeTenant, placeUser } from "../support/tenancy.ts";
import { signToken } from "../support/token.ts";

interface EndedRun {
  readonly status: string;
  readonly text: string;
  readonly output: unknown;
}

export interface World {
  readonly apiUrl: string;
  readonly supabaseUrl: string;
  readonly publishableKey: string;
  readonly token: string;
  readonly workspaceId: string;
  /** For clients that only read. */
  submit(): Promise<string>;
  cancel(runId: string): Promise<void>;
  /** The run that this user has submitted last. */
  lastRun(): Promise<string>;
  ended(runId: string): Promise<EndedRun>;
}

/** Slow enough that a client is in the middle of an answer when it is cut off. */
const PIECES_PER_SECOND = "150";
const ENDS_WITHIN_MS = 60_000;
const LOOK_EVERY_MS = 100;

export const GOAL = "60 new subscriptions";

const rowSchema = z.object({
  status: z.string(),
  output_text: z.string().nullable(),
  output: z.unknown(),
});
const runSchema = z.object({ id: z.string() });

export interface Worlds {
  /** A user of a tenant of its own. */
  create(): Promise<World>;
  close(): Promise<void>;
}

export async function openWorlds(): Promise<Worlds> {
  const stack = await startStack({
    ports: "free",
    // Empty on purpose: a key in a developer's shell must not be used.
    environment: {},
    apps: { api: 1, workers: 1 },
    appEnvironment: { ...WITHOUT_LANES, DEMO_PIECES_PER_SECOND: PIECES_PER_SECOND },
    tenantLimits: WITHOUT_LIMITS,
    seed: false,
    onLine: () => {},
  });
  const database = new Client({ connectionString: stack.databaseUrl ?? "" });
  const close = async () => {
    await database.end();
    await stack.stop();
  };
  try {
    await database.connect();
    return { create: () => createWorld(stack, database), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function createWorld(stack: Stack, database: Client): Promise<World> {
  const { jwtSecret, supabaseUrl, publishableKey } = stack;
  const [apiUrl] = stack.apiUrls;
  if (jwtSecret === null || apiUrl === undefined) throw new Error("The stack has no API.");
  const execute = async (sql: string, values: readonly unknown[]) =>
    database.query(sql, [...values]);
  const ownerId = await placeUser(execute);
  const { tenantId, workspaceId } = await placeTenant(execute, { ownerId });
  await execute(
    "insert into public.cmo_brand_profiles (workspace_id, tenant_id, created_by, brand_name) values ($1, $2, $3, 'Test brand')",
    [workspaceId, tenantId, ownerId],
  );
  const token = await signToken(jwtSecret, { sub: ownerId });
  const post = (path: string, body: object | null) =>
    fetch(`${apiUrl}${path}`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${token}`,
        ...(body ? { "content-type": "application/json" } : {}),
      },
      body: body ? JSON.stringify(body) : null,
    });

  async function ended(runId: string): Promise<EndedRun> {
    const deadline = performance.now() + ENDS_WITHIN_MS;
    while (performance.now() < deadline) {
      const { rows } = await execute("select * from public.agent_runs where id = $1", [runId]);
      const row = rowSchema.parse(rows[0]);
      if (row.status !== "running") {
        return { status: row.status, text: row.output_text ?? "", output: row.output };
      }
      await delay(LOOK_EVERY_MS);
    }
    throw new Error(`Run ${runId} has not ended within ${ENDS_WITHIN_MS} ms.`);
  }

  return {
    ...{ apiUrl, supabaseUrl, publishableKey, token, workspaceId, ended },
    async submit() {
      const response = await post("/v1/runs", { mode: "strategy", payload: { primaryGoal: GOAL } });
      return runSchema.parse(await response.json()).id;
    },
    async cancel(runId) {
      await post(`/v1/runs/${runId}/cancel`, null);
    },
    async lastRun() {
      const sql = "select id from public.agent_runs where created_by = $1 order by id desc limit 1";
      return runSchema.parse((await execute(sql, [ownerId])).rows[0]).id;
    },
  };
}
