/**
 * The whole product as it is deployed: the API, workers, Redis, Postgres and the Supabase API as
 * processes. Only the gateway is simulated.
 */
import { type Stack, startStack, WITHOUT_LIMITS } from "@cmo/dev";
import { type Connection, connect } from "../connection.ts";
import { startSimulatedGateway } from "./simulated-gateway.ts";

export const WORKERS = 4;
const SLOTS_A_WORKER = 5;
export const SLOTS = WORKERS * SLOTS_A_WORKER;

export interface Product {
  readonly stack: Stack;
  readonly apiUrl: string;
  readonly jwtSecret: string;
  readonly connection: Connection;
  close(): Promise<void>;
}

export async function openProduct(onLine: (name: string, line: string) => void): Promise<Product> {
  const gateway = await startSimulatedGateway();
  try {
    const stack = await startStack({
      ports: "free",
      environment: { AI_GATEWAY_URL: gateway.url, LOVABLE_API_KEY: "simulated" },
      apps: { api: 1, workers: WORKERS },
      seed: false,
      appEnvironment: { WORKER_CONCURRENCY: String(SLOTS_A_WORKER), LOG_LEVEL: "warn" },
      // The flood of a scenario waits longer than anybody waits for an answer.
      runPolicy: { wait_limit: "1 day" },
      tenantLimits: WITHOUT_LIMITS,
      onLine,
    });
    const { databaseUrl, jwtSecret, apiUrls } = stack;
    if (databaseUrl === null || jwtSecret === null) throw new Error("The stack has no database.");
    const connection = await connect(databaseUrl);
    const close = async (): Promise<void> => {
      await connection.close();
      await stack.stop();
      await gateway.close();
    };
    return { stack, apiUrl: apiUrls[0] ?? "", jwtSecret, connection, close };
  } catch (error) {
    await gateway.close();
    throw error;
  }
}
