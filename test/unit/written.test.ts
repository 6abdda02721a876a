import { expect, test } from "vitest";
import { newWritten } from "../security/written.ts";

const secret = "sb_secret_a+b/c=1234567890";

test.each([
  ["as it is", `key=${secret};`],
  ["in an address", `redis://user:${encodeURIComponent(secret)}@host`],
  ["in base64", Buffer.from(secret).toString("base64")],
  ["in the middle of what is in base64", Buffer.from(`Basic ${secret}:x`).toString("base64")],
  ["a byte further", Buffer.from(`Basic! ${secret}:x`).toString("base64")],
  ["two bytes further", Buffer.from(`Basic!! ${secret}:x`).toString("base64")],
])("a secret is found %s, and where", (_, text) => {
  const written = newWritten();
  written.add("log", "nothing");
  written.add("redis", text);
  expect(written.find({ key: secret, other: "another" })).toEqual([
    { secret: "key", place: "redis" },
  ]);
});
