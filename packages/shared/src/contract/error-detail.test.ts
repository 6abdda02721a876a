import { expect, test } from "vitest";
import { isErrorCode } from "./error-code.ts";
import { ERROR_DETAILS, errorDetailOf } from "./error-detail.ts";

test("every detail belongs to a code and consists of sentences", () => {
  for (const [code, detail] of Object.entries(ERROR_DETAILS)) {
    expect(isErrorCode(code), code).toBe(true);
    expect(detail, code).toMatch(/^[A-Z`].*\.$/);
  }
});

test("a code with several causes has no detail of its own, and is shown as it is", () => {
  expect(errorDetailOf("run_not_found")).toBe(ERROR_DETAILS.run_not_found);
  expect(errorDetailOf("malformed_json")).toBe("malformed_json");
});
