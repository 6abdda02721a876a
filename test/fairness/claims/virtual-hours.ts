/** Who gets how much, in hours of a virtual clock. */
import { newRandom, type Random } from "../../faults/random.ts";
import type { Connection } from "../connection.ts";
import { jain, quantile, sum, worstShareError } from "../numbers.ts";
import { createTenant, createTenants, type FairTenant, placeRuns } from "../tenants.ts";
import { atLeast, atMost, figure, percent, type Section, seconds, times } from "../verdict.ts";
import { clearRuns, type Played, playVirtual } from "./play-virtual.ts";

export interface Virtual {
  readonly connection: Connection;
  readonly workerId: string;
  readonly seed: number;
  /** Queued runs of the flood. */
  readonly flood: number;
  /** Of each quiet tenant beside it. */
  readonly quietRuns: number;
  readonly hours: number;
}

const SLOTS = 20;
const QUIET_TENANTS = 50;
const SHORT_S = 30;
const LONG_S = 120;
const HOUR_S = 3_600;
/** The quiet ones come when the flood has every slot. */
const QUIET_COME_AT = 100;
const LONG_ENOUGH = 1e6;

export async function playVirtualHours(virtual: Virtual): Promise<readonly Section[]> {
  return [
    await playFlood(virtual),
    await playEquals(virtual),
    await playWeights(virtual),
    await playTrickle(virtual),
    await playNewcomers(virtual),
  ];
}

const mixed = (random: Random, count: number, arrived = 0) =>
  Array.from({ length: count }, () => ({ seconds: random.pick([SHORT_S, LONG_S]), arrived }));

async function playFlood(virtual: Virtual): Promise<Section> {
  const alone = await waitsOfQuiet(virtual, "alone");
  const beside = await waitsOfQuiet(virtual, "beside");
  const behind = await waitsOfQuiet(virtual, "behind");
  const p99 = ({ waits }: { waits: readonly number[] }) => quantile(waits, 0.99);
  const setting = `${QUIET_TENANTS} quiet tenants with ${virtual.quietRuns} runs each come at once, beside one with ${virtual.flood} queued runs that has all ${SLOTS} slots. Runs take ${SHORT_S} s or ${LONG_S} s. First in, first out is played with the same runs in the same order as runs of one tenant.`;
  return {
    title: "A flood beside quiet tenants",
    setting,
    verdicts: [
      atMost({
        criterion: "quiet p99 wait, beside the flood : alone",
        value: p99(beside) / p99(alone),
        bound: 1.1,
        show: times,
      }),
      figure("quiet p99 wait alone", seconds(p99(alone))),
      figure("quiet p99 wait beside the flood", seconds(p99(beside))),
      figure("quiet p99 wait first in, first out", seconds(p99(behind))),
      neverIdle(alone.idle + beside.idle),
    ],
  };
}

/** Alone; beside the flood; behind it, as runs of its tenant. */
async function waitsOfQuiet(
  { connection, workerId, seed, flood, quietRuns }: Virtual,
  where: "alone" | "beside" | "behind",
): Promise<{ readonly waits: readonly number[]; readonly idle: number }> {
  await clearRuns(connection);
  const random = newRandom(seed);
  const flooding = await createTenant(connection, "flood");
  const quiet = await createTenants(connection, QUIET_TENANTS, "quiet");
  if (where !== "alone") await placeRuns(connection, flooding, mixed(newRandom(seed + 1), flood));
  const place = async (): Promise<void> => {
    for (const tenant of quiet) {
      const runs = mixed(random, quietRuns, QUIET_COME_AT);
      await placeRuns(connection, where === "behind" ? flooding : tenant, runs);
    }
  };
  const watched = where === "behind" ? [flooding] : quiet;
  const total = QUIET_TENANTS * quietRuns + (where === "behind" ? flood : 0);
  const waitsIn = ({ waits }: Played): readonly number[] =>
    watched.flatMap(({ tenantId }) => waits.get(tenantId) ?? []);
  const countIn = ({ waits }: Played): number =>
    sum(watched.map(({ tenantId }) => waits.get(tenantId)?.length ?? 0));
  const played = await playVirtual(connection, workerId, {
    slots: SLOTS,
    until: LONG_ENOUGH,
    arrivals: [{ at: QUIET_COME_AT, place }],
    isOver: (sofar) => countIn(sofar) === total,
  });
  return { waits: waitsIn(played).slice(where === "behind" ? flood : 0), idle: played.idle };
}

