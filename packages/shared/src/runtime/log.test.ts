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
      env: { LOVABLE_API_KEY: "canary" },
    }),
  );
  expect(text).not.toContain("canary");
});
