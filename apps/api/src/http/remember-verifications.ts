/**
 * Remembers for a short time that a token was verified, but never past its expiry. Its session is
 * confirmed apart from that. A refusal is not remembered.
 */
import type { Clock } from "@cmo/shared/runtime";
import { newTokenMemory } from "./token-memory.ts";
import type { VerifiedToken, VerifyToken } from "./verify-token.ts";

export interface VerificationMemory {
  readonly verify: VerifyToken;
  readonly clock: Clock;
  readonly rememberMs: number;
  readonly capacity: number;
}

export function rememberVerifications(options: VerificationMemory): VerifyToken {
  const { verify, clock, rememberMs, capacity } = options;
  const known = newTokenMemory<VerifiedToken>(clock, capacity);
  return async (token) => {
    const remembered = known.get(token);
    if (remembered) return remembered;
    const verified = await verify(token);
    known.set(token, verified, Math.min(clock.now() + rememberMs, verified.expiresAt));
    return verified;
  };
}
