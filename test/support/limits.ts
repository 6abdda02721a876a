/** Limits of one tenant, and the minutes, hours and days in which its runs are counted. */
import type { Execute } from "./tenancy.ts";

export type Limits = Readonly<Record<string, number | string | null>>;

/** Replaces the tenant's own limits by these; all others are the defaults. */
export async function limitTenant(
  execute: Execute,
  tenantId: string,
  limits: Limits,
): Promise<void> {
  await execute("delete from private.tenant_limits where tenant_id = $1", [tenantId]);
  const names = ["tenant_id", ...Object.keys(limits)];
  const places = names.map((_, index) => `$${index + 1}`);
  await execute(
    `insert into private.tenant_limits (${names.join(", ")}) values (${places.join(", ")})`,
    [tenantId, ...Object.values(limits)],
  );
}

export async function unlimitTenant(execute: Execute, tenantId: string): Promise<void> {
  await execute("delete from private.tenant_limits where tenant_id = $1", [tenantId]);
}

/** What a refusal for a limit says, in the detail of the function and in the problem of the API. */
export interface LimitRefusal {
  readonly message: string;
  readonly scope: "tenant" | "user";
  readonly window: "minute" | "hour" | "day" | "queue";
  readonly limit: number;
  readonly remaining: number;
  readonly reset: number;
  readonly opens_at: string | null;
  readonly retry_after: number;
}

/**
 * The result of work that begins and ends in the same minute: when the minute changes meanwhile, the
 * work is done again, whether it succeeded or not.
 */
export async function withinMinute<Result>(work: () => Promise<Result>): Promise<Result> {
  for (;;) {
    const minute = minuteNow();
    const outcome = await work().then(
      (result) => ({ result }),
      (error: unknown) => ({ error }),
    );
    if (minute !== minuteNow()) continue;
    if ("error" in outcome) throw outcome.error;
    return outcome.result;
  }
}

function minuteNow(): number {
  return Math.floor(Date.now() / 60_000);
}