async function playEquals({ connection, workerId, seed, hours }: Virtual): Promise<Section> {
  await clearRuns(connection);
  const tenants = await createTenants(connection, 10, "equal");
  const random = newRandom(seed);
  for (const [index, tenant] of tenants.entries()) {
    // Two have short runs, two have long ones, the others have both.
    const kinds = [[SHORT_S], [LONG_S], [SHORT_S, LONG_S]][Math.min(2, index >> 1)] ?? [];
    const runs = Array.from({ length: 400 }, () => ({ seconds: random.pick(kinds), arrived: 0 }));
    await placeRuns(connection, tenant, runs);
  }
  const played = await playVirtual(connection, workerId, {
    slots: SLOTS,
    until: hours * HOUR_S,
  });
  const used = usedBy(tenants, played);
  return {
    title: "Equal tenants with runs of unequal length",
    setting: `Ten tenants that always wait share ${SLOTS} slots for ${hours} hours: two with runs of ${SHORT_S} s, two with runs of ${LONG_S} s, the others with both.`,
    verdicts: [
      atLeast({ criterion: "Jain's index of slot-seconds", value: jain(used), bound: 0.99 }),
      figure("slot-seconds, least and most", `${Math.min(...used)} and ${Math.max(...used)}`),
      neverIdle(played.idle),
    ],
  };
}

async function playWeights({ connection, workerId, seed, hours }: Virtual): Promise<Section> {
  await clearRuns(connection);
  const weights = [1, 2, 4];
  const tenants: FairTenant[] = [];
  for (const weight of weights) {
    const tenant = await createTenant(connection, `${weight}`, { weight, maxRunning: SLOTS });
    await placeRuns(connection, tenant, mixed(newRandom(seed + weight), 2_000));
    tenants.push(tenant);
  }
  const played = await playVirtual(connection, workerId, { slots: SLOTS, until: hours * HOUR_S });
  const used = usedBy(tenants, played);
  const shares = used.map((one) => percent(one / sum(used)));
  return {
    title: "Weights",
    setting: `Three tenants of the weights 1, 2 and 4 that always wait share ${SLOTS} slots for ${hours} hours.`,
    verdicts: [
      atMost({
        criterion: "largest relative error of a share",
        value: worstShareError(used, weights),
        bound: 0.02,
        show: percent,
      }),
      figure("shares", shares.join(" : ")),
      neverIdle(played.idle),
    ],
  };
}

async function playTrickle({ connection, workerId, seed, hours }: Virtual): Promise<Section> {
  await clearRuns(connection);
  const random = newRandom(seed);
  const small = await createTenants(connection, 2 * SLOTS, "trickle");
  const large = await createTenant(connection, "large");
  await placeRuns(connection, large, mixed(random, 400));
  const byId = new Map(small.map((tenant) => [tenant.tenantId, tenant]));
  const trickle = async (tenant: FairTenant | undefined, now: number): Promise<void> => {
    if (tenant) await placeRuns(connection, tenant, mixed(random, 1, now));
  };
  for (const tenant of small) await trickle(tenant, 0);
  const until = hours * HOUR_S;
  const played = await playVirtual(connection, workerId, {
    slots: SLOTS,
    until,
    onEnd: (tenantId, now) => trickle(byId.get(tenantId), now),
  });
  const share = (SLOTS * until) / (small.length + 1);
  return {
    title: "A large tenant behind a trickle",
    setting: `${small.length} tenants send their next run whenever one has ended, more than ${SLOTS} slots can serve. One tenant has 400 runs queued.`,
    verdicts: [
      atLeast({
        criterion: "slot-seconds of the large tenant : its equal share",
        value: (played.slotSeconds.get(large.tenantId) ?? 0) / share,
        bound: 0.95,
        show: times,
      }),
      neverIdle(played.idle),
    ],
  };
}

/** The ledger charges 30 s for the first run of a tenant, and corrects that when the run ends. */
async function playNewcomers({ connection, workerId }: Virtual): Promise<Section> {
  await clearRuns(connection);
  const tenants = await createTenants(connection, 10, "newcomer");
  const arrivals = tenants.map((tenant, index) => ({
    at: index / 4,
    place: () => {
      const run = { seconds: NEWCOMER_S, arrived: index / 4 };
      return placeRuns(
        connection,
        tenant,
        Array.from({ length: 400 }, () => run),
      );
    },
  }));
  const until = 60;
  const from = 5;
  const play = { slots: SLOTS, from, until, arrivals };
  const played = await playVirtual(connection, workerId, play);
  const used = usedBy(tenants, played);
  return {
    title: "Newcomers whose runs are much shorter than expected",
    setting: `Ten tenants with runs of ${NEWCOMER_S} s come one after the other within three seconds. Their slot-seconds count from ${from} s to ${until} s.`,
    verdicts: [
      atLeast({ criterion: "Jain's index of slot-seconds", value: jain(used), bound: 0.99 }),
      figure("slot-seconds, least and most", `${Math.min(...used)} and ${Math.max(...used)}`),
      neverIdle(played.idle),
    ],
  };
}

const NEWCOMER_S = 0.5;

function usedBy(tenants: readonly FairTenant[], { slotSeconds }: Played): readonly number[] {
  return tenants.map(({ tenantId }) => slotSeconds.get(tenantId) ?? 0);
}

function neverIdle(idle: number) {
  return atMost({
    criterion: "free slots that were left while a run waited",
    value: idle,
    bound: 0,
  });
}
