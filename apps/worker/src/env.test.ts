import { parseEnv } from "@cmo/shared/runtime";
import { describe, expect, test } from "vitest";
import { workerEnvSchema } from "./env.ts";

const needed = {
  SUPABASE_URL: "http://localhost:54321",
  SUPABASE_SECRET_KEY: "sb_secret_x",
  REDIS_URL: "redis://localhost",
  LOVABLE_API_KEY: "key",
};

test("the gateway and the model have the defaults of the Lovable gateway", () => {
  expect(parseEnv(workerEnvSchema, needed)).toMatchObject({
    AI_GATEWAY_URL: "https://ai.gateway.lovable.dev/v1",
    AI_MODEL: "google/gemini-2.5-flash",
    AI_MODEL_FALLBACKS: [],
    AI_GATEWAY_EXTRA_BODY: {},
  });
});

test("a worker works on 100 runs at a time, or on as many as it is told, up to 2000", () => {
  const parse = (count?: string) =>
    parseEnv(workerEnvSchema, { ...needed, WORKER_CONCURRENCY: count }).WORKER_CONCURRENCY;
  expect([parse(), parse("1"), parse("1000"), parse("2000")]).toEqual([100, 1, 1000, 2000]);
  for (const refused of ["0", "2001", "many"]) {
    expect(() => parse(refused)).toThrow(/WORKER_CONCURRENCY/);
  }
});

test("lists and objects are parsed from text", () => {
  const env = parseEnv(workerEnvSchema, {
    ...needed,
    AI_MODEL_FALLBACKS: "a/b, c/d,",
    AI_GATEWAY_EXTRA_BODY: '{"temperature":0.2}',
  });
  expect(env.AI_MODEL_FALLBACKS).toEqual(["a/b", "c/d"]);
  expect(env.AI_GATEWAY_EXTRA_BODY).toEqual({ temperature: 0.2 });
});

test("a worker claims for all tenants, or for those that it is told", () => {
  const parse = (list?: string) =>
    parseEnv(workerEnvSchema, { ...needed, WORKER_TENANTS: list }).WORKER_TENANTS;
  const ids = ["22222222-2222-4222-8222-222222222222", "33333333-3333-4333-8333-333333333333"];
  expect([parse(), parse(""), parse(ids.join(", "))]).toEqual([null, null, ids]);
  expect(() => parse("everybody")).toThrow(/WORKER_TENANTS/);
});

test.each(["[1]", "text", "1"])("an extra body of %s is refused", (body) => {
  expect(() => parseEnv(workerEnvSchema, { ...needed, AI_GATEWAY_EXTRA_BODY: body })).toThrow(
    /AI_GATEWAY_EXTRA_BODY: must be a JSON object/,
  );
});

describe("the gateway's address", () => {
  test.each([
    "https://gateway.test/v1/chat/completions",
    "https://gateway.test/v1/chat/completions/",
    "https://gateway.test/deployments/d/chat/completions?api-version=1",
  ])("%s is refused, with the fix", (url) => {
    expect(() => parseEnv(workerEnvSchema, { ...needed, AI_GATEWAY_URL: url })).toThrow(
      "AI_GATEWAY_URL: must end before /chat/completions, which is added to it: remove that part",
    );
  });

  test("is taken without its last slashes, and with its query", () => {
    const url = "https://gateway.test/v1?api-version=1";
    expect(parseEnv(workerEnvSchema, { ...needed, AI_GATEWAY_URL: url }).AI_GATEWAY_URL).toBe(url);
  });
});

describe("the gateway's key", () => {
  const { LOVABLE_API_KEY: _, ...keyless } = needed;

  test.each(["LOVABLE_API_KEY", "AI_GATEWAY_API_KEY"])("may be called %s", (name) => {
    expect(parseEnv(workerEnvSchema, { ...keyless, [name]: "k" })).toMatchObject({ [name]: "k" });
  });

  test("is required by Lovable's gateway, and reported with all other problems", () => {
    expect(() => parseEnv(workerEnvSchema, { ...keyless, REDIS_URL: "" })).toThrow(
      /REDIS_URL: is required\n {2}LOVABLE_API_KEY: is required/,
    );
    const AI_GATEWAY_URL = "https://ai.gateway.lovable.dev/v1/";
    expect(() => parseEnv(workerEnvSchema, { ...keyless, AI_GATEWAY_URL })).toThrow(
      "LOVABLE_API_KEY: is required",
    );
  });

  test("may be empty for a gateway that was chosen", () => {
    const AI_GATEWAY_URL = "http://127.0.0.1:11434/v1";
    const env = parseEnv(workerEnvSchema, { ...keyless, AI_GATEWAY_URL, LOVABLE_API_KEY: "" });
    expect(env.LOVABLE_API_KEY).toBeUndefined();
  });
});

describe("the gateway's headers", () => {
  test("are a JSON object", () => {
    const AI_GATEWAY_HEADERS = '{"x-portkey-provider":"openai","HTTP-Referer":"https://a.test"}';
    expect(parseEnv(workerEnvSchema, { ...needed, AI_GATEWAY_HEADERS })).toMatchObject({
      AI_GATEWAY_HEADERS: { "x-portkey-provider": "openai", "HTTP-Referer": "https://a.test" },
    });
  });

  test.each([
    "x-key: canary",
    '["canary"]',
    '{"x-key":1,"canary":"canary"}',
    '{"x key":"canary"}',
    '{"x-key":"canary\\r\\ninjected: 1"}',
    '{"x-key":"canary-é"}',
  ])("%j is refused without a value", (AI_GATEWAY_HEADERS) => {
    const parse = () => parseEnv(workerEnvSchema, { ...needed, AI_GATEWAY_HEADERS });
    expect(parse).toThrow("AI_GATEWAY_HEADERS: must be a JSON object of header names and values");
    expect(parse).not.toThrow("canary");
  });
});
