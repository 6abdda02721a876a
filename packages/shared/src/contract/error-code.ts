/**
 * All expected errors: the HTTP status, a title of few words, and whether the same request may be
 * retried.
 */
import { z } from "zod";

interface ErrorKind {
  readonly status: number;
  readonly title: string;
  readonly retryable: boolean;
}

const kind = (status: number, title: string, retryable = false): ErrorKind => ({
  status,
  title,
  retryable,
});

export const ERROR_CODES = {
  // Authentication and access.
  missing_token: kind(401, "Unauthorized"),
  project_key_sent_as_token: kind(401, "Unauthorized"),
  expired_token: kind(401, "Unauthorized"),
  invalid_token: kind(401, "Unauthorized"),
  invalid_ticket: kind(401, "Unauthorized"),
  workspace_forbidden: kind(403, "Forbidden"),
  role_forbidden: kind(403, "Forbidden"),
  tenant_mismatch: kind(403, "Forbidden"),
  no_workspace: kind(403, "No workspace yet"),
  sign_up_required: kind(403, "Sign up first"),
  membership_forbidden: kind(403, "Forbidden"),
  workspace_limit: kind(403, "Too many workspaces"),
  invitation_limit: kind(403, "Too many invitations"),

  // The request.
  invalid_request: kind(400, "Invalid request"),
  malformed_json: kind(400, "Malformed JSON"),
  unknown_mode: kind(400, "Unknown mode"),
  workspace_required: kind(400, "Workspace required"),
  invalid_cursor: kind(400, "Invalid cursor"),
  invalid_idempotency_key: kind(400, "Invalid idempotency key"),
  run_not_found: kind(404, "Run not found"),
  pipeline_not_found: kind(404, "Pipeline not found"),
  member_not_found: kind(404, "Member not found"),
  invitation_not_found: kind(404, "Invitation not found"),
  row_not_found: kind(404, "Row not found"),
  version_not_found: kind(404, "Version not found"),
  route_not_found: kind(404, "Not found"),
  method_not_allowed: kind(405, "Method not allowed"),
  not_acceptable: kind(406, "Not acceptable"),
  request_timeout: kind(408, "Request timeout", true),
  run_not_finished: kind(409, "Run not finished"),
  retry_in_flight: kind(409, "Already being retried"),
  id_taken: kind(409, "Id already exists"),
  last_owner: kind(409, "The workspace needs an owner"),
  status_refused: kind(409, "Status not possible"),
  version_refused: kind(409, "Version not possible"),
  body_too_large: kind(413, "Body too large"),
  input_too_large: kind(413, "Input too large"),
  unsupported_media_type: kind(415, "Unsupported media type"),
  idempotency_mismatch: kind(422, "Idempotency key reused"),
  headers_too_large: kind(431, "Headers too large"),

  // Limits. Existing screens know every refusal for a limit under the title of `rate_limited`.
  queue_full: kind(429, "Rate limits exceeded", true),
  too_many_streams: kind(429, "Rate limits exceeded", true),

  // Failures of a run.
  invalid_input: kind(400, "Invalid input"),
  payment_required: kind(402, "Payment required"),
  budget_exceeded: kind(402, "Budget exceeded", true),
  rate_limited: kind(429, "Rate limits exceeded", true),
  run_cancelled: kind(409, "Run cancelled", true),
  gateway_error: kind(500, "The AI service failed", true),
  gateway_timeout: kind(504, "The AI service did not answer", true),
  gateway_refused: kind(500, "The AI service refused the request"),
  incomplete_stream: kind(500, "The AI service stopped mid-answer", true),
  invalid_output: kind(500, "The answer could not be used", true),
  unsafe_output: kind(500, "The answer was withheld"),
  artifacts_rejected: kind(500, "The result could not be saved", true),
  worker_lost: kind(503, "The run was interrupted", true),
  expired: kind(503, "The run waited too long", true),
  deadline_exceeded: kind(504, "The run took too long", true),

  // Outages.
  upstream_unavailable: kind(502, "Temporarily unavailable", true),
  queue_unavailable: kind(503, "Temporarily unavailable", true),
  database_unavailable: kind(503, "Temporarily unavailable", true),
  auth_unavailable: kind(503, "Temporarily unavailable", true),
  draining: kind(503, "Temporarily unavailable", true),
  streams_exhausted: kind(503, "Temporarily unavailable", true),
  internal: kind(500, "Internal error", true),
} as const satisfies Record<string, ErrorKind>;

export type ErrorCode = keyof typeof ERROR_CODES;

export function isErrorCode(value: string): value is ErrorCode {
  return Object.hasOwn(ERROR_CODES, value);
}

export const errorCodeSchema = z
  .enum(Object.keys(ERROR_CODES).filter(isErrorCode))
  .meta({ id: "ErrorCode", description: "docs/errors.md explains each code." });
