/** Who gets which share of the slots while everybody waits. */
import { setTimeout as delay } from "node:timers/promises";
import { newRandom } from "../../faults/random.ts";
import type { Connection } from "../connection.ts";
import { jain, quantile, sum, worstShareError } from "../numbers.ts";
import { createTenant, createTenants, type FairTenant } from "../tenants.ts";
import {
  atLeast,
  atMost,
  figure,
  milliseconds,
  percent,
  type Section,
  times,
  type Verdict,
} from "../verdict.ts";
import { createRuns, mixedLengths } from "./arrivals.ts";
import { clearProduct, type Held, type Period, readHeld, readNow, untilBusy } from "./observe.ts";
import { type Product, SLOTS } from "./open-product.ts";
import { LONG_MS, SHORT_MS } from "./quiet-tenants.ts";
import { freeTimes, slotTime } from "./slots.ts";

export interface Sharing {
  readonly seed: number;
  /** Milliseconds for which each scenario is watched. */
  readonly forMs: number;
  readonly weightsBound: number;
  readonly jainBound: number;
}

const BOTH = [SHORT_MS, LONG_MS];
const MEAN_MS = (SHORT_MS + LONG_MS) / 2;

export async function playEquals(
  product: Product,
  { seed, forMs, jainBound }: Sharing,
): Promise<Section> {
  const tenants = await createTenants(product.connection, 10, "equal");
  const random = newRandom(seed);
  await together(product.connection, async () => {
    for (const [index, tenant] of tenants.entries()) {
      const of = [[SHORT_MS], [LONG_MS], BOTH][Math.min(2, index >> 1)] ?? BOTH;
      const busyMs = (forMs * SLOTS) / tenants.length;
      await queueFor(product, { tenant, of, random, busyMs, shortest: Math.min(...of) });
    }
  });
  const watched = await watch(product, forMs);
  await clearProduct(product.connection);
  const used = usedBy(tenants, watched);
  return {
    title: "Equal tenants with runs of unequal length",
    setting: `Ten tenants that always wait, for ${forMs / 1000} s: two with runs of ${SHORT_MS} ms, two with runs of ${LONG_MS} ms, the others with both.`,
    verdicts: [
      atLeast({ criterion: "Jain's index of slot-seconds", value: jain(used), bound: jainBound }),
      figure("slot-seconds, least and most", leastAndMost(used)),
      ...hardlyIdle(watched),
    ],
  };
}

export async function playWeights(
  product: Product,
  { seed, forMs, weightsBound }: Sharing,
): Promise<Section> {
  const weights = [1, 2, 4];
  const random = newRandom(seed);
  const tenants: FairTenant[] = [];
  await together(product.connection, async () => {
    for (const weight of weights) {
      const share = { weight, maxRunning: SLOTS };
      const tenant = await createTenant(product.connection, `weight ${weight}`, share);
      const busyMs = (forMs * SLOTS * weight) / sum(weights);
      await queueFor(product, { tenant, of: BOTH, random, busyMs, shortest: MEAN_MS });
      tenants.push(tenant);
    }
  });
  const watched = await watch(product, forMs);
  await clearProduct(product.connection);
  const used = usedBy(tenants, watched);
  return {
    title: "Weights",
    setting: `Three tenants of the weights 1, 2 and 4 that always wait, for ${forMs / 1000} s, without caps.`,
    verdicts: [
      atMost({
        criterion: "largest relative error of a share",
        value: worstShareError(used, weights),
        bound: weightsBound,
        show: percent,
      }),
      figure("shares", used.map((one) => percent(one / sum(used))).join(" : ")),
      ...hardlyIdle(watched),
    ],
  };
}

