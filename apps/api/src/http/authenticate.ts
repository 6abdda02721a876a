/** From a request's headers to a user: the token is found, verified, then confirmed. */
import { AppError, assertNever } from "@cmo/shared/runtime";
import { OUTAGE_RETRY_SECONDS } from "../policy.ts";
import { findBearerToken } from "./bearer-token.ts";
import type { ConfirmToken } from "./confirm-token.ts";
import type { VerifyToken } from "./verify-token.ts";

/** `unknown` while nobody can say: an outage is no answer. */
type Standing = "stands" | "ended" | "unknown";

export interface Identity {
  readonly userId: string;
  readonly token: string;
  /** Milliseconds since the epoch; the session may be ended before. */
  readonly expiresAt: number;
  /** Whether the session still stands, asked anew: what is remembered does not count. */
  readonly confirmAgain: () => Promise<Standing>;
}

/** `rawHeaders`: names and values in turn. */
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
      throw new AppError("invalid_token", "This session has ended. Sign in again.");
    }
    if (standing === "unknown") {
      throw new AppError(
        "auth_unavailable",
        "Your session cannot be checked now. Try again in a moment.",
        { retryAfterSeconds: OUTAGE_RETRY_SECONDS },
      );
    }
    const confirmAgain = () => standingOf(userId, token, { anew: true });
    return { userId, token, expiresAt, confirmAgain };
  };
}
