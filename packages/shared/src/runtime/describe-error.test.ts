import { describe, expect, test } from "vitest";
import { describeError, toErrorFields } from "./describe-error.ts";

function withGetter(member: string): Error {
  return Object.defineProperty(new Error("hidden"), member, {
    get() {
      throw new Error("The getter threw");
    },
  });
}

const refusing: object = new Proxy(new Error("hidden"), {
  get() {
    throw new Error("The proxy refused");
  },
  getPrototypeOf() {
    throw new Error("The proxy refused");
  },
});

const circular = new Error("circular");
circular.cause = new Error("inner", { cause: circular });

const MEGABYTE = "x".repeat(1_000_000);

const HOSTILE: [string, unknown][] = [
  ["an object without a prototype", Object.create(null)],
  ["an error whose message getter throws", withGetter("message")],
  ["an error whose stack getter throws", withGetter("stack")],
  ["an error whose cause getter throws", withGetter("cause")],
  ["a proxy that refuses every question", refusing],
  ["a value whose conversion throws", { toString: null, valueOf: null }],
  ["a string of 1 MB", MEGABYTE],
  ["an error with a message of 1 MB", new Error(MEGABYTE)],
  ["an error with a code of 1 MB", Object.assign(new Error("x"), { code: MEGABYTE })],
  ["an error with a circular cause", circular],
  ["an error whose message is not text", Object.assign(new Error("x"), { message: { a: 1 } })],
  ["a symbol", Symbol("thrown")],
  ["nothing", undefined],
];

describe("a hostile value", () => {
  test.each(HOSTILE)("%s has a bounded description", (_, thrown) => {
    expect(describeError(thrown)).toMatch(/./);
    expect(describeError(thrown).length).toBeLessThanOrEqual(2000);
  });

  test.each(HOSTILE)("%s has bounded fields", (_, thrown) => {
    expect(JSON.stringify(toErrorFields(thrown)).length).toBeLessThan(40_000);
  });
});

test("an error is described by its message, and any other value by its text", () => {
  expect(describeError(new TypeError("It failed"))).toBe("It failed");
  expect(describeError("It failed")).toBe("It failed");
  expect(describeError({ message: "It failed" })).toBe("It failed");
  expect(describeError(null)).toBe("null");
});

test("text that Postgres cannot store is replaced", () => {
  expect(describeError(new Error("a\0b\ud800"))).toBe("a\ufffdb\ufffd");
});

test("a long message leaves the calls of the stack in place", () => {
  const { stack } = toErrorFields(new Error(MEGABYTE));
  expect(stack).toContain("\n    at ");
  expect(stack?.length).toBeLessThanOrEqual(6000);
});
