/** From a request's headers to a user: the token is found, verified, then confirmed. */
import { AppError, assertNever } from "@cmo/shared/runtime";
import { OUTAGE_RETRY_SECONDS } from "../policy.ts";
import { findBearerToken } from "./bearer-token.ts";
import type { ConfirmToken } from "./confirm-token.ts";
import type { VerifyToken } from "./verify-token.ts";

interface Identity {
  readonly userId: string;
  readonly token: string;
}

/** `rawHeaders`: names and values in turn. */
export type Authenticate = (rawHeaders: readonly string[]) => Promise<Identity>;

export function createAuthenticator(verify: VerifyToken, confirm: ConfirmToken): Authenticate {
  return async (rawHeaders) => {
    const token = findBearerToken(rawHeaders);
    const userId = await verify(token);
    const confirmation = await confirm(token);
    switch (confirmation.kind) {
      case "user":
        if (confirmation.id !== userId) throw sessionEnded();
        return { userId, token };
      case "refused":
        throw sessionEnded();
      case "unavailable":
        throw new AppError(
          "auth_unavailable",
          "Your session cannot be checked now. Try again in a moment.",
          { retryAfterSeconds: OUTAGE_RETRY_SECONDS },
        );
      default:
        return assertNever(confirmation);
    }
  };
}

function sessionEnded(): AppError {
  return new AppError("invalid_token", "This session has ended. Sign in again.");
}
