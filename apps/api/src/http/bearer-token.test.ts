import { describe, expect, test } from "vitest";
import { findBearerToken } from "./bearer-token.ts";

describe("the bearer token", () => {
  test("is found in any case, without its scheme", () => {
    expect(findBearerToken(["Host", "x", "AUTHORIZATION", "bearer  a.b.c "])).toBe("a.b.c");
  });

  test.each([[[]], [["Authorization", ""]], [["Authorization", "Basic eDp5"]]])(
    "is missing in %j",
    (headers) => {
      expect(() => findBearerToken(headers)).toThrow(
        expect.objectContaining({ code: "missing_token" }),
      );
    },
  );

  test("is not read from two headers, nor from a value that equals the header name", () => {
    const two = ["authorization", "Bearer a", "Authorization", "Bearer b"];
    expect(() => findBearerToken(two)).toThrow(expect.objectContaining({ code: "invalid_token" }));
    expect(() => findBearerToken(["x", "authorization", "y", "Bearer a"])).toThrow(
      expect.objectContaining({ code: "missing_token" }),
    );
  });
});
