/**
 * Confirms with Supabase that the session of a token is active, and caches a confirmation for a
 * short time: by the hash of the token, in a bounded map, with one request at a time per token. A
 * refusal is never cached, and removes a cached confirmation.
 */
import { createHash } from "node:crypto";
import type { Confirmation } from "@cmo/shared/db";
import type { Clock } from "@cmo/shared/runtime";

/** `anew` bypasses the cache, but shares a request that is in progress. */
export type ConfirmToken = (
  token: string,
  options?: { readonly anew: boolean },
) => Promise<Confirmation>;

export interface ConfirmationMemory {
  readonly ask: (token: string) => Promise<Confirmation>;
  readonly clock: Clock;
  readonly rememberMs: number;
  readonly capacity: number;
}

export function rememberConfirmations(memory: ConfirmationMemory): ConfirmToken {
  const { ask, clock, rememberMs, capacity } = memory;
  const known = new Map<string, { readonly answer: Confirmation; readonly until: number }>();
  const asking = new Map<string, Promise<Confirmation>>();

  function remember(hash: string, answer: Confirmation, askedAt: number): void {
    // A map keeps the order of insertion: its first entry expires first.
    const oldest = known.keys().next();
    if (known.size >= capacity && !oldest.done) known.delete(oldest.value);
    known.set(hash, { answer, until: askedAt + rememberMs });
  }

  async function askOnce(hash: string, token: string): Promise<Confirmation> {
    // The confirmation may be as old as the request.
    const askedAt = clock.now();
    try {
      const answer = await ask(token);
      if (answer.kind !== "unavailable") known.delete(hash);
      if (answer.kind === "user") remember(hash, answer, askedAt);
      return answer;
    } finally {
      asking.delete(hash);
    }
  }

  return async (token, { anew } = { anew: false }) => {
    const hash = createHash("sha256").update(token).digest("base64url");
    const remembered = known.get(hash);
    const isFresh = remembered !== undefined && remembered.until > clock.now();
    if (isFresh && !anew) return remembered.answer;
    if (!isFresh) known.delete(hash);
    const question = asking.get(hash) ?? askOnce(hash, token);
    asking.set(hash, question);
    return question;
  };
}
