/** Remembers the limits of streams for some seconds: a user opens several at once, and again. */
import type { FindStreamLimits, StreamLimits } from "@cmo/shared/db";
import type { Clock } from "@cmo/shared/runtime";
import { newTokenMemory } from "../http/token-memory.ts";
import { STREAM_LIMITS_ENTRIES, STREAM_LIMITS_MEMORY_MS } from "../policy.ts";

/** `ask` is called as the user whose token is given. Requests that come together ask once. */
export function rememberStreamLimits(
  clock: Clock,
  ask: (token: string) => FindStreamLimits,
): (token: string) => FindStreamLimits {
  const known = newTokenMemory<Promise<StreamLimits>>(clock, STREAM_LIMITS_ENTRIES);
  return (token) =>
    ({ workspaceId, idempotencyKey }) => {
      // A key matters only where no workspace is named.
      const meant = workspaceId === undefined ? { workspaceId, idempotencyKey } : { workspaceId };
      // guards G18: limits of one user
      const name = JSON.stringify([token, meant]);
      const remembered = known.get(name);
      if (remembered !== undefined) return remembered;
      const asked = ask(token)(meant);
      known.set(name, asked, clock.now() + STREAM_LIMITS_MEMORY_MS);
      asked.catch(() => known.set(name, asked, 0));
      return asked;
    };
}
