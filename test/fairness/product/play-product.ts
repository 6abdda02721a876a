/** The scenarios of the whole product, one after the other on one stack. */
import { newRandom } from "../../faults/random.ts";
import type { Connection } from "../connection.ts";
import { atLeast, atMost, figure, milliseconds, type Section, seconds, times } from "../verdict.ts";
import { killWorkersAndFlush } from "./disturb.ts";
import type { Waited } from "./observe.ts";
import { type Product, SLOTS, WORKERS } from "./open-product.ts";
import {
  LONG_MS,
  SHORT_MS,
  type Sizes,
  type Watched,
  waitOf,
  watchAlone,
  watchBehindFlood,
  watchBesideFlood,
} from "./quiet-tenants.ts";
import { hardlyIdle, playEquals, playTrickle, playWeights } from "./shares.ts";

export interface ProductOptions {
  readonly sizes: Sizes;
  readonly isQuick: boolean;
  readonly seed: number;
  readonly shareMs: number;
  readonly say: (line: string) => void;
}

/** The waits of the quiet runs of both orders, for the plot. */
export interface Waits {
  readonly fair: Watched;
  readonly fifo: Watched;
}

/** Within a quick run of some seconds, the run that is just being claimed is a tenth of it. */
const BOUNDS = {
  full: { beside: 1.1, disturbed: 1.2, weights: 0.02, jain: 0.99 },
  quick: { beside: 1.5, disturbed: 2, weights: 0.2, jain: 0.85 },
};

export async function playProduct(
  product: Product,
  options: ProductOptions,
): Promise<{ readonly sections: readonly Section[]; readonly waits: Waits }> {
  const { sizes, isQuick, seed, say } = options;
  const bounds = isQuick ? BOUNDS.quick : BOUNDS.full;
  say("warming up");
  await watchAlone(product, { ...sizes, quietTenants: 4, arriveMs: 1_000 }, seed);
  say("quiet tenants alone");
  const alone = await watchAlone(product, sizes, seed);
  say("quiet tenants beside a flood");
  const beside = await watchBesideFlood(product, { sizes, seed });
  say("the same in the order of arrival");
  const forMs = beside.period.to - beside.period.from;
  const fifo = await watchBehindFlood(product, sizes, { seed, forMs });
  const flood = judgeFlood(sizes, { alone, beside, fifo, bound: bounds.beside });
  const disturbed = isQuick ? [] : [await playDisturbed(product, options, alone)];
  say("shares");
  const sharing = {
    seed,
    forMs: options.shareMs,
    weightsBound: bounds.weights,
    jainBound: bounds.jain,
  };
  const shares = [
    await playEquals(product, sharing),
    await playWeights(product, sharing),
    ...(isQuick ? [] : [await playTrickle(product, sharing)]),
  ];
  return { sections: [flood, ...disturbed, ...shares], waits: { fair: beside, fifo } };
}

const waitIn = (waits: readonly Waited[], share: number): string =>
  seconds(waitOf(waits, share) / 1000);
const both = ({ waits }: Watched): string => `${waitIn(waits, 0.5)} and ${waitIn(waits, 0.99)}`;

interface FloodWatched {
  readonly alone: Watched;
  readonly beside: Watched & { readonly lone: readonly Waited[] };
  readonly fifo: Watched;
  readonly bound: number;
}

function judgeFlood(
  { flood, quietTenants, runsEach, arriveMs, lone }: Sizes,
  { alone, beside, fifo, bound }: FloodWatched,
): Section {
  const started = fifo.waits.filter(({ waitMs }) => waitMs !== null).length;
  const watchedFor = seconds((fifo.period.to - fifo.period.from) / 1000);
  return {
    title: "A flood beside quiet tenants",
    setting: `${WORKERS} workers with ${SLOTS} slots together. ${quietTenants} quiet tenants submit ${runsEach} runs each through the API within ${arriveMs / 1000} s, beside one with at least ${flood} queued runs, which has all slots when they come. Runs take ${SHORT_MS} ms or ${LONG_MS} ms. Before them, ${lone} tenants come with a single run each. In the order of arrival: the same runs, all of them of the flood's tenant.`,
    verdicts: [
      atMost({
        criterion: "quiet p99 wait, beside the flood : alone",
        value: waitOf(beside.waits, 0.99) / waitOf(alone.waits, 0.99),
        bound,
        show: times,
      }),
      figure("quiet p50 and p99 wait alone", both(alone)),
      figure("quiet p50 and p99 wait beside the flood", both(beside)),
      figure(
        "quiet runs started in the order of arrival",
        `${started} of ${fifo.waits.length} in ${watchedFor}`,
      ),
      atMost({
        criterion: "p99 wait of a single run : the longest run of the flood",
        value: waitOf(beside.lone, 0.99) / LONG_MS,
        bound: 1,
        show: times,
      }),
      figure("p50 wait of a single run", milliseconds(waitOf(beside.lone, 0.5))),
      atLeast({
        criterion: "queued runs of the flood at the end",
        value: beside.queuedBehind,
        bound: 1,
      }),
      ...hardlyIdle(beside),
    ],
  };
}

async function playDisturbed(
  product: Product,
  { sizes, seed, say }: ProductOptions,
  alone: Watched,
): Promise<Section> {
  say("beside a flood with killed workers and an emptied Redis");
  const disturbance = killWorkersAndFlush(product, newRandom(seed));
  const before = await countDeadlocks(product.connection);
  const disturbed = await watchBesideFlood(product, {
    sizes: { ...sizes, lone: 0 },
    seed,
    disturbance,
  });
  const deadlocks = (await countDeadlocks(product.connection)) - before;
  return {
    title: "The same with killed workers and an emptied Redis",
    setting:
      "SIGKILL of a worker every ten seconds and one FLUSHALL while the quiet tenants wait beside the flood.",
    verdicts: [
      atMost({
        criterion: "quiet p99 wait : alone and undisturbed",
        value: waitOf(disturbed.waits, 0.99) / waitOf(alone.waits, 0.99),
        bound: BOUNDS.full.disturbed,
        show: times,
      }),
      figure("quiet p50 and p99 wait", both(disturbed)),
      atLeast({ criterion: "workers killed", value: disturbance.kills(), bound: 2 }),
      atLeast({
        criterion: "times that Redis was emptied",
        value: disturbance.flushes(),
        bound: 1,
      }),
      figure(
        "attempts that a kill ended",
        String(disturbed.held.filter(({ isLost }) => isLost).length),
      ),
      atMost({ criterion: "deadlocks", value: deadlocks, bound: 0 }),
    ],
  };
}

async function countDeadlocks({ query }: Connection): Promise<number> {
  const [row] = await query(
    "select deadlocks from pg_stat_database where datname = current_database()",
  );
  return Number(row?.["deadlocks"]);
}
