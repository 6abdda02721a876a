/** Authenticates a request: finds its token, verifies it, and confirms its session. */
import type { Confirmation } from "@cmo/shared/db";
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
  return async (rawHeaders) => {
    const token = findBearerToken(rawHeaders);
    const { userId, expiresAt } = await verify(token);
    const confirmation = await confirm(token);
    if (confirmation.kind === "unavailable") {
      throw expectedError("auth_unavailable", {
        cause: new Error(confirmation.reason),
        retryAfterSeconds: OUTAGE_RETRY_SECONDS,
      });
    }
    if (standingOf(userId, confirmation) === "ended") {
      throw new AppError("invalid_token", "The session has ended. Sign in again.");
    }
    const confirmAgain = async () => standingOf(userId, await confirm(token, { anew: true }));
    return { userId, token, expiresAt, confirmAgain };
  };
}

function standingOf(userId: string, confirmation: Confirmation): Standing {
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
