/** A limited number of slots. Whoever finds none free waits for one, in order of arrival. */
export interface Slots {
  /** False if the signal aborts before a slot is free. */
  take(signal: AbortSignal): Promise<boolean>;
  /** Frees a slot that was taken. */
  free(): void;
}

export function newSlots(count: number): Slots {
  let free = count;
  const waiting = new Set<() => void>();
  return {
    take(signal) {
      if (signal.aborted) return Promise.resolve(false);
      if (free > 0) {
        free -= 1;
        return Promise.resolve(true);
      }
      return new Promise((resolve) => {
        const leave = () => {
          waiting.delete(enter);
          resolve(false);
        };
        const enter = () => {
          signal.removeEventListener("abort", leave);
          waiting.delete(enter);
          resolve(true);
        };
        waiting.add(enter);
        signal.addEventListener("abort", leave, { once: true });
      });
    },
    free() {
      const [enter] = waiting;
      if (enter) enter();
      else free += 1;
    },
  };
}
