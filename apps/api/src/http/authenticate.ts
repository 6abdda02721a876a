/** Authenticates a request: finds its token, verifies it, and confirms its session. */
import { AppError, assertNever, expectedError } from "@cmo/shared/runtime";
import { OUTAGE_RETRY_SECONDS } from "../policy.ts";
import { findBearerToken } from "./bearer-token.ts";
import type { ConfirmToken } from "./confirm-token.ts";
import type { VerifyToken } from "./verify-token.ts";

/** `unknown` during an outage, which confirms nothing and ends nothing. */
type Standing = "stands" | "ended" | "unknown";

export interface Identity {
  readonly userId: string;
  readonly token: string;
  /** Milliseconds since the epoch. The session may end earlier. */
  readonly expiresAt: number;
  /** Confirms the session again, bypassing the cache. */
  readonly confirmAgain: () => Promise<Standing>;
}

/** `rawHeaders`: alternating names and values. */
export type Authenticate = (rawHeaders: readonly string[]) => Promise<Identity>;

export function createAuthenticator(verify: VerifyToken, confirm: ConfirmToken): Authenticate {
  async function standingOf(
    userId: string,
    token: string,
    options?: { readonly anew: boolean },
  ): Promise<Standing> {
    const confirmation = await confirm(token, options);
    switch (confirmation.kind) {
      case "user":
        return confirmation.id === userId ? "stands" : "ended";
      case "refused":
        return "ended";
      case "unavailable":
        return "unknown";
      default:
        return assertNever(confirmation);
    }
  }

  return async (rawHeaders) => {
    const token = findBearerToken(rawHeaders);
    const { userId, expiresAt } = await verify(token);
    const standing = await standingOf(userId, token);
    if (standing === "ended") {
      throw new AppError("invalid_token", "The session has ended. Sign in again.");
    }
    if (standing === "unknown") {
      throw expectedError("auth_unavailable", { retryAfterSeconds: OUTAGE_RETRY_SECONDS });
    }
    const confirmAgain = () => standingOf(userId, token, { anew: true });
    return { userId, token, expiresAt, confirmAgain };
  };
}
