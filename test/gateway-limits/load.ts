/** Keeps a number of runs unfinished, through the API, and knows what became of each. */
import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import type { ObservedDatabase, Tenant } from "../faults/observed-database.ts";
import { eventually } from "../support/eventually.ts";

export interface LoadOptions {
  readonly database: ObservedDatabase;
  readonly apiUrl: string;
  readonly unfinished: number;
}

export interface Load {
  /** Submits a run and reads its stream until it is told to wait: the event. Null after so long. */
  readWaiting(withinMs: number): Promise<string | null>;
  /** Submits no more and waits for all. */
  finish(): Promise<Finished>;
}

interface Finished {
  readonly submitted: number;
  /** Runs that did not complete. */
  readonly lost: number;
  /** Attempts that counted as failures or as losses. */
  readonly burnt: number;
  readonly completedMs: readonly number[];
}

const LOOK_EVERY_MS = 100;
const ALL_END_WITHIN_MS = 180_000;
const acceptedSchema = z.object({ id: z.uuid() });
const countSchema = z.object({ n: z.coerce.number() });
const rowSchema = z.object({
  status: z.string(),
  burnt: z.coerce.number(),
  completed_ms: z.coerce.number().nullable(),
});

export async function openLoad({ database, apiUrl, unfinished }: LoadOptions): Promise<Load> {
  const tenant = await database.createTenant();
  const stopping = new AbortController();
  const count = async () => {
    const [row] = await database.query(
      "select count(*) as n from public.agent_runs where status = 'running'",
    );
    return countSchema.parse(row).n;
  };
  const keep = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      const missing = unfinished - (await count());
      for (let sent = 0; sent < missing; sent += 1) await submit(apiUrl, tenant);
      await delay(LOOK_EVERY_MS);
    }
  };
  const kept = keep();
  return {
    async readWaiting(withinMs) {
      const id = await submit(apiUrl, tenant);
      return readWaiting(`${apiUrl}/v1/runs/${id}/events`, tenant, withinMs);
    },
    async finish() {
      stopping.abort();
      await kept;
      await eventually(count, (left) => left === 0, ALL_END_WITHIN_MS);
      const rows = z.array(rowSchema).parse(await database.query(READ_ENDED));
      return {
        submitted: rows.length,
        lost: rows.filter(({ status }) => status !== "completed").length,
        burnt: rows.reduce((sum, { burnt }) => sum + burnt, 0),
        completedMs: rows.flatMap(({ completed_ms }) => completed_ms ?? []).sort((a, b) => a - b),
      };
    },
  };
}

const READ_ENDED = `select status, app_retries + infra_retries as burnt,
  extract(epoch from completed_at) * 1000 as completed_ms from public.agent_runs`;

async function submit(apiUrl: string, tenant: Tenant): Promise<string> {
  const response = await fetch(`${apiUrl}/v1/runs`, {
    method: "POST",
    headers: { authorization: `Bearer ${tenant.token}`, "content-type": "application/json" },
    body: JSON.stringify({
      mode: "strategy",
      workspace_id: tenant.workspaceId,
      payload: { primaryGoal: "60 new subscriptions", budget: 12_000 },
      save: false,
    }),
  });
  const text = await response.text();
  if (response.status !== 202) throw new Error(`A submit got ${response.status}: ${text}`);
  return acceptedSchema.parse(JSON.parse(text)).id;
}

async function readWaiting(url: string, tenant: Tenant, withinMs: number): Promise<string | null> {
  const headers = { authorization: `Bearer ${tenant.token}`, accept: "text/event-stream" };
  let received = "";
  try {
    const response = await fetch(url, { headers, signal: AbortSignal.timeout(withinMs) });
    const decoder = new TextDecoder();
    for await (const bytes of response.body ?? []) {
      received += decoder.decode(bytes, { stream: true });
      const [, data] = /^event: waiting\ndata: (.*)$/m.exec(received) ?? [];
      if (data !== undefined) return data;
    }
  } catch (error) {
    if (!(error instanceof DOMException && error.name === "TimeoutError")) throw error;
  }
  return null;
}
