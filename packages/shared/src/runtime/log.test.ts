import { expect, test } from "vitest";
import { createLog } from "./log.ts";

function record(write: (log: ReturnType<typeof createLog>) => void): string {
  const lines: string[] = [];
  const destination = { write: (line: string) => void lines.push(line) };
  write(createLog({ level: "trace", app: "test", destination }));
  return lines.join("");
}

test("an error is logged with its name, code, message, stack and causes, and nothing else", () => {
  const cause = Object.assign(new Error("refused"), {
    code: "ECONNREFUSED",
    config: { headers: { Authorization: "Bearer canary" } },
  });
  const error = Object.assign(new Error("away", { cause }), { body: "canary" });
  const text = record((log) => log.error({ error }, "Something failed"));
  expect(text).toContain("ECONNREFUSED");
  expect(text).toContain("refused");
  expect(text).not.toContain("canary");
});

test("fields that hold secrets are redacted at the top level and one level below", () => {
  const text = record((log) =>
    log.info({
      token: "canary",
      headers: { authorization: "canary" },
      env: {
        LOVABLE_API_KEY: "canary",
        AI_GATEWAY_API_KEY: "canary",
        AI_GATEWAY_HEADERS: { "x-key": "canary" },
      },
    }),
  );
  expect(text).not.toContain("canary");
});

const LINE_MAX = 32_768;
const MEGABYTE = "x".repeat(1_000_000);

const deep: Record<string, unknown> = {};
deep["list"] = Array.from({ length: 1000 }, () => ({ text: MEGABYTE.slice(0, 1000) }));

test.each([
  ["an error's message", { error: new Error(MEGABYTE) }],
  ["an error that is a text", { error: MEGABYTE }],
  ["a field", { detail: MEGABYTE }],
  ["a nested field", { request: { body: { text: MEGABYTE } } }],
  ["a long list", deep],
  ["many fields", Object.fromEntries(Array.from({ length: 5000 }, (_, n) => [`f${n}`, "value"]))],
  ["control characters", { a: "\u0001".repeat(200_000), b: "\u0001".repeat(200_000) }],
])("a line is bounded and keeps its level and message: %s", (_, fields) => {
  const line = record((log) => log.warn(fields, "Something failed"));
  expect(line.length).toBeLessThanOrEqual(LINE_MAX);
  expect(JSON.parse(line)).toMatchObject({
    level: "warn",
    app: "test",
    msg: expect.stringMatching(/^Something failed/),
  });
});

test("a line with a message of 1 MB is bounded", () => {
  const line = record((log) => log.warn(MEGABYTE));
  expect(JSON.parse(line)).toMatchObject({ level: "warn", truncated: true });
  expect(line.length).toBeLessThanOrEqual(LINE_MAX);
});

test.each([
  ["an object without a prototype", Object.create(null)],
  [
    "an error whose message getter throws",
    Object.defineProperty(new Error("hidden"), "message", {
      get() {
        throw new Error("The getter threw");
      },
    }),
  ],
])("%s is logged and does not throw", (_, error) => {
  expect(record((log) => log.error({ error }, "Something failed"))).toContain("Something failed");
});
