/**
 * A worker that is killed between an answer that was found good and the commit of what it becomes:
 * the rows are there once and whole, or not at all. Real processes, and a network that holds the
 * one request that matters.
 */
import { runSchema } from "@cmo/shared/contract";
import { expect, test } from "vitest";
import { type Arena, createArena } from "../faults/arena.ts";
import { kill, untilEnded } from "../faults/steps.ts";
import type { HoldOrder } from "../faults/tcp-proxy.ts";
import { closeAfter } from "../support/close-after.ts";
import { eventually } from "../support/eventually.ts";

const arena = await createArena({ workers: 1, piecesPerSecond: 2000 });
closeAfter(() => arena.close());
const [worker] = arena.workers;
const [api] = arena.apis;
if (!worker || !api) throw new Error("The arena has no worker or no API.");
const { tenant } = await arena.createClient();

/** The word of a first attempt, and of no later one. */
const hold = (part: HoldOrder["part"]) =>
  worker.supabase.hold({ request: /"p_attempt":1,"p_result"/, part });

async function submitFunnel(): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${api?.front.port}/v1/runs`, {
    method: "POST",
    headers: { authorization: `Bearer ${tenant.token}`, "content-type": "application/json" },
    body: JSON.stringify({ mode: "funnels", workspace_id: tenant.workspaceId, payload: {} }),
  });
  return runSchema.parse(await response.json()).id;
}

/** Every row of the run, in any table that a funnel's run saves into. */
async function savedIds({ database }: Arena, runId: string): Promise<unknown[]> {
  const rows = await database.query(
    `select id from public.cmo_funnels where agent_run_id = $1
     union all select id from public.cmo_funnel_stages where agent_run_id = $1 order by id`,
    [runId],
  );
  return rows.map(({ id }) => id);
}

async function listedIds({ database }: Arena, runId: string): Promise<unknown[]> {
  const rows = await database.query(
    `select (a ->> 'id')::uuid as id from public.agent_runs r, jsonb_array_elements(r.artifacts) a
     where r.id = $1 order by 1`,
    [runId],
  );
  return rows.map(({ id }) => id);
}

async function expectSavedOnce(runId: string): Promise<void> {
  const saved = await savedIds(arena, runId);
  expect(saved.length).toBeGreaterThan(1);
  expect(saved).toEqual(await listedIds(arena, runId));
}

test("killed before the ledger hears of it: nothing is saved, and the next attempt saves once", async () => {
  const held = hold("request");
  const runId = await submitFunnel();
  await held.caught();
  await kill(arena, worker);
  held.drop();
  expect(await savedIds(arena, runId)).toEqual([]);
  await worker.start();
  expect(await untilEnded(arena, runId)).toMatchObject({ status: "completed", attempt: 2 });
  await expectSavedOnce(runId);
});

test("killed while its word is under way, which arrives when another attempt has ended the run: saved once", async () => {
  const held = hold("request");
  const runId = await submitFunnel();
  await held.caught();
  await kill(arena, worker);
  await worker.start();
  expect(await untilEnded(arena, runId)).toMatchObject({ status: "completed", attempt: 2 });
  const saved = await savedIds(arena, runId);
  const open = worker.supabase.connections;
  held.release();
  await eventually(
    () => worker.supabase.connections,
    (left) => left < open,
  );
  await untilEnded(arena, await submitFunnel());
  expect(await savedIds(arena, runId)).toEqual(saved);
  await expectSavedOnce(runId);
});

test("killed after the commit, before it hears of it: everything is saved, and nothing again", async () => {
  const held = hold("reply");
  const runId = await submitFunnel();
  await held.caught();
  const row = await untilEnded(arena, runId);
  await kill(arena, worker);
  held.drop();
  expect(row).toMatchObject({ status: "completed", attempt: 1 });
  await expectSavedOnce(runId);
  const saved = await savedIds(arena, runId);
  await worker.start();
  // A run that comes after it has been through the same queue.
  await untilEnded(arena, await submitFunnel());
  expect(await savedIds(arena, runId)).toEqual(saved);
  expect(await arena.gateway.callsOf(runId)).toHaveLength(1);
});
