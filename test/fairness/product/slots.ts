/** Slots in a period: who used them, and how long they were free while somebody waited. */
import type { Held as HeldRun, Period } from "./observe.ts";

type Held = Pick<HeldRun, "tenantId" | "from" | "to">;

/** Milliseconds of slots by tenant. */
export function slotTime(held: readonly Held[], period: Period): ReadonlyMap<string, number> {
  const used = new Map<string, number>();
  for (const { tenantId, from, to } of held) {
    const within = Math.max(0, Math.min(to, period.to) - Math.max(from, period.from));
    used.set(tenantId, (used.get(tenantId) ?? 0) + within);
  }
  return used;
}

/**
 * How long slots stayed free, in milliseconds: from an end, or the beginning of the period, to the next
 * start or the end of the period. Slots are alike; the one that has been free for longest is taken next.
 */
export function freeTimes(held: readonly Held[], period: Period, slots: number): readonly number[] {
  const { from, to } = period;
  const heldAtFirst = held.filter((one) => one.from <= from && one.to > from).length;
  const free = Array.from({ length: Math.max(0, slots - heldAtFirst) }, () => from);
  const gaps: number[] = [];
  for (const { at, isEnd } of changesWithin(held, period)) {
    if (isEnd) free.push(at);
    else {
      const since = free.shift();
      if (since !== undefined) gaps.push(at - since);
    }
  }
  return [...gaps, ...free.map((since) => to - since)];
}

function changesWithin(held: readonly Held[], { from, to }: Period) {
  const changes = held.flatMap((one) => [
    { at: one.from, isEnd: false },
    { at: one.to, isEnd: true },
  ]);
  return changes
    .filter(({ at }) => at > from && at < to)
    .toSorted((one, other) => one.at - other.at || Number(other.isEnd) - Number(one.isEnd));
}
