import { parseEnv } from "@cmo/shared/runtime";
import { describe, expect, test } from "vitest";
import { apiEnvSchema } from "./env.ts";

const needed = {
  SUPABASE_URL: "http://127.0.0.1:54321/",
  SUPABASE_PUBLISHABLE_KEY: "sb_publishable_x",
  REDIS_URL: "redis://127.0.0.1:6379",
};

describe("the environment", () => {
  test("three variables are required", () => {
    expect(parseEnv(apiEnvSchema, needed)).toMatchObject({
      PORT: 8787,
      SUPABASE_URL: "http://127.0.0.1:54321",
      CORS_ORIGINS: ["*"],
      TRUST_PROXY: false,
      DEFER_STATUS_MS: 20_000,
    });
  });

  test("lists are split, and proxies may be trusted by address", () => {
    const env = parseEnv(apiEnvSchema, {
      ...needed,
      CORS_ORIGINS: "https://a.example, https://b.example",
      TRUST_PROXY: "10.0.0.0/8",
    });
    expect(env.CORS_ORIGINS).toEqual(["https://a.example", "https://b.example"]);
    expect(env.TRUST_PROXY).toEqual(["10.0.0.0/8"]);
  });

  test.each([
    ["TRUST_PROXY", ["true", "proxy", "10.0.0.0/33", "10.0.0.0/8/8", "10.0.0.0/", "::1/129"]],
    ["CORS_ORIGINS", ["app.example.com", "https://a.example/", "https://a.example/app", "null"]],
    ["TOKEN_MEMORY_MS", ["30001", "0"]],
    ["STREAM_MAX_MS", ["2147483648"]],
  ])("a %s that would not do what it seems to is refused", (name, values) => {
    for (const value of values) {
      expect(() => parseEnv(apiEnvSchema, { ...needed, [name]: value })).toThrow(`${name}: `);
    }
  });

  test("all missing variables are reported at once", () => {
    expect(() => parseEnv(apiEnvSchema, {})).toThrow(
      /SUPABASE_URL[\s\S]*SUPABASE_PUBLISHABLE_KEY[\s\S]*REDIS_URL/,
    );
  });
});
