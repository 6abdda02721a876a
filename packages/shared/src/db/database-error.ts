/** Turns what PostgREST answers into an expected error, or into a bug that says what was called. */
import { z } from "zod";
import { type ErrorCode, errorDetailOf, isErrorCode } from "../contract/index.ts";
import { AppError, expectedError } from "../runtime/index.ts";

export interface DatabaseFailure {
  readonly code?: string | null;
  readonly message: string;
  readonly details?: string | null;
}

const RETRY_AFTER_SECONDS = 2;

/** `what` names the call, for the log: an RPC's or a table's name. */
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
 * No answer, a lost connection (08), a deadlock (40), too little of something (53), a lock that
 * was not to be had (55), a statement that was stopped (57), trouble of the machine (58) or the
 * server (XX), or a gateway that says so: what comes from the database has its own code. The
 * ledger raises the same classes again, so that its caller asks again.
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

/** Where the ledger says what is wrong with the request, that is the sentence. */
function toRefusal(code: ErrorCode, { details }: DatabaseFailure): AppError {
  const parsed: unknown = details?.startsWith("{") ? JSON.parse(details) : {};
  const { issues, ...members } = detailsSchema.parse(parsed);
  const [first] = issues ?? [];
  if (!issues || !first) return new AppError(code, errorDetailOf(code), { members });
  const where = first.path === "" ? "" : `${first.path}: `;
  return new AppError(code, `${where}${first.message}`, { issues, members });
}
