/** Remembers a value for each token until a time: by the hash of the token, in a bounded map. */
import { createHash } from "node:crypto";
import type { Clock } from "@cmo/shared/runtime";

export interface TokenMemory<Value> {
  get(token: string): Value | undefined;
  set(token: string, value: Value, until: number): void;
}

export function newTokenMemory<Value>(clock: Clock, capacity: number): TokenMemory<Value> {
  const known = new Map<string, { readonly value: Value; readonly until: number }>();
  return {
    get(token) {
      const hash = hashToken(token);
      const remembered = known.get(hash);
      if (remembered === undefined || remembered.until > clock.now()) return remembered?.value;
      known.delete(hash);
      return undefined;
    },
    set(token, value, until) {
      // A map keeps the order of insertion: its first entry is the oldest.
      const oldest = known.keys().next();
      if (known.size >= capacity && !oldest.done) known.delete(oldest.value);
      known.set(hashToken(token), { value, until });
    },
  };
}

function hashToken(token: string): string {
  return createHash("sha256").update(token).digest("base64url");
}
