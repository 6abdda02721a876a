/**
 * The detail of an error: what happened, and what the caller can do about it. A code with one
 * cause has its sentence here, whichever of the API and the ledger finds it.
 */
import { ERROR_CODES, type ErrorCode } from "./error-code.ts";

export const ERROR_DETAILS = {
  missing_token:
    "Sign in and send `Authorization: Bearer <access_token>` with the session's token.",
  project_key_sent_as_token:
    "The bearer token is the project's key. Send the access token of the signed-in user: `session.access_token` of `supabase.auth.getSession()`.",
  expired_token: "The access token has expired. Refresh the session and retry.",
  invalid_token: "The bearer token is not a valid access token of this project. Sign in again.",
  invalid_ticket:
    "The ticket is unknown, used, of another run or older than a minute. Ask for a new one with `POST /v1/runs/<id>/ticket`.",
  workspace_forbidden: "You have no access to this workspace. Check `workspace_id`.",
  role_forbidden:
    "Your role in this workspace allows reading only. Ask the owner of the workspace for access.",
  tenant_mismatch:
    "`tenant_id` does not belong to this workspace. Omit it; the workspace determines the tenant.",
  no_workspace:
    "You have no workspace yet. Create one with `POST /v1/workspaces`, or ask its owner to invite you.",
  sign_up_required:
    "An anonymous session cannot have a workspace. Sign up with an e-mail address first.",
  membership_forbidden:
    "Your role in this workspace does not allow this. Ask an owner of the workspace.",
  workspace_limit:
    "You own as many workspaces as a user may have. Give one up, or use another one.",
  invitation_limit:
    "This workspace has as many open invitations as it may have. Withdraw some of them first.",

  invalid_request: "The request is invalid.",
  unknown_mode: "Unknown mode. `GET /v1/agents` lists the modes.",
  workspace_required: "You have several workspaces. Specify one in `workspace_id`.",
  invalid_cursor: "The cursor is not the id of an event in this stream.",
  invalid_idempotency_key: "`Idempotency-Key` must be 1 to 255 printable ASCII characters.",
  run_not_found: "No run with this id exists.",
  pipeline_not_found: "No pipeline with this id exists.",
  member_not_found: "This workspace has no such member or invitation.",
  invitation_not_found:
    "No invitation to this workspace waits for the confirmed e-mail address of your account.",
  row_not_found: "This workspace has no such row, or one that nobody has changed yet.",
  version_not_found: "The row has no version of this number. `cmo_versions` lists those it has.",
  not_acceptable: "This route returns a stream. Accept `text/event-stream`.",
  request_timeout: "The request took too long to arrive.",
  run_not_finished: "This run has not ended yet. Wait for it to end, or cancel it.",
  retry_in_flight: "A retry of this run is still under way. Wait for it to end, or cancel it.",
  last_owner: "This user is the last owner of the workspace. Make another member an owner first.",
  status_refused:
    "The row cannot get this status now: a draft is approved, then published, then archived.",
  version_refused: "This version belongs to a plan, funnel or campaign that was deleted since.",
  id_taken: "The generated id already exists. Submit the request again.",
  body_too_large: "The request body must not exceed 256 KiB.",
  input_too_large:
    "The payload must not exceed 256 KiB. Shorten it, for example its message history.",
  idempotency_mismatch:
    "This `Idempotency-Key` was used with a different request. Use a new key for a new request.",
  headers_too_large: "The request line and headers must not exceed 16 KiB.",

  queue_full:
    "As many runs of this tenant wait for a worker as may. Retry when one of them has started.",
  too_many_streams: "Too many streams are open. Close one of them and retry.",

  invalid_input: "The payload refers to something that does not exist in this workspace.",
  budget_exceeded:
    "The budget for AI runs is used up. Ask whoever manages your plan to raise it, then run this again.",
  run_cancelled: "The run was cancelled.",

  upstream_unavailable: "The service behind this mode is unavailable. Retry in a moment.",
  queue_unavailable:
    "Streaming is unavailable. Retry, or submit with `Prefer: respond-async` and poll `GET /v1/runs/{id}`.",
  database_unavailable: "The database is unavailable. Retry in a moment.",
  auth_unavailable: "Access tokens cannot be verified at the moment. Retry in a moment.",
  streams_exhausted:
    "This server has as many open streams as it can serve. Retry in a moment, or poll `GET /v1/runs/{id}`.",
  draining: "This server is shutting down. Retry the request.",
  internal:
    "An internal error occurred. Retry; if it persists, report the id of the request or the run.",
} as const satisfies Partial<Record<ErrorCode, string>>;

export type DetailedErrorCode = keyof typeof ERROR_DETAILS;

/** For a code that another process chose. A code with several causes has no sentence of its own. */
export function errorDetailOf(code: ErrorCode): string {
  const details: Partial<Record<ErrorCode, string>> = ERROR_DETAILS;
  return details[code] ?? code;
}

/** The functions that this API replaces answer with exactly these titles. */
const SHOWN_AS_TITLE: ReadonlySet<ErrorCode> = new Set([
  "rate_limited",
  "queue_full",
  "too_many_streams",
  "payment_required",
]);

/** The member `error` of a response: the only one that existing screens show. */
export function shownErrorOf(code: ErrorCode, detail: string): string {
  const { status, title } = ERROR_CODES[code];
  if (SHOWN_AS_TITLE.has(code)) return title;
  return status === 401 ? `${title}. ${detail}` : detail;
}

/** For `draining` and an ended connection: the run continues without its reader. */
export function runContinuesDetail(runId: string): string {
  return `The run is still in progress. Its result will be available at /v1/runs/${runId}.`;
}
