import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import type { StackParts } from "../stack/stack-options.ts";
import { formatWelcome } from "./welcome.ts";

const parts: StackParts = {
  environment: {},
  supabaseUrl: "http://127.0.0.1:1",
  publishableKey: "sb_publishable_1",
  secretKey: "sb_secret_1",
  jwtSecret: "jwt-secret",
  databaseUrl: "postgres://postgres:password@127.0.0.1:2/postgres",
  redisUrl: "redis://127.0.0.1:3",
  gatewayUrl: "http://127.0.0.1:4/v1",
  isDemoGateway: true,
  apiUrls: ["http://127.0.0.1:5"],
};

const text = formatWelcome({ parts, logsFolder: ".local/logs", startedInMs: 1_449 });

test("the welcome shows where things are, and no secret", () => {
  for (const shown of ["1.4 s", parts.supabaseUrl, `${parts.apiUrls[0]}/docs`, "demo: scripted"]) {
    expect(text).toContain(shown);
  }
  for (const secret of ["sb_secret_1", "jwt-secret", "postgres:password"]) {
    expect(text).not.toContain(secret);
  }
});

test("its commands keep the token and the run's id when they are pasted into a shell", () => {
  const [keepToken = "", keepRun = ""] = text.match(/sed -E '[^']+'/g) ?? [];
  const extract = (command: string, json: unknown): string =>
    execFileSync("sh", ["-c", command], { input: JSON.stringify(json), encoding: "utf8" });
  expect(extract(keepToken, { access_token: "a.b-c_d", token_type: "bearer" })).toBe("a.b-c_d");
  expect(extract(keepRun, { id: "run-1", tenant_id: "t", input: {} })).toBe("run-1");
});
