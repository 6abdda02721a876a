/**
 * Asks Supabase whether a token's session still stands, and remembers a yes for a short while:
 * by the token's hash, in a bounded map, one question at a time for each token. A no is never
 * remembered, and makes a remembered yes forgotten.
 */
import { createHash } from "node:crypto";
import type { Confirmation } from "@cmo/shared/db";
import type { Clock } from "@cmo/shared/runtime";

/** `anew`: what is remembered does not count; a question that is being asked does. */
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
    // A map keeps the order of insertion: the first is the one that expires first.
    const oldest = known.keys().next();
    if (known.size >= capacity && !oldest.done) known.delete(oldest.value);
    known.set(hash, { answer, until: askedAt + rememberMs });
  }

  async function askOnce(hash: string, token: string): Promise<Confirmation> {
    // An answer may be as old as its question.
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
