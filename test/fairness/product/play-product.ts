/** The scenarios of the whole product, one after the other on one stack. */
import { newRandom } from "../../faults/random.ts";
import type { Connection } from "../connection.ts";
import { quantile } from "../numbers.ts";
import { atLeast, atMost, figure, type Section, seconds, times, type Verdict } from "../verdict.ts";
import { killWorkersAndFlush } from "./disturb.ts";
import { type Product, SLOTS, WORKERS } from "./open-product.ts";
import {
  LONG_MS,
  p99,
  type Sizes,
  SHORT_MS,
  type Watched,
  watchAlone,
  watchBehindFlood,
  watchBesideFlood,
} from "./quiet-tenants.ts";
import { hardlyIdle, playEquals, playTrickle, playWeights } from "./shares.ts";

export interface ProductOptions {
  readonly sizes: Sizes;
  readonly seed: number;
  readonly shareMs: number;
  readonly say: (line: string) => void;
}

/** The waits of the quiet runs of both orders, for the plot. */
export interface Waits {
  readonly fair: Watched;
  readonly fifo: Watched;
}

export async function playProduct(
  product: Product,
  options: ProductOptions,
): Promise<{ readonly sections: readonly Section[]; readonly waits: Waits }> {
  const { sizes, seed, shareMs, say } = options;
  say("warming up");
  await watchAlone(product, { ...sizes, quietTenants: 4, arriveMs: 1_000 }, seed);
  say("quiet tenants alone");
  const alone = await watchAlone(product, sizes, seed);
  say("quiet tenants beside a flood");
  const beside = await watchBesideFlood(product, { sizes, seed });
  say("the same with killed workers and an emptied Redis");
  const disturbance = killWorkersAndFlush(product, newRandom(seed));
  const deadlocks = await countDeadlocks(product.connection);
  const disturbed = await watchBesideFlood(product, { sizes, seed, disturbance });
  const deadlocked = (await countDeadlocks(product.connection)) - deadlocks;
  say("the same in the order of arrival");
  const forMs = beside.period.to - beside.period.from;
  const fifo = await watchBehindFlood(product, sizes, { seed, forMs });
  say("shares");
  const sharing = { seed, forMs: shareMs };
  const shares = [
    await playEquals(product, sharing),
    await playWeights(product, sharing),
    await playTrickle(product, sharing),
  ];
  const kills = { count: disturbance.kills(), flushes: disturbance.flushes(), deadlocked };
  return {
    sections: [
      judgeFlood(sizes, { alone, beside, fifo }),
      judgeDisturbed(alone, disturbed, kills),
      ...shares,
    ],
    waits: { fair: beside, fifo },
  };
}

const waitOf = (watched: Watched, share: number): string =>
  seconds(quantile(watched.waits.map(({ waitMs }) => waitMs ?? Infinity), share) / 1000);

function judgeFlood(
  { flood, quietTenants, runsEach, arriveMs }: Sizes,
  { alone, beside, fifo }: { alone: Watched; beside: Watched; fifo: Watched },
): Section {
  const started = fifo.waits.filter(({ waitMs }) => waitMs !== null).length;
  const watchedFor = seconds((fifo.period.to - fifo.period.from) / 1000);
  return {
    title: "A flood beside quiet tenants",
    setting: `${WORKERS} workers with ${SLOTS} slots together. ${quietTenants} quiet tenants submit ${runsEach} runs each through the API within ${arriveMs / 1000} s, beside one with at least ${flood} queued runs, which has all slots when they come. Runs take ${SHORT_MS} ms or ${LONG_MS} ms. In the order of arrival: the same runs, all of them of the flood's tenant.`,
    verdicts: [
      atMost({
        criterion: "quiet p99 wait, beside the flood : alone",
        value: p99(beside) / p99(alone),
        bound: 1.1,
        show: times,
      }),
      figure("quiet p50 and p99 wait alone", `${waitOf(alone, 0.5)} and ${waitOf(alone, 0.99)}`),
      figure("quiet p50 and p99 wait beside the flood", `${waitOf(beside, 0.5)} and ${waitOf(beside, 0.99)}`),
      figure("the flood's queued runs at the end", String(beside.queuedBehind)),
      figure("quiet runs started in the order of arrival", `${started} of ${fifo.waits.length} in ${watchedFor}`),
      ...hardlyIdle(beside),
    ],
  };
}

interface Kills {
  readonly count: number;
  readonly flushes: number;
  readonly deadlocked: number;
}

function judgeDisturbed(alone: Watched, disturbed: Watched, kills: Kills): Section {
  return {
    title: "The same with killed workers and an emptied Redis",
    setting: "SIGKILL of a worker every ten seconds and one FLUSHALL, while the quiet tenants of the first scenario wait beside the flood.",
    verdicts: [
      atMost({
        criterion: "quiet p99 wait : alone and undisturbed",
        value: p99(disturbed) / p99(alone),
        bound: 1.2,
        show: times,
      }),
      figure("quiet p50 and p99 wait", `${waitOf(disturbed, 0.5)} and ${waitOf(disturbed, 0.99)}`),
      atLeast({ criterion: "workers killed", value: kills.count, bound: 1 }),
      atLeast({ criterion: "times that Redis was emptied", value: kills.flushes, bound: 1 }),
      atMost({ criterion: "deadlocks", value: kills.deadlocked, bound: 0 }),
    ] satisfies Verdict[],
  };
}

async function countDeadlocks({ query }: Connection): Promise<number> {
  const [row] = await query("select deadlocks from pg_stat_database where datname = current_database()");
  return Number(row?.["deadlocks"]);
}

