/**
 * A claim takes the last queued run of a tenant while another connection queues one: the tenant must wait
 * afterwards. Pairs of connections race side by side, each for a tenant of its own.
 */
import { setTimeout as delay } from "node:timers/promises";
import { newRandom, type Random } from "../../faults/random.ts";
import {
  type Claimed,
  type Connection,
  claimNext,
  claimOrEmpty,
  createRun,
  finalize,
} from "../connection.ts";
import { createTenant, type FairTenant } from "../tenants.ts";
import { atMost, figure, type Section } from "../verdict.ts";
import { clearRuns } from "./play-virtual.ts";
import { startWorker } from "./start-worker.ts";

export interface RaceWakes {
  readonly connection: Connection;
  /** Two of them race with each other. */
  readonly connections: readonly Connection[];
  readonly seed: number;
  /** Of each pair. */
  readonly races: number;
}

/** About what the two calls take, so that any order of their statements comes up. */
const JITTER_MS = 4;

export async function raceWakes(options: RaceWakes): Promise<Section> {
  const { connection, connections, seed, races } = options;
  await clearRuns(connection);
  const pairs = connections.length >> 1;
  const lost = await Promise.all(
    Array.from({ length: pairs }, async (_, index) => {
      const [claiming, queueing] = connections.slice(2 * index);
      if (!claiming || !queueing) return 0;
      const tenant = await createTenant(claiming, `raced ${index}`);
      const pair = { claiming, queueing, tenant, workerId: await startWorker(claiming) };
      return racePair(pair, newRandom(seed + index), races);
    }),
  );
  return {
    title: "A claim that takes a tenant's last run while another is queued",
    setting: `${pairs} pairs of connections. One claims the only queued run of a tenant, the other creates or releases a run of it.`,
    verdicts: [
      figure("races", String(pairs * races)),
      atMost({ criterion: "wakes lost", value: lost.reduce((sum, one) => sum + one, 0), bound: 0 }),
    ],
  };
}

interface Pair {
  readonly claiming: Connection;
  readonly queueing: Connection;
  readonly tenant: FairTenant;
  readonly workerId: string;
}

async function racePair(pair: Pair, random: Random, races: number): Promise<number> {
  const { claiming, tenant, workerId } = pair;
  let lost = 0;
  for (let race = 0; race < races; race += 1) {
    await createRun(claiming, tenant, {});
    const held = random.next() < 0.5 ? await claimHeld(pair) : null;
    const queue = () => (held ? release(pair, held) : createRun(pair.queueing, tenant, {}));
    await Promise.all([
      delay(random.next() * JITTER_MS).then(() => claimNext(claiming, workerId, [tenant.tenantId])),
      delay(random.next() * JITTER_MS).then(queue),
    ]);
    if (await isForgotten(pair)) {
      lost += 1;
      await claiming.query("select private.wake_tenant($1)", [tenant.tenantId]);
    }
    await endAll(pair);
  }
  return lost;
}

/** A held run and a queued one. */
async function claimHeld({ claiming, tenant, workerId }: Pair): Promise<Claimed | null> {
  const held = await claimOrEmpty(claiming, workerId, [tenant.tenantId]);
  await createRun(claiming, tenant, {});
  return held;
}

function release({ queueing }: Pair, { id, attempt }: Claimed): Promise<unknown> {
  const args = { p_run_id: id, p_attempt: attempt, p_release: { kind: "drain", delay_ms: 0 } };
  return queueing.asWorker("release_run", args);
}

const FORGOTTEN = `select private.has_next_run($1) and not coalesce(
  (select f.waiting from private.tenant_flow f where f.tenant_id = $1), false) as forgotten`;

async function isForgotten({ claiming, tenant }: Pair): Promise<boolean> {
  return (await claiming.query(FORGOTTEN, [tenant.tenantId]))[0]?.["forgotten"] === true;
}

/** So that the next race begins with nothing queued and nothing held. */
async function endAll({ claiming, tenant, workerId }: Pair): Promise<void> {
  while ((await claimOrEmpty(claiming, workerId, [tenant.tenantId])) !== null) {
    // Held now; ended below.
  }
  const held = await claiming.query(
    "select id, attempt from public.agent_runs where tenant_id = $1 and phase = 'active'",
    [tenant.tenantId],
  );
  for (const { id, attempt } of held) {
    await finalize(claiming, { id: String(id), attempt: Number(attempt) });
  }
}
