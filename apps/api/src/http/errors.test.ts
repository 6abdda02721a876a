import { ERROR_CODES, isErrorCode } from "@cmo/shared/contract";
import { AppError } from "@cmo/shared/runtime";
import { describe, expect, test } from "vitest";
import { invalidRequest, toAppError, toProblem } from "./errors.ts";

/** Titles that requirements.md gives, and those that begin with the word which it gives. */
const SHOWN: Readonly<Record<string, string>> = {
  rate_limited: "Rate limits exceeded",
  queue_full: "Rate limits exceeded",
  too_many_streams: "Rate limits exceeded",
  payment_required: "Payment required",
  missing_token: "Unauthorized. What to do next.",
  project_key_sent_as_token: "Unauthorized. What to do next.",
  expired_token: "Unauthorized. What to do next.",
  invalid_token: "Unauthorized. What to do next.",
  invalid_ticket: "Unauthorized. What to do next.",
};

describe("problems", () => {
  test("every code has one shape, with the detail in the member that existing screens show", () => {
    for (const code of Object.keys(ERROR_CODES).filter(isErrorCode)) {
      const { status, title, retryable } = ERROR_CODES[code];
      expect(toProblem(new AppError(code, "What to do next."), "r")).toEqual({
        type: `urn:cmo-kernel:problem:${code}`,
        title,
        status,
        detail: "What to do next.",
        code,
        error: SHOWN[code] ?? "What to do next.",
        request_id: "r",
        retryable,
      });
    }
  });

  test("further members are included, and cannot replace standard ones", () => {
    const error = new AppError("workspace_required", "Name one.", {
      members: { workspaces: ["w"], status: 200 },
      retryAfterSeconds: 1.2,
      issues: [{ path: "a", message: "b" }],
    });
    expect(toProblem(error, "r")).toMatchObject({
      workspaces: ["w"],
      status: 400,
      retry_after: 2,
      issues: [{ path: "a", message: "b" }],
    });
  });

  test("of a thousand issues, the first fifty are reported", () => {
    const issues = Array.from({ length: 1000 }, (_, at) => ({ path: `a.${at}`, message: "b" }));
    const problem = toProblem(invalidRequest(issues), "r");
    expect(problem).toMatchObject({ detail: "a.0: b", issues: issues.slice(0, 50) });
    expect(problem.issues).toHaveLength(50);
  });

  test("names as long as a body are truncated", () => {
    const path = `${"x".repeat(100_000)}.y`;
    const problem = toProblem(invalidRequest([{ path, message: "b" }]), "r");
    expect(JSON.stringify(problem).length).toBeLessThan(1000);
  });

  test("an unexpected error reveals no internals", () => {
    for (const thrown of [new Error("password=hunter2"), "text", null, { code: "X" }]) {
      const error = toAppError(thrown);
      expect(error.code).toBe("internal");
      expect(error.cause).toBe(thrown);
      expect(JSON.stringify(toProblem(error, "r"))).not.toContain("hunter2");
    }
  });

  test("errors of the framework have codes of the table", () => {
    const tooLarge = Object.assign(new Error("x"), { code: "FST_ERR_CTP_BODY_TOO_LARGE" });
    expect(toAppError(tooLarge)).toMatchObject({ code: "body_too_large" });
    for (const code of ["FST_ERR_CTP_INVALID_TYPE", "ECONNRESET"]) {
      const refused = Object.assign(new Error("x"), { code, statusCode: 400 });
      expect(toAppError(refused)).toMatchObject({ code: "invalid_request" });
    }
    const lost = Object.assign(new Error("x"), { code: "ECONNRESET" });
    expect(toAppError(lost)).toMatchObject({ code: "internal" });
  });
});
