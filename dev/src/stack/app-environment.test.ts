import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import {
  APP_NODE_OPTIONS,
  toApiEnvironment,
  toGatewayEnvironment,
  toWorkerEnvironment,
} from "./app-environment.ts";

const settings = {
  stack: {
    SUPABASE_URL: "http://127.0.0.1:1",
    SUPABASE_PUBLISHABLE_KEY: "sb_publishable_1",
    SUPABASE_SECRET_KEY: "sb_secret_1",
    SUPABASE_JWT_SECRET: "jwt",
    LOVABLE_API_KEY: "gateway",
  },
  caller: {
    LOG_LEVEL: "debug",
    AI_GATEWAY_API_KEY: "gateway",
    AI_GATEWAY_HEADERS: '{"x-key":"gateway"}',
    SUPABASE_URL: "http://elsewhere",
    CORS_ORIGINS: "",
    DEMO_PIECES_PER_SECOND: "5",
  },
  extra: { LOG_LEVEL: "silent" },
};

test("the API is given no key that can do more than its callers", () => {
  const environment = toApiEnvironment(settings);
  expect(environment).not.toHaveProperty("SUPABASE_SECRET_KEY");
  expect(environment).not.toHaveProperty("LOVABLE_API_KEY");
  expect(environment).not.toHaveProperty("AI_GATEWAY_API_KEY");
  expect(environment).not.toHaveProperty("AI_GATEWAY_HEADERS");
  expect(environment["SUPABASE_JWT_SECRET"]).toBe("jwt");
});

test("programs run with the options of the image, unless the caller has others", () => {
  const image = readFileSync(new URL("../../../Dockerfile", import.meta.url), "utf8");
  expect(image).toContain(`NODE_OPTIONS=${APP_NODE_OPTIONS}\n`);
  for (const toEnvironment of [toApiEnvironment, toWorkerEnvironment]) {
    expect(toEnvironment(settings)["NODE_OPTIONS"]).toBe(APP_NODE_OPTIONS);
    const extra = { NODE_OPTIONS: "--inspect" };
    expect(toEnvironment({ ...settings, extra })).toMatchObject(extra);
  }
});

test("a worker is not given what tokens are signed with", () => {
  const environment = toWorkerEnvironment(settings);
  expect(environment).not.toHaveProperty("SUPABASE_JWT_SECRET");
  expect(environment["SUPABASE_SECRET_KEY"]).toBe("sb_secret_1");
});

test("the demo gateway is given its own variables and no secret of the stack", () => {
  const environment = toGatewayEnvironment(settings, "demo");
  expect(environment).toMatchObject({ DEMO_GATEWAY_KEY: "demo", DEMO_PIECES_PER_SECOND: "5" });
  expect(Object.keys(environment).filter((name) => /^(SUPABASE|LOVABLE)/.test(name))).toEqual([]);
});

test("the stack wins over the caller, what is asked for wins over both, and empty is unset", () => {
  const environment = toWorkerEnvironment(settings);
  expect(environment).toMatchObject({ SUPABASE_URL: "http://127.0.0.1:1", LOG_LEVEL: "silent" });
  expect(environment).not.toHaveProperty("CORS_ORIGINS");
});
