/**
 * Starts the parts in order. PostgreSQL, Redis, the gateway and the Supabase process start at once;
 * the latter loads while the database starts. The schema follows, then the API and the workers.
 */
import { keepApis, keepGateway, keepWorkers } from "./keep-apps.ts";
import { keepDatabase, keepRedis } from "./keep-data.ts";
import { makePlan, type Start } from "./plan.ts";
import type { StackParts } from "./stack-options.ts";

export async function startParts(start: Start): Promise<StackParts> {
  const plan = await makePlan(start);
  await Promise.all([
    plan.external.supabase ? null : keepDatabase(plan),
    plan.external.redisUrl ? null : keepRedis(plan),
    plan.parts.isDemoGateway ? keepGateway(plan) : null,
  ]);
  await Promise.all([keepApis(plan), keepWorkers(plan)]);
  return plan.parts;
}
