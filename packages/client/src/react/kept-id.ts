/**
 * The id of a run, kept for this tab over a reload. A browser may forbid storage, and a server has none:
 * then nothing is kept, and everything else works.
 */

export interface KeptId {
  read(): string | null;
  write(id: string | null): void;
}

export const KEEPS_NOTHING: KeptId = { read: () => null, write: () => undefined };

export function keptIdAt(key: string): KeptId {
  return {
    read: () => withStorage((storage) => storage.getItem(key)),
    write: (id) => {
      withStorage((storage) => {
        if (id === null) storage.removeItem(key);
        else storage.setItem(key, id);
        return null;
      });
    },
  };
}

function withStorage(use: (storage: Storage) => string | null): string | null {
  try {
    return typeof sessionStorage === "undefined" ? null : use(sessionStorage);
  } catch {
    // Forbidden or full: a reload then shows no run, and the run itself continues.
    return null;
  }
}
