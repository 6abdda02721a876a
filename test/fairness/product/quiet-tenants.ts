/** Quiet tenants alone, beside a flood, and behind it in the order of arrival. */
import { setTimeout as delay } from "node:timers/promises";
import { newRandom } from "../../faults/random.ts";
import { quantile } from "../numbers.ts";
import { createTenant, createTenants, type FairTenant } from "../tenants.ts";
import { type Arrival, createRuns, mixedLengths, submitAll } from "./arrivals.ts";
import {
  clearProduct,
  countRuns,
  type Held,
  type Period,
  readHeld,
  readNow,
  readWaits,
  untilBusy,
  untilClaimed,
  type Waited,
} from "./observe.ts";
import { type Product, SLOTS } from "./open-product.ts";

export interface Sizes {
  readonly flood: number;
  readonly quietTenants: number;
  readonly runsEach: number;
  /** Within which the quiet runs arrive. */
  readonly arriveMs: number;
  /** Tenants with one run each that come before the quiet ones, one after the other. */
  readonly lone: number;
}

export const SHORT_MS = 300;
export const LONG_MS = 1_200;

export interface Watched {
  /** By tenant, in its order of arrival; null while it still waits. */
  readonly waits: readonly Waited[];
  readonly held: readonly Held[];
  /** From the first quiet run's arrival to the last one's claim. */
  readonly period: Period;
  readonly queuedBehind: number;
}

export interface Disturbance {
  start(): { stop(): Promise<void> };
}

/** The same in every scenario of a seed. */
function quietArrivals(
  quiet: readonly FairTenant[],
  { runsEach, arriveMs }: Sizes,
  seed: number,
): readonly Arrival[] {
  const random = newRandom(seed);
  return quiet
    .flatMap((tenant, index) =>
      mixedLengths(random, runsEach, [SHORT_MS, LONG_MS]).map((lengthMs) => ({
        tenant,
        client: `quiet ${index + 1}`,
        lengthMs,
        atMs: random.int(0, arriveMs),
      })),
    )
    .toSorted((one, other) => one.atMs - other.atMs);
}

export async function watchAlone(product: Product, sizes: Sizes, seed: number): Promise<Watched> {
  const quiet = await createTenants(product.connection, sizes.quietTenants, "quiet");
  const watched = await watchQuiet(product, quiet, quietArrivals(quiet, sizes, seed));
  await clearProduct(product.connection);
  return { ...watched, queuedBehind: 0 };
}

export interface BesideFlood {
  readonly sizes: Sizes;
  readonly seed: number;
  readonly disturbance?: Disturbance;
}

export async function watchBesideFlood(
  product: Product,
  { sizes, seed, disturbance }: BesideFlood,
): Promise<Watched & { readonly lone: readonly Waited[] }> {
  const { connection } = product;
  const flood = await startFlood(product, sizes, seed);
  const loneWaits = await watchLone(product, sizes.lone);
  const quiet = await createTenants(connection, sizes.quietTenants, "quiet");
  const disturbed = disturbance?.start();
  try {
    const watched = await watchQuiet(product, quiet, quietArrivals(quiet, sizes, seed));
    const { queued } = await countRuns(connection, [flood]);
    return { ...watched, queuedBehind: queued, lone: loneWaits };
  } finally {
    await disturbed?.stop();
    await clearProduct(connection);
  }
}

const LONE_EVERY_MS = 300;

async function watchLone(product: Product, count: number): Promise<readonly Waited[]> {
  const { connection } = product;
  const tenants = await createTenants(connection, count, "lone");
  const arrivals = tenants.map((tenant, index) => ({
    tenant,
    client: tenant.name,
    atMs: index * LONE_EVERY_MS,
    lengthMs: SHORT_MS,
  }));
  await submitAll(product, arrivals);
  await untilClaimed(connection, tenants);
  return readWaits(connection, tenants);
}

/** First in, first out: runs of one tenant keep the order of their arrival. */
export async function watchBehindFlood(
  product: Product,
  sizes: Sizes,
  { seed, forMs }: { readonly seed: number; readonly forMs: number },
): Promise<Watched> {
  const { connection } = product;
  const flood = await startFlood(product, sizes, seed);
  const from = await readNow(connection);
  const [waitsBefore, arrivals] = [
    await readWaits(connection, [flood]),
    quietArrivals(
      [...Array(sizes.quietTenants)].map(() => flood),
      sizes,
      seed,
    ),
  ];
  await Promise.all([submitAll(product, arrivals), delay(forMs)]);
  const to = await readNow(connection);
  const waits = (await readWaits(connection, [flood])).slice(waitsBefore.length);
  const queuedBehind = (await countRuns(connection, [flood])).queued;
  await clearProduct(connection);
  return { waits, held: [], period: { from, to }, queuedBehind };
}

async function startFlood(
  { connection }: Product,
  { flood: queued }: Sizes,
  seed: number,
): Promise<FairTenant> {
  const flood = await createTenant(connection, "flood");
  const random = newRandom(seed + 1);
  const lengths = () => mixedLengths(random, REFILL, [SHORT_MS, LONG_MS]);
  while ((await countRuns(connection, [flood])).queued < queued) {
    await createRuns(connection, flood, lengths());
  }
  await untilBusy(connection, SLOTS);
  return flood;
}

const REFILL = 200;

async function watchQuiet(
  product: Product,
  quiet: readonly FairTenant[],
  arrivals: readonly Arrival[],
): Promise<Omit<Watched, "queuedBehind">> {
  const { connection } = product;
  const from = await readNow(connection);
  await submitAll(product, arrivals);
  await untilClaimed(connection, quiet);
  const period = { from, to: await readNow(connection) };
  return { waits: await readWaits(connection, quiet), held: await readHeld(connection), period };
}

/** A run that still waits has waited longer than any other. */
export function waitOf(waits: readonly Waited[], share: number): number {
  return quantile(
    waits.map(({ waitMs }) => waitMs ?? Infinity),
    share,
  );
}