export async function playTrickle(product: Product, { seed, forMs }: Sharing): Promise<Section> {
  const { connection } = product;
  const random = newRandom(seed);
  const large = await createTenant(connection, "large");
  const share = (forMs * SLOTS) / (2 * SLOTS + 1);
  const small = await createTenants(connection, 2 * SLOTS, "trickle");
  const stopping = new AbortController();
  const trickling = trickle(product, small, stopping.signal);
  await untilBusy(connection, SLOTS);
  await queueFor(product, {
    tenant: large,
    of: BOTH,
    random,
    busyMs: 4 * share,
    shortest: MEAN_MS,
  });
  const watched = await watch(product, forMs);
  stopping.abort();
  await trickling;
  await clearProduct(connection);
  return {
    title: "A large tenant behind a trickle",
    setting: `${small.length} tenants send their next run of ${LONG_MS} ms whenever one has ended, more than ${SLOTS} slots can serve. One tenant has a long queue.`,
    verdicts: [
      atLeast({
        criterion: "slot-seconds of the large tenant : its equal share",
        value: (usedBy([large], watched)[0] ?? 0) / share,
        bound: 0.95,
        show: times,
      }),
      ...hardlyIdle(watched),
    ],
  };
}

/** Those of which no run is queued or active send another. */
async function trickle(
  { connection }: Product,
  tenants: readonly FairTenant[],
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    const rows = await connection.query(
      "select distinct tenant_id from public.agent_runs where status = 'running' and tenant_id = any ($1)",
      [tenants.map(({ tenantId }) => tenantId)],
    );
    const busy = new Set(rows.map(({ tenant_id }) => String(tenant_id)));
    for (const tenant of tenants) {
      if (!busy.has(tenant.tenantId)) await createRuns(connection, tenant, [LONG_MS]);
    }
    await delay(50);
  }
}

interface Queue {
  readonly tenant: FairTenant;
  readonly of: readonly number[];
  readonly random: ReturnType<typeof newRandom>;
  /** What it should be able to use, in milliseconds of slots. */
  readonly busyMs: number;
  readonly shortest: number;
}

/** In one transaction: who comes first would otherwise have used up its queue before the last comes. */
async function together({ query }: Connection, queue: () => Promise<void>): Promise<void> {
  await query("begin");
  try {
    await queue();
    await query("commit");
  } catch (error) {
    await query("rollback");
    throw error;
  }
}

/** Half as many again, for what runs before the period begins. */
const RESERVE = 1.5;

function queueFor(
  { connection }: Product,
  { tenant, of, random, busyMs, shortest }: Queue,
): Promise<void> {
  const count = Math.ceil((RESERVE * busyMs) / shortest) + SLOTS;
  return createRuns(connection, tenant, mixedLengths(random, count, of));
}

interface Watched {
  readonly held: readonly Held[];
  readonly period: Period;
}

/** Shares settle once some runs have ended. */
const SETTLE_MS = 3 * LONG_MS;

async function watch(product: Product, forMs: number): Promise<Watched> {
  const { connection } = product;
  await untilBusy(connection, SLOTS);
  await delay(SETTLE_MS);
  const from = await readNow(connection);
  await delay(forMs);
  const period = { from, to: await readNow(connection) };
  return { held: await readHeld(connection), period };
}

function usedBy(tenants: readonly FairTenant[], { held, period }: Watched): readonly number[] {
  const used = slotTime(held, period);
  return tenants.map(({ tenantId }) => used.get(tenantId) ?? 0);
}

const leastAndMost = (ms: readonly number[]): string =>
  `${(Math.min(...ms) / 1000).toFixed(1)} and ${(Math.max(...ms) / 1000).toFixed(1)}`;

/** The sweep looks each second: a slot that was free for as long was not taken by itself. */
const SWEEP_MS = 1_000;
/** Between two runs a slot reports the end, asks for the next run and gets it. */
const HANDOVER_SHARE = 0.1;

/** All the time somebody waited. */
export function hardlyIdle({ held, period }: Watched): readonly Verdict[] {
  const free = freeTimes(held, period, SLOTS);
  const share = sum(free) / (SLOTS * (period.to - period.from));
  return [
    atMost({
      criterion: "longest time that a slot was free while somebody waited",
      value: Math.max(...free),
      bound: SWEEP_MS,
      show: milliseconds,
    }),
    atMost({
      criterion: "share of free slots",
      value: share,
      bound: HANDOVER_SHARE,
      show: percent,
    }),
    figure("p50 of the time between two runs of a slot", milliseconds(quantile(free, 0.5))),
  ];
}
