/** Turns what PostgREST answers into an expected error, or into a bug that says what was called. */
import { z } from "zod";
import { type ErrorCode, isErrorCode } from "../contract/index.ts";
import { AppError } from "../runtime/index.ts";

export interface DatabaseFailure {
  readonly code?: string | null;
  readonly message: string;
  readonly details?: string | null;
}

const RETRY_AFTER_SECONDS = 2;

/** What the ledger's refusals mean to the caller, and what to do about them. */
const REFUSALS: Partial<Record<ErrorCode, string>> = {
  invalid_token: "The token names no user. Sign in again.",
  unknown_mode: "There is no such mode. GET /v1/agents lists them.",
  invalid_request: "The request is invalid.",
  invalid_input: "The payload names something that is not in this workspace.",
  input_too_large: "The payload is above 256 KiB. Send less, such as a shorter history.",
  invalid_idempotency_key: "Idempotency-Key must be 1 to 255 printable ASCII characters.",
  idempotency_mismatch:
    "This Idempotency-Key was used for another request. Use a new key for a new request.",
  workspace_required: "You have several workspaces. Name one of them in workspace_id.",
  workspace_forbidden: "You have no access to this workspace. Check workspace_id.",
  role_forbidden: "Your role in this workspace may read but not run. Ask its owner for access.",
  tenant_mismatch: "tenant_id does not belong to this workspace. Leave it out: it is derived.",
  run_not_found: "There is no run with this id.",
  pipeline_not_found: "There is no pipeline with this id.",
  run_not_finished: "This run has not ended yet. Wait for it, or cancel it first.",
  id_taken: "This run id is taken. Submit again with another.",
};

/** `what` names the call, for the log: an RPC's or a table's name. */
export function toDatabaseError(what: string, failure: DatabaseFailure, status: number): Error {
  const { code, message } = failure;
  if (code?.startsWith("PT") && isErrorCode(message)) {
    return toRefusal(message, failure);
  }
  if (status === 401) {
    return new AppError("expired_token", "The session has ended. Sign in again.");
  }
  if (isOutage(code ?? "", status)) {
    return new AppError("database_unavailable", "The database is away. Try again in a moment.", {
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
  if (!issues || !first) return new AppError(code, REFUSALS[code] ?? code, { members });
  const where = first.path === "" ? "" : `${first.path}: `;
  return new AppError(code, `${where}${first.message}`, { issues, members });
}
