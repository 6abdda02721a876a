import { describe, expect, test } from "vitest";
import { findBearerToken } from "./bearer-token.ts";

describe("the bearer token", () => {
  test("is found whatever the case, and alone", () => {
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

  test("is not guessed from two headers, nor from one's value that names the header", () => {
    const two = ["authorization", "Bearer a", "Authorization", "Bearer b"];
    expect(() => findBearerToken(two)).toThrow(expect.objectContaining({ code: "invalid_token" }));
    expect(() => findBearerToken(["x", "authorization", "y", "Bearer a"])).toThrow(
      expect.objectContaining({ code: "missing_token" }),
    );
  });
});
