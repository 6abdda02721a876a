/**
 * A limited number of slots. Whoever finds none free waits for one: those who wait under one name in order of
 * arrival, and the names in turn, so that a crowd under one name delays nobody else.
 */
export interface Slots {
  /** False if the signal aborts before a slot is free. */
  take(signal: AbortSignal, name?: string): Promise<boolean>;
  /** Frees a slot that was taken. */
  free(): void;
}

export function newSlots(count: number): Slots {
  let free = count;
  /** By name; a map keeps the order of insertion, which is the order of the turns. */
  const waiting = new Map<string, Set<() => void>>();

  function remove(name: string, enter: () => void): void {
    const queue = waiting.get(name);
    queue?.delete(enter);
    if (queue?.size === 0) waiting.delete(name);
  }

  return {
    take(signal, name = "") {
      if (signal.aborted) return Promise.resolve(false);
      if (free > 0) {
        free -= 1;
        return Promise.resolve(true);
      }
      return new Promise((resolve) => {
        const leave = () => {
          remove(name, enter);
          resolve(false);
        };
        const enter = () => {
          signal.removeEventListener("abort", leave);
          remove(name, enter);
          resolve(true);
        };
        const queue = waiting.get(name) ?? new Set();
        waiting.set(name, queue.add(enter));
        signal.addEventListener("abort", leave, { once: true });
      });
    },
    free() {
      const [turn] = waiting;
      if (turn === undefined) {
        free += 1;
        return;
      }
      const [name, queue] = turn;
      // Its next turn comes after those of all others.
      waiting.delete(name);
      waiting.set(name, queue);
      for (const enter of queue) return enter();
    },
  };
}
