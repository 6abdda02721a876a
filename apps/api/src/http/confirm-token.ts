/**
 * Asks Supabase whether a token's session still stands, and remembers a yes for a short while:
 * by the token's hash, in a bounded map, one question at a time for each token.
 */
import { createHash } from "node:crypto";
import type { Confirmation } from "@cmo/shared/db";
import type { Clock } from "@cmo/shared/runtime";

export type ConfirmToken = (token: string) => Promise<Confirmation>;

export interface ConfirmationMemory {
  readonly ask: ConfirmToken;
  readonly clock: Clock;
  readonly rememberMs: number;
  readonly capacity: number;
}

export function rememberConfirmations(memory: ConfirmationMemory): ConfirmToken {
  const { ask, clock, rememberMs, capacity } = memory;
  const known = new Map<string, { readonly answer: Confirmation; readonly until: number }>();
  const asking = new Map<string, Promise<Confirmation>>();

  function remember(hash: string, answer: Confirmation): void {
    // A map keeps the order of insertion: the first is the one that expires first.
    const oldest = known.keys().next();
    if (known.size >= capacity && !oldest.done) known.delete(oldest.value);
    known.set(hash, { answer, until: clock.now() + rememberMs });
  }

  async function askOnce(hash: string, token: string): Promise<Confirmation> {
    try {
      const answer = await ask(token);
      if (answer.kind === "user") remember(hash, answer);
      return answer;
    } finally {
      asking.delete(hash);
    }
  }

  return async (token) => {
    const hash = createHash("sha256").update(token).digest("base64url");
    const remembered = known.get(hash);
    if (remembered && remembered.until > clock.now()) return remembered.answer;
    known.delete(hash);
    const question = asking.get(hash) ?? askOnce(hash, token);
    asking.set(hash, question);
    return question;
  };
}
