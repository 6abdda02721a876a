/** Converts a failure of PostgREST into an expected error, or into a bug that names the call. */
import { z } from "zod";
import { type ErrorCode, errorDetailOf, isErrorCode } from "../contract/index.ts";
import { AppError, expectedError } from "../runtime/index.ts";

export interface DatabaseFailure {
  readonly code?: string | null;
  readonly message: string;
  readonly details?: string | null;
}

/** A database restarts in about this time. */
const RETRY_AFTER_SECONDS = 2;

/** `what` is the name of the RPC or table, for the log. */
export function toDatabaseError(what: string, failure: DatabaseFailure, status: number): Error {
  const { code, message } = failure;
  if (code?.startsWith("PT") && isErrorCode(message)) {
    return toRefusal(message, failure);
  }
  if (status === 401) {
    return expectedError("expired_token");
  }
  if (isOutage(code ?? "", status)) {
    return expectedError("database_unavailable", {
      cause: new Error(`${what}: ${status} ${code ?? ""} ${message}`),
      retryAfterSeconds: RETRY_AFTER_SECONDS,
    });
  }
  return new Error(`The database refused ${what}: ${code ?? status} ${message}`);
}

/**
 * An outage is a request without an answer, a gateway error, or a SQLSTATE of these classes: lost
 * connection (08), deadlock (40), insufficient resources (53), lock timeout (55), cancelled
 * statement (57), system error (58) or internal error (XX). The functions of the ledger raise these
 * classes again, so that their caller retries.
 */
function isOutage(code: string, status: number): boolean {
  if (/^(08|40|53|55|57|58|XX|PGRST00)/.test(code)) return true;
  if (code === "" && (status === 429 || status >= 500)) return true;
  return status === 0 || status === 502 || status === 503 || status === 504 || code === "SUP";
}

const detailsSchema = z.looseObject({
  issues: z
    .array(z.object({ path: z.string(), message: z.string() }))
    .min(1)
    .optional(),
});

/** The first issue that the ledger reports, if any, is the message. */
function toRefusal(code: ErrorCode, { details }: DatabaseFailure): AppError {
  const parsed: unknown = details?.startsWith("{") ? JSON.parse(details) : {};
  const { issues, ...members } = detailsSchema.parse(parsed);
  const [first] = issues ?? [];
  if (!issues || !first) return new AppError(code, errorDetailOf(code), { members });
  const where = first.path === "" ? "" : `${first.path}: `;
  return new AppError(code, `${where}${first.message}`, { issues, members });
}
