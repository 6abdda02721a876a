/** Lanes of a gateway, what workers report of them, and claims for them. */
import { randomBytes } from "node:crypto";
import { type Database, service } from "../../../test/support/database.ts";
import { type Claim, createRun, startWorker } from "./ledger.ts";
import type { Tenant } from "./tenant.ts";

export interface LaneState {
  readonly lane: string;
  readonly model: string;
  readonly state: "open" | "paused" | "due" | "probing" | "limited";
  readonly reason: string | null;
  readonly until: string | null;
  readonly max_running: number | null;
  readonly failures: number;
}

export interface NextClaim extends Claim {
  readonly until?: string;
}

/** The lanes of a gateway that nobody else uses, in the order of their models. */
export function newLanes(...models: string[]): string[] {
  const gateway = randomBytes(8).toString("hex");
  return models.map((model) => `${gateway}:${model}`);
}

export function watch(db: Database, lanes: readonly string[]): Promise<LaneState[]> {
  return db.call(service, "watch_lanes", { p_lanes: lanes });
}

export async function stateOf(db: Database, lane: string): Promise<LaneState> {
  const [state] = await watch(db, [lane]);
  if (!state) throw new Error(`There is no lane ${lane}.`);
  return state;
}

export function report(
  db: Database,
  lane: string,
  what: Readonly<Record<string, unknown>>,
): Promise<LaneState> {
  return db.call(service, "report_lane", { p_report: { lane, ...what } });
}

/** As a worker of this tenant alone. Asks again as long as it is told to. */
export async function claimFor(
  db: Database,
  tenant: Tenant,
  lane: string | null,
  workerId?: string,
): Promise<NextClaim> {
  // In a transaction of the test, the turns of tenants would be counted at its end.
  await db.query("set constraints all immediate");
  const args = {
    p_worker_id: workerId ?? (await startWorker(db)),
    p_tenants: [tenant.tenantId],
    ...(lane === null ? {} : { p_lane: lane }),
  };
  for (;;) {
    const claim = await db.call<NextClaim>(service, "claim_next", args);
    if (claim.kind !== "again") return claim;
  }
}

export async function createRuns(db: Database, tenant: Tenant, count: number): Promise<void> {
  for (let made = 0; made < count; made += 1) await createRun(db, tenant.owner);
}

/** Lets this much time pass for the lane: its times move into the past. */
export async function pass(db: Database, lane: string, time: string): Promise<void> {
  await db.query(
    `update private.gateway_lanes set paused_at = paused_at - $2::interval,
       paused_until = paused_until - $2::interval, reopened_at = reopened_at - $2::interval,
       failing_since = failing_since - $2::interval
     where lane = $1`,
    [lane, time],
  );
}

/** As if no other worker had named its lanes: they count for what the whole pool may do. */
export async function forgetOthers(db: Database, lanes: readonly string[]): Promise<void> {
  await db.query(
    "update private.gateway_lanes set seen_at = '-infinity' where not (lane = any ($1))",
    [lanes],
  );
}
