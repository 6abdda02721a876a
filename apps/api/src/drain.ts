/** Notifies open connections, once, that the process is about to stop. */
export interface Drain {
  readonly begun: boolean;
  begin(): void;
  /**
   * Calls `listener` when the drain begins, immediately if it has begun. Returns a function that
   * removes the listener.
   */
  onBegin(listener: () => void): () => void;
}

export function createDrain(): Drain {
  const listeners = new Set<() => void>();
  let begun = false;
  return {
    get begun() {
      return begun;
    },
    begin() {
      begun = true;
      for (const listener of listeners) listener();
      listeners.clear();
    },
    onBegin(listener) {
      if (begun) listener();
      else listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
  };
}
