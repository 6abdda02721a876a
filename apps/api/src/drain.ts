/** Says once, to everything that is open, that the process is about to stop. */
export interface Drain {
  readonly begun: boolean;
  begin(): void;
  /** Calls back when the drain begins, at once if it has; returns how to stop listening. */
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
