import { parseEnv } from "@cmo/shared/runtime";
import { expect, test } from "vitest";
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

test("lists and objects are parsed from text", () => {
  const env = parseEnv(workerEnvSchema, {
    ...needed,
    AI_MODEL_FALLBACKS: "a/b, c/d,",
    AI_GATEWAY_EXTRA_BODY: '{"temperature":0.2}',
  });
  expect(env.AI_MODEL_FALLBACKS).toEqual(["a/b", "c/d"]);
  expect(env.AI_GATEWAY_EXTRA_BODY).toEqual({ temperature: 0.2 });
});

test.each(["[1]", "text", "1"])("an extra body of %s is refused", (body) => {
  expect(() => parseEnv(workerEnvSchema, { ...needed, AI_GATEWAY_EXTRA_BODY: body })).toThrow(
    /AI_GATEWAY_EXTRA_BODY: must be a JSON object/,
  );
});
