/** The guides of codes with which requests are refused. */
import type { ErrorGuides } from "./error-guide.ts";

export const ACCESS_GUIDES = {
  missing_token: { user: "Sign in; the program sends the session's token.", operator: null },
  project_key_sent_as_token: {
    user: "The program sends the session's token instead of the project's key.",
    operator: null,
  },
  expired_token: {
    user: "The program refreshes the session and sends the request again.",
    operator: "Check the clocks of the servers if it happens to new sessions.",
  },
  invalid_token: {
    user: "Sign in again.",
    operator:
      "If it happens to everybody, compare `SUPABASE_URL` and `SUPABASE_JWT_SECRET` with the project.",
  },
  invalid_ticket: {
    user: "Open the page again; the program asks for a new ticket after each connection.",
    operator: null,
  },
  workspace_forbidden: { user: "Choose one of your workspaces.", operator: null },
  role_forbidden: { user: "Ask an owner for the role `member`.", operator: null },
  tenant_mismatch: { user: "The program omits `tenant_id`.", operator: null },
  no_workspace: { user: "Create a workspace, or accept an invitation.", operator: null },
  sign_up_required: { user: "Sign up with an e-mail address.", operator: null },
  membership_forbidden: { user: "Ask an owner of the workspace to do it.", operator: null },
  workspace_limit: { user: "Use a workspace that exists.", operator: null },
  invitation_limit: { user: "Withdraw invitations that nobody accepts.", operator: null },
} as const satisfies Partial<ErrorGuides>;

export const REQUEST_GUIDES = {
  invalid_request: { user: "Correct what `issues` lists.", operator: null },
  malformed_json: {
    means:
      "The body is no JSON, is not UTF-8, is nested too deeply, or holds text that cannot be stored.",
    user: "The program sends valid JSON.",
    operator: null,
  },
  unknown_mode: { user: "Use one of the six modes.", operator: null },
  workspace_required: { user: "Choose a workspace; `workspaces` lists yours.", operator: null },
  invalid_cursor: { user: "The program reads the stream from its start.", operator: null },
  invalid_idempotency_key: { user: "The program sends another key.", operator: null },
  run_not_found: { user: "Check the id, and who is signed in.", operator: null },
  pipeline_not_found: { user: "Check the id, and who is signed in.", operator: null },
  member_not_found: { user: "List the members again.", operator: null },
  invitation_not_found: {
    user: "Confirm your e-mail address, or ask for another invitation.",
    operator: null,
  },
  row_not_found: { user: "List the rows again.", operator: null },
  version_not_found: { user: "List the versions again.", operator: null },
  route_not_found: {
    means: "No route exists at this path.",
    user: "Look the route up at `/docs`.",
    operator: "For another function of the project, set `FUNCTIONS_UPSTREAM_URL`.",
  },
  method_not_allowed: {
    means: "The route exists and takes other methods: those of the header `Allow`.",
    user: "The program uses one of them.",
    operator: null,
  },
  not_acceptable: { user: "The program accepts `text/event-stream`.", operator: null },
  request_timeout: {
    user: "Send it again over a better connection.",
    operator: "If it happens often, check the proxy in front of the API.",
  },
  run_not_finished: { user: "Wait for its end, or cancel it.", operator: null },
  retry_in_flight: { user: "Follow the run that `run_id` names.", operator: null },
  id_taken: { user: "Send the request again.", operator: null },
  last_owner: { user: "Make another member an owner first.", operator: null },
  status_refused: { user: "Take the next status in the order.", operator: null },
  version_refused: { user: "Choose a version of a parent that exists.", operator: null },
  body_too_large: { user: "Send less.", operator: null },
  input_too_large: { user: "Shorten the payload.", operator: null },
  unsupported_media_type: {
    means: "The body has another content type or encoding than the route reads.",
    user: "The program sends `application/json` without compression.",
    operator: null,
  },
  idempotency_mismatch: {
    user: "The program makes a new key for each new request.",
    operator: null,
  },
  headers_too_large: {
    user: "Send fewer or shorter headers.",
    operator: "Check what the proxy in front of the API adds.",
  },
} as const satisfies Partial<ErrorGuides>;

export const LIMIT_GUIDES = {
  rate_limited: {
    means:
      "The tenant or the user has submitted as many runs as the limit of a minute, an hour or a day allows; or, as the failure of a run, the AI gateway limits requests.",
    user: "Wait as long as `Retry-After` says.",
    operator:
      "Raise the limits in `private.tenant_limits`; against a gateway's limit use a lower `WORKER_CONCURRENCY` or buy a higher one.",
  },
  queue_full: {
    user: "Wait until one of your runs has started.",
    operator: "Start more workers, or raise the limit in `private.tenant_limits`.",
  },
  too_many_streams: {
    user: "Close tabs that show a run.",
    operator: "Raise the limit in `private.tenant_limits`.",
  },
} as const satisfies Partial<ErrorGuides>;
