/**
 * Plays hours of work in seconds: the claims and the ends are the ledger's own functions, the time that
 * runs take passes on a clock of the test. Before an end, the superuser moves `claimed_at` back by what
 * the run took, so that the ledger charges for it.
 *
 * One connection asks for all slots, so that the same seed always gives the same claims.
 */
import { z } from "zod";
import { type Claimed, type Connection, claimOrEmpty, finalize } from "../connection.ts";

export interface Play {
  readonly slots: number;
  /** Seconds of the clock after which nothing ends any more. */
  readonly until: number;
  /** From when on slot-seconds count. */
  readonly from?: number;
  /** Is called once, at its time, before the slots that are free then ask. */
  readonly arrivals?: readonly { readonly at: number; place(): Promise<void> }[];
  readonly onEnd?: (tenantId: string, now: number) => Promise<void>;
  /** Stops when it holds. */
  readonly isOver?: (played: Played) => boolean;
}

export interface Played {
  readonly claims: number;
  /** Seconds from the arrival to the first claim, of each run that was claimed. */
  readonly waits: ReadonlyMap<string, readonly number[]>;
  readonly slotSeconds: ReadonlyMap<string, number>;
  /** How often a free slot was answered `empty` while a run waited that might start. */
  readonly idle: number;
}

interface Slot {
  readonly run: Claimed;
  readonly since: number;
  readonly until: number;
}

const inputSchema = z.object({ seconds: z.number().positive(), arrived: z.number() });

export async function playVirtual(
  connection: Connection,
  workerId: string,
  play: Play,
): Promise<Played> {
  const { slots, until, from = 0, onEnd, isOver } = play;
  const result = newResult(from, until);
  const busy: Slot[] = [];
  const arrivals = [...(play.arrivals ?? [])];
  let now = 0;
  for (;;) {
    while (busy.length < slots) {
      const run = await claimOrEmpty(connection, workerId);
      if (!run) break;
      const { seconds, arrived } = inputSchema.parse(run.input);
      result.claimed(run, now - arrived);
      busy.push({ run, since: now, until: now + seconds });
    }
    if (busy.length < slots && (await isAnybodyWaiting(connection))) result.foundIdle();
    const [arrival] = arrivals;
    const next = busy.toSorted((one, other) => one.until - other.until)[0];
    const at = Math.min(arrival?.at ?? Infinity, next?.until ?? Infinity);
    if (at > until || isOver?.(result.played())) break;
    now = at;
    if (arrival?.at === at) {
      arrivals.shift();
      await arrival.place();
    } else if (next) {
      busy.splice(busy.indexOf(next), 1);
      result.used(next);
      await endRun(connection, next);
      await onEnd?.(next.run.tenant_id, now);
    }
  }
  for (const slot of busy) result.used(slot);
  return result.played();
}

function newResult(from: number, until: number) {
  const waits = new Map<string, number[]>();
  const slotSeconds = new Map<string, number>();
  let claims = 0;
  let idle = 0;
  return {
    claimed: ({ tenant_id }: Claimed, wait: number): void => {
      claims += 1;
      const known = waits.get(tenant_id);
      if (known) known.push(wait);
      else waits.set(tenant_id, [wait]);
    },
    foundIdle: (): void => {
      idle += 1;
    },
    used: (slot: Slot): void => {
      const { tenant_id } = slot.run;
      const used = Math.max(0, Math.min(slot.until, until) - Math.max(slot.since, from));
      slotSeconds.set(tenant_id, (slotSeconds.get(tenant_id) ?? 0) + used);
    },
    played: (): Played => ({ claims, idle, waits, slotSeconds }),
  };
}

async function endRun(connection: Connection, { run, since, until }: Slot): Promise<void> {
  await connection.query(
    "update public.agent_runs set claimed_at = clock_timestamp() - make_interval(secs => $2) where id = $1",
    [run.id, until - since],
  );
  await finalize(connection, run);
}

const STARTABLE = `select exists (
  select from public.agent_runs r where r.phase = 'queued' and private.may_start(r)) as waits`;

export async function isAnybodyWaiting({ query }: Connection): Promise<boolean> {
  return (await query(STARTABLE))[0]?.["waits"] === true;
}

/** For the next scenario: nobody waits, nothing runs, nobody has used anything. */
export async function clearRuns({ query }: Connection): Promise<void> {
  await query("delete from public.agent_runs");
  await query("delete from private.tenant_flow");
  await query("delete from private.tenant_limits where tenant_id is not null");
  await query("vacuum analyze public.agent_runs, private.tenant_flow");
}
