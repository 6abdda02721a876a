/** TanStack Query, which asks again and again until a run has ended. */
import assert from "node:assert/strict";
import { environmentManager, QueryClient, QueryObserver } from "@tanstack/query-core";
import { z } from "zod";
import { expectCancelled, expectOutput, type TestedClient } from "../case.ts";
import type { World } from "../world.ts";

const runSchema = z.object({ status: z.string(), output: z.unknown() });
type Polled = z.infer<typeof runSchema>;
const POLL_MS = 200;

// A server asks once: here it does what it does in a browser.
environmentManager.setIsServer(() => false);

async function read({ apiUrl, token }: World, runId: string): Promise<Polled> {
  const headers = { authorization: `Bearer ${token}` };
  const response = await fetch(`${apiUrl}/v1/runs/${runId}`, { headers });
  const json: unknown = await response.json();
  if (!response.ok) throw new Error(z.object({ code: z.string() }).parse(json).code);
  return runSchema.parse(json);
}

/** Observes a run as `useQuery` does, until it has ended. */
async function poll(world: World, runId: string): Promise<Polled> {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const observer = new QueryObserver<Polled>(client, {
    queryKey: ["run", runId],
    queryFn: () => read(world, runId),
    refetchInterval: ({ state }) =>
      state.data && state.data.status !== "running" ? false : POLL_MS,
  });
  const ended = Promise.withResolvers<Polled>();
  const leave = observer.subscribe(({ data, error }) => {
    if (error) ended.reject(error);
    if (data && data.status !== "running") ended.resolve(data);
  });
  try {
    return await ended.promise;
  } finally {
    leave();
    client.clear();
  }
}

export const QUERY: TestedClient = {
  name: "@tanstack/query-core",
  cases: {
    async submit(world) {
      const runId = await world.submit();
      const { output } = await poll(world, runId);
      await expectOutput(world, runId, output);
    },
    stream: "it polls: `useRuns` of `@cmo/client/react` stands on it, and `useRun` streams",
    async resume(world) {
      const runId = await world.submit();
      await read(world, runId);
      assert.equal((await poll(world, runId)).status, "completed");
    },
    async cancel(world) {
      const runId = await world.submit();
      const polled = poll(world, runId);
      await world.cancel(runId);
      assert.equal((await polled).status, "cancelled");
      await expectCancelled(world, runId);
    },
    async error(world) {
      await assert.rejects(poll(world, crypto.randomUUID()), /run_not_found/);
    },
  },
};
