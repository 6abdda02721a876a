/** What an orchestrator and an operator learn from `/readyz`. */
import { randomUUID } from "node:crypto";
import { buildApp } from "@cmo/api";
import { countWorkers, createRunLedger, createServiceClient } from "@cmo/shared/db";
import { expect, inject, test } from "vitest";
import { z } from "zod";
import { startApi } from "../support/api.ts";
import { eventually } from "../support/eventually.ts";

const stack = inject("stack");
const api = await startApi();

const client = createServiceClient({ url: stack.supabaseUrl, secretKey: stack.secretKey });
const ledger = createRunLedger(client);
const readySchema = z.object({ status: z.literal("ready"), workers: z.int().nullable() });

test("a worker that sends heartbeats is counted", async () => {
  const workerId = randomUUID();
  const askWhileBeating = async () => {
    await ledger.heartbeat(workerId);
    return readySchema.parse(await (await api.fetch("/readyz", null)).json());
  };
  await eventually(askWhileBeating, ({ workers }) => (workers ?? 0) > 0);
});

test("without any worker the API is ready all the same, and says so", async () => {
  const app = await buildApp({ ...api.deps, countWorkers: async () => 0 });
  try {
    const response = await app.inject("/readyz");
    expect(response.statusCode).toBe(200);
    expect(response.json()).toMatchObject({ status: "ready", workers: 0 });
  } finally {
    await app.close();
  }
});

test("a database that is away has an unknown number of workers, not none", async () => {
  const crippled = await startApi({ SUPABASE_URL: "http://127.0.0.1:1" });
  const response = await crippled.fetch("/readyz", null);
  expect(response.status).toBe(503);
  expect(await response.json()).toMatchObject({ checks: { database: "away" }, workers: null });
});

test("an answer that is no count is no number", async () => {
  const { supabaseUrl: url } = stack;
  const signal = AbortSignal.timeout(20_000);
  expect(await countWorkers({ url, publishableKey: "wrong", signal })).toBeNull();
});
