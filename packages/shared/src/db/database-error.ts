/** Converts a failure of PostgREST into an expected error, or into a bug that names the call. */
import { z } from "zod";
import { type ErrorCode, errorDetailOf, isErrorCode, toBoundedText } from "../contract/index.ts";
import { AppError, expectedError } from "../runtime/index.ts";

export interface DatabaseFailure {
  readonly code?: string | null;
  readonly message: string;
  readonly details?: string | null;
}

/** The RPC or table that was called, and on whose behalf. */
export interface DatabaseCall {
  readonly name: string;
  readonly caller: "user" | "worker";
}

/** Why the database is unavailable, in one sentence with a code. The cause of the expected error. */
export class DatabaseOutage extends Error {
  readonly code: string;

  constructor(code: string, sentence: string) {
    super(sentence);
    this.name = "DatabaseOutage";
    this.code = code;
  }
}

/** A database restarts in about this time. */
const RETRY_AFTER_SECONDS = 2;
/** Characters of an answer that is quoted. A proxy may answer with a whole page. */
const MESSAGE_MAX = 300;

export function toDatabaseError(
  { name, caller }: DatabaseCall,
  failure: DatabaseFailure,
  status: number,
): Error {
  const message = toBoundedText(failure.message, MESSAGE_MAX);
  const code = toBoundedText(failure.code ?? "", MESSAGE_MAX);
  if (code.startsWith("PT") && isErrorCode(failure.message)) {
    return toRefusal(failure.message, failure);
  }
  if (caller === "user" && isExpiredToken(message, status)) {
    return expectedError("expired_token");
  }
  if (isOutage(code, status)) {
    return expectedError("database_unavailable", {
      cause: new DatabaseOutage(
        code || String(status),
        outageSentence(name, code, status, message),
      ),
      retryAfterSeconds: RETRY_AFTER_SECONDS,
    });
  }
  return new Error(`The database refused ${name}: ${code || status} ${message}`);
}

/**
 * PostgREST answers every token that it does not accept with 401, and only its sentence tells them
 * apart: "JWT expired" (PGRST303, PGRST301 before version 13) concerns the user. With "JWT issued
 * at future", a key that it has not loaded or a refused project key, a new token would not help.
 */
function isExpiredToken(message: string, status: number): boolean {
  return status === 401 && /jwt expired/i.test(message);
}

/**
 * The schema cache of PostgREST is older than the migrations, or the reverse: a function (202), an
 * overload (203), a column (204) or a table (205) that it does not know.
 */
const STALE_SCHEMA = /^(PGRST20[2-5]|42883)$/;

/**
 * An outage is a request without an answer, a refused token, a stale schema cache, any 5xx, or a
 * SQLSTATE of these classes: lost connection (08), deadlock (40), insufficient resources (53), lock
 * timeout (55), cancelled statement (57), system error (58) or internal error (XX). The functions of
 * the ledger raise these classes again, so that their caller retries.
 */
function isOutage(code: string, status: number): boolean {
  // guards G11: stale schema cache
  if (STALE_SCHEMA.test(code)) return true;
  if (/^(08|40|53|55|57|58|XX|PGRST00)/.test(code)) return true;
  if (code === "" && status === 429) return true;
  return status === 0 || status === 401 || status >= 500 || code === "SUP";
}

const UNKNOWN_PART: Readonly<Record<string, string>> = {
  PGRST202: "function",
  PGRST203: "which overload to call of",
  PGRST204: "a column of",
  PGRST205: "table",
  "42883": "a function used by",
};

function outageSentence(name: string, code: string, status: number, message: string): string {
  const unknown = UNKNOWN_PART[code];
  if (unknown) {
    return `The database does not know ${unknown} ${name} yet (${code}): its schema cache is being reloaded or the migrations are missing.`;
  }
  const reason = `${code || (status === 0 ? "no answer" : status)}: ${message}`;
  return status === 401
    ? `The database refused the token for ${name} (${reason}).`
    : `The database is unavailable for ${name} (${reason}).`;
}

const detailsSchema = z.looseObject({
  message: z.string().optional(),
  retry_after: z.number().optional(),
  issues: z
    .array(z.object({ path: z.string(), message: z.string() }))
    .min(1)
    .optional(),
});

/** The message is the sentence of the ledger, if it has one, or its first issue. */
function toRefusal(code: ErrorCode, { details }: DatabaseFailure): AppError {
  const parsed: unknown = details?.startsWith("{") ? JSON.parse(details) : {};
  const { issues, message, retry_after: retryAfter, ...members } = detailsSchema.parse(parsed);
  const [first] = issues ?? [];
  if (!issues || !first) {
    const retry = retryAfter === undefined ? {} : { retryAfterSeconds: retryAfter };
    return new AppError(code, message ?? errorDetailOf(code), { members, ...retry });
  }
  const where = first.path === "" ? "" : `${first.path}: `;
  return new AppError(code, `${where}${first.message}`, { issues, members });
}
