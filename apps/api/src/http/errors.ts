/** Converts every error into a problem response (RFC 9457). All errors of the API are sent here. */
import { ERROR_CODES, ERROR_DETAILS, type Problem, shownErrorOf } from "@cmo/shared/contract";
import { AppError, expectedError } from "@cmo/shared/runtime";
import type { FastifyError, FastifyReply, FastifyRequest } from "fastify";
import { hasZodFastifySchemaValidationErrors } from "fastify-type-provider-zod";
import { ISSUES_SHOWN, PATH_SHOWN } from "../policy.ts";
import type { App } from "./app-instance.ts";
import { setRefusedLimit } from "./rate-limit-headers.ts";

/** The errors of Fastify that have a code and a detail of their own. */
function toFrameworkError(code: string, cause: Error): AppError | null {
  switch (code) {
    case "FST_ERR_CTP_BODY_TOO_LARGE":
      return expectedError("body_too_large", { cause });
    case "FST_ERR_CTP_INVALID_MEDIA_TYPE":
      return new AppError("unsupported_media_type", "Send the body as `application/json`.", {
        cause,
      });
    case "FST_ERR_CTP_INVALID_CONTENT_LENGTH":
      return new AppError("invalid_request", "`Content-Length` does not match the body.", {
        cause,
      });
    case "FST_ERR_BAD_URL":
      return new AppError("invalid_request", "The URL is invalid.", { cause });
    case "FST_ERR_MAX_PARAM_LENGTH":
      return new AppError("route_not_found", "No route exists at this path.", { cause });
    default:
      return null;
  }
}

export function registerErrors(app: App): void {
  app.setErrorHandler((error, request, reply) => sendProblem(error, request, reply));
}

/** `members` are added to the problem, for routes with further members in their errors. */
export function sendProblem(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  members: Readonly<Record<string, unknown>> = {},
): FastifyReply {
  const expected = toAppError(error);
  if (ERROR_CODES[expected.code].status >= 500) {
    const level = expected.code === "internal" ? "error" : "warn";
    request.log[level](
      { error: expected.cause ?? expected, code: expected.code },
      "Request failed",
    );
  }
  const problem = toProblem(expected, request.id);
  if (problem.retry_after !== undefined) reply.header("retry-after", problem.retry_after);
  setRefusedLimit(reply, expected.members);
  if (problem.status === 401) reply.header("www-authenticate", challengeOf(expected));
  return reply
    .code(problem.status)
    .type("application/problem+json")
    .send({ ...problem, ...members });
}

export function toProblem(error: AppError, requestId: string): Problem {
  const { status, title, retryable } = ERROR_CODES[error.code];
  const own = {
    type: `urn:cmo-kernel:problem:${error.code}`,
    title,
    status,
    detail: error.message,
    code: error.code,
    error: shownErrorOf(error.code, error.message),
    request_id: requestId,
    retryable,
    ...(error.retryAfterSeconds === undefined
      ? {}
      : { retry_after: Math.ceil(error.retryAfterSeconds) }),
    ...(error.issues ? { issues: [...error.issues] } : {}),
  };
  // The standard members come first, and override further ones.
  return { ...own, ...error.members, ...own };
}

/** Keeps expected errors and translates those of the framework. Any other error is a bug. */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  if (hasZodFastifySchemaValidationErrors(error)) {
    return invalidRequest(
      error.validation.flatMap(({ instancePath, message, params }) =>
        toIssues({ path: instancePath.split("/").filter(Boolean), message, keys: params["keys"] }),
      ),
    );
  }
  const known = isFastifyError(error) ? toFrameworkError(error.code, error) : null;
  if (known) return known;
  if (isRefusal(error)) {
    return new AppError("invalid_request", "The request could not be read.", { cause: error });
  }
  // guards G20, G21: bugs
  return expectedError("internal", { cause: error });
}

export function invalidRequest(issues: readonly { path: string; message: string }[]): AppError {
  const [first] = issues;
  const where = first?.path ? `${first.path.slice(0, PATH_SHOWN)}: ` : "";
  return new AppError(
    "invalid_request",
    `${where}${first?.message ?? ERROR_DETAILS.invalid_request}`,
    {
      issues: issues.slice(0, ISSUES_SHOWN).map(({ path, message }) => ({
        // Paths consist of names that the caller chose, of any length.
        path: path.slice(0, PATH_SHOWN),
        message,
      })),
    },
  );
}

/** Unknown members become one issue each, with their own path. */
export function toIssues(issue: {
  readonly path: readonly PropertyKey[];
  readonly message?: string | undefined;
  readonly keys?: unknown;
}): { path: string; message: string }[] {
  if (!Array.isArray(issue.keys)) {
    return [{ path: issue.path.join("."), message: issue.message ?? "Is invalid" }];
  }
  return issue.keys.map((key) => ({
    path: [...issue.path, String(key)].join("."),
    message: "Is not a known member",
  }));
}

function challengeOf(error: AppError): string {
  // RFC 6750: without a token, the challenge contains no error.
  if (error.code === "missing_token") return "Bearer";
  return `Bearer error="invalid_token", error_description="${error.code}"`;
}

/** Other client errors of the framework, and requests that were aborted by their sender. */
function isRefusal(error: unknown): boolean {
  if (!isFastifyError(error)) return false;
  const { statusCode = 500, code } = error;
  const isKnown = code.startsWith("FST_ERR_") || code === "ECONNRESET";
  return isKnown && statusCode >= 400 && statusCode < 500;
}

function isFastifyError(error: unknown): error is FastifyError {
  return error instanceof Error && "code" in error && typeof error.code === "string";
}
