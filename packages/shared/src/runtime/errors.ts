/**
 * Expected errors carry a code of the error table. Any other error is a bug, and becomes `internal`
 * where it leaves the process.
 */
import {
  type DetailedErrorCode,
  ERROR_CODES,
  ERROR_DETAILS,
  type ErrorCode,
} from "../contract/index.ts";

export interface AppErrorOptions {
  readonly cause?: unknown;
  readonly retryAfterSeconds?: number;
  readonly issues?: readonly { path: string; message: string }[];
  /** Additional members of the problem, such as the workspaces of the caller. */
  readonly members?: Readonly<Record<string, unknown>>;
}

export class AppError extends Error {
  readonly code: ErrorCode;
  readonly retryAfterSeconds: number | undefined;
  readonly issues: AppErrorOptions["issues"];
  readonly members: Readonly<Record<string, unknown>>;

  /** `detail` is shown to callers. It says what happened and what to do next. */
  constructor(code: ErrorCode, detail: string, options: AppErrorOptions = {}) {
    super(detail, "cause" in options ? { cause: options.cause } : {});
    this.name = "AppError";
    this.code = code;
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.issues = options.issues;
    this.members = options.members ?? {};
  }

  get status(): number {
    return ERROR_CODES[this.code].status;
  }
}

/** False for a value that refuses the question, such as a proxy. */
export function isAppError(error: unknown): error is AppError {
  try {
    return error instanceof AppError;
  } catch {
    return false;
  }
}

/** An error whose code has one cause: the detail is the one of the table. */
export function expectedError(code: DetailedErrorCode, options?: AppErrorOptions): AppError {
  return new AppError(code, ERROR_DETAILS[code], options);
}

/** Marks a branch that the types make unreachable. */
export function assertNever(value: never): never {
  throw new Error(`Unexpected value: ${JSON.stringify(value)}`);
}
