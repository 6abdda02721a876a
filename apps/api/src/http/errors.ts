/** The one place where errors leave the API, all in one shape. */
import { ERROR_CODES, type ErrorCode, type Problem } from "@cmo/shared/contract";
import { AppError } from "@cmo/shared/runtime";
import type { FastifyError, FastifyReply, FastifyRequest } from "fastify";
import { hasZodFastifySchemaValidationErrors } from "fastify-type-provider-zod";
import { ISSUES_SHOWN, PATH_SHOWN } from "../policy.ts";
import type { App } from "./app-instance.ts";

/** What Fastify itself refuses, in our words. */
const FRAMEWORK_ERRORS: ReadonlyMap<string, readonly [code: ErrorCode, detail: string]> = new Map([
  ["FST_ERR_CTP_BODY_TOO_LARGE", ["body_too_large", "The body may have at most 256 KiB."]],
  ["FST_ERR_CTP_INVALID_MEDIA_TYPE", ["unsupported_media_type", "Send application/json."]],
  ["FST_ERR_CTP_INVALID_CONTENT_LENGTH", ["invalid_request", "Content-Length does not match."]],
  ["FST_ERR_BAD_URL", ["invalid_request", "The address is not a valid URL."]],
  ["FST_ERR_MAX_PARAM_LENGTH", ["route_not_found", "There is nothing at this address."]],
]);

export function registerErrors(app: App): void {
  app.setErrorHandler((error, request, reply) => sendProblem(error, request, reply));
}

/** `members` join the problem's own, for routes that promise more than the problem. */
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
  if (problem.status === 401) reply.header("www-authenticate", challengeOf(expected));
  return reply
    .code(problem.status)
    .type("application/problem+json")
    .send({ ...problem, ...members });
}

export function toProblem(error: AppError, requestId: string): Problem {
  const { status, error: sentence, retryable } = ERROR_CODES[error.code];
  const own = {
    type: `urn:cmo-kernel:problem:${error.code}`,
    title: sentence,
    status,
    detail: error.message,
    code: error.code,
    error: sentence,
    request_id: requestId,
    retryable,
    ...(error.retryAfterSeconds === undefined
      ? {}
      : { retry_after: Math.ceil(error.retryAfterSeconds) }),
    ...(error.issues ? { issues: [...error.issues] } : {}),
  };
  // Own members come first, and have the last word.
  return { ...own, ...error.members, ...own };
}

/** Expected errors as they are, the framework's in our words; anything else is a bug of ours. */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  if (hasZodFastifySchemaValidationErrors(error)) {
    return invalidRequest(
      error.validation.flatMap(({ instancePath, message, params }) =>
        toIssues({ path: instancePath.split("/").filter(Boolean), message, keys: params["keys"] }),
      ),
    );
  }
  const known = isFastifyError(error) ? FRAMEWORK_ERRORS.get(error.code) : undefined;
  if (known) return new AppError(known[0], known[1], { cause: error });
  if (isRefusal(error)) {
    return new AppError("invalid_request", "The request cannot be read.", { cause: error });
  }
  return new AppError(
    "internal",
    // guards G20, G21: bugs
    "Something went wrong on our side. Try again; if it stays, report the request id.",
    { cause: error },
  );
}

export function invalidRequest(issues: readonly { path: string; message: string }[]): AppError {
  const [first] = issues;
  const where = first?.path ? `${first.path.slice(0, PATH_SHOWN)}: ` : "";
  return new AppError("invalid_request", `${where}${first?.message ?? "The request is invalid"}`, {
    issues: issues.slice(0, ISSUES_SHOWN).map(({ path, message }) => ({
      // Paths are made of the caller's own names, which are as long as they like.
      path: path.slice(0, PATH_SHOWN),
      message,
    })),
  });
}

/** Members that are not known are named, each with the path at which it stands. */
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
  // RFC 6750: who sent no token is told only that one is needed.
  if (error.code === "missing_token") return "Bearer";
  return `Bearer error="invalid_token", error_description="${error.code}"`;
}

/** Other refusals of the framework's, and bodies whose sender left in the midst of them. */
function isRefusal(error: unknown): boolean {
  if (!isFastifyError(error)) return false;
  const { statusCode = 500, code } = error;
  const isKnown = code.startsWith("FST_ERR_") || code === "ECONNRESET";
  return isKnown && statusCode >= 400 && statusCode < 500;
}

function isFastifyError(error: unknown): error is FastifyError {
  return error instanceof Error && "code" in error && typeof error.code === "string";
}
