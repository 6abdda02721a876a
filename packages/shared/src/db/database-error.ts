/** Converts a failure of PostgREST into an expected error, or into a bug that names the call. */
import { z } from "zod";
import { type ErrorCode, isErrorCode } from "../contract/index.ts";
import { AppError } from "../runtime/index.ts";

export interface DatabaseFailure {
  readonly code?: string | null;
  readonly message: string;
  readonly details?: string | null;
}

/** A database restarts in about this time. */
const RETRY_AFTER_SECONDS = 2;

/** The messages of the refusals: what happened and what the caller can do. */
const REFUSALS: Partial<Record<ErrorCode, string>> = {
  invalid_token: "The token does not belong to a user. Sign in again.",
  unknown_mode: "This mode does not exist. GET /v1/agents lists the modes.",
  invalid_request: "The request is invalid.",
  invalid_input: "The payload refers to something that is not in this workspace.",
  input_too_large: "The payload exceeds 256 KiB. Send less, such as a shorter history.",
  invalid_idempotency_key: "Idempotency-Key must be 1 to 255 printable ASCII characters.",
  idempotency_mismatch:
    "This Idempotency-Key was used for another request. Use a new key for a new request.",
  workspace_required: "You have several workspaces. Set workspace_id to one of them.",
  workspace_forbidden: "You have no access to this workspace. Check workspace_id.",
  role_forbidden:
    "Your role in this workspace can read runs but not create them. Ask its owner for access.",
  tenant_mismatch:
    "tenant_id does not belong to this workspace. Omit it; it is derived from the workspace.",
  run_not_found: "No run has this id.",
  pipeline_not_found: "No pipeline has this id.",
  run_not_finished: "This run has not ended yet. Wait for it to end, or cancel it first.",
  id_taken: "This run id is in use. Submit again with another id.",
};

/** `what` is the name of the RPC or table, for the log. */
export function toDatabaseError(what: string, failure: DatabaseFailure, status: number): Error {
  const { code, message } = failure;
  if (code?.startsWith("PT") && isErrorCode(message)) {
    return toRefusal(message, failure);
  }
  if (status === 401) {
    return new AppError("expired_token", "The session has ended. Sign in again.");
  }
  if (isOutage(code ?? "", status)) {
    return new AppError(
      "database_unavailable",
      "The database is unavailable. Try again in a moment.",
      {
        cause: new Error(`${what}: ${status} ${code ?? ""} ${message}`),
        retryAfterSeconds: RETRY_AFTER_SECONDS,
      },
    );
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
  if (!issues || !first) return new AppError(code, REFUSALS[code] ?? code, { members });
  const prefix = first.path === "" ? "" : `${first.path}: `;
  return new AppError(code, `${prefix}${first.message}`, { issues, members });
}
