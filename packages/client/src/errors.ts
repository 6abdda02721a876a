/** What the API or the way to it refuses. Its message is the sentence for the user. */

export interface CmoErrorFields {
  /** A code of the API's table, or `network` when no answer arrived. */
  readonly code: string;
  /** The HTTP status; 0 when no answer arrived. */
  readonly status: number;
  /** Whether the same request may succeed later. */
  readonly retryable: boolean;
  readonly requestId: string | null;
  /** Seconds. */
  readonly retryAfter: number | null;
  readonly runId: string | null;
  readonly issues: readonly { readonly path: string; readonly message: string }[];
}

export class CmoError extends Error implements CmoErrorFields {
  override readonly name = "CmoError";
  readonly code: string;
  readonly status: number;
  readonly retryable: boolean;
  readonly requestId: string | null;
  readonly retryAfter: number | null;
  readonly runId: string | null;
  readonly issues: CmoErrorFields["issues"];

  constructor(message: string, fields: Partial<CmoErrorFields> & Pick<CmoErrorFields, "code">) {
    super(message);
    this.code = fields.code;
    this.status = fields.status ?? 0;
    this.retryable = fields.retryable ?? false;
    this.requestId = fields.requestId ?? null;
    this.retryAfter = fields.retryAfter ?? null;
    this.runId = fields.runId ?? null;
    this.issues = fields.issues ?? [];
  }
}

type Members = Readonly<Record<string, unknown>>;

function isMembers(value: unknown): value is Members {
  return typeof value === "object" && value !== null;
}

const textOr = (value: unknown, other: string | null) =>
  typeof value === "string" ? value : other;

/** From the problem that the API sent, or from whatever a proxy sent in its place. */
export async function errorOf(response: Response): Promise<CmoError> {
  const body: unknown = await response.json().catch(() => null);
  const problem = isMembers(body) ? body : {};
  const seconds = Number(
    response.headers.get("retry-after") ?? problem["retry_after"] ?? Number.NaN,
  );
  const message =
    textOr(problem["detail"], null) ??
    textOr(problem["error"], null) ??
    `The service answered with the status ${response.status}. Try again in a moment.`;
  return new CmoError(message, {
    code: textOr(problem["code"], null) ?? "unexpected_answer",
    status: response.status,
    retryable: problem["retryable"] === true || (!("code" in problem) && response.status >= 500),
    requestId: textOr(problem["request_id"], response.headers.get("x-request-id")),
    retryAfter: Number.isFinite(seconds) ? seconds : null,
    runId: textOr(problem["run_id"], response.headers.get("x-run-id")),
    issues: Array.isArray(problem["issues"]) ? problem["issues"].flatMap(toIssue) : [],
  });
}

function toIssue(value: unknown): CmoErrorFields["issues"] {
  if (!isMembers(value)) return [];
  return [{ path: String(value["path"] ?? ""), message: String(value["message"] ?? "") }];
}

export function networkError(cause: unknown): CmoError {
  const error = new CmoError(
    "The service could not be reached. Check the connection and try again.",
    { code: "network", retryable: true },
  );
  error.cause = cause;
  return error;
}
