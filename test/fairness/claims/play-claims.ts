/** The scenarios of the ledger alone, one after the other in one database. */
import type { Section } from "../verdict.ts";
import { playAtRandom } from "./at-random.ts";
import { measureClaimCost } from "./claim-cost.ts";
import { type Ledger, openLedger } from "./open-ledger.ts";
import { raceWakes } from "./race-wakes.ts";
import { startWorker } from "./start-worker.ts";
import { playVirtualHours } from "./virtual-hours.ts";

export interface ClaimsOptions {
  readonly claims: {
    readonly flood: number;
    readonly quietRuns: number;
    readonly hours: number;
    readonly atRandom: number;
    readonly races: number;
    readonly cost: { readonly queued: number; readonly claims: number };
  };
  readonly costTenants: readonly number[];
  readonly seed: number;
  readonly say: (line: string) => void;
}

const CONNECTIONS = 12;

export async function playClaims(options: ClaimsOptions): Promise<readonly Section[]> {
  options.say("starting a database");
  const ledger = await openLedger(() => {});
  try {
    return await playIn(ledger, options);
  } finally {
    await ledger.close();
  }
}

async function playIn(
  ledger: Ledger,
  { claims, costTenants, seed, say }: ClaimsOptions,
): Promise<readonly Section[]> {
  const { connection } = ledger;
  say("hours of a virtual clock");
  const workerId = await startWorker(connection);
  const hours = await playVirtualHours({ connection, workerId, seed, ...claims });
  const costs: Section[] = [];
  for (const tenants of costTenants) {
    say(`the cost of a claim with ${tenants} tenants`);
    costs.push(await measureClaimCost({ connection, tenants, ...claims.cost }));
  }
  const connections = await Promise.all(Array.from({ length: CONNECTIONS }, ledger.connect));
  say("wakes that race with claims");
  const races = await raceWakes({ connection, connections, seed, races: claims.races });
  say("claims at random");
  const random = await playAtRandom({ connection, connections, seed, claims: claims.atRandom });
  return [...hours, ...costs, random, races];
}
