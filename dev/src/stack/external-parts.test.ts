import { expect, test } from "vitest";
import { findExternalParts } from "./external-parts.ts";

test("an empty environment brings nothing, and neither do empty variables", () => {
  const nothing = { supabase: null, redisUrl: null, gateway: null };
  expect(findExternalParts({})).toEqual(nothing);
  expect(findExternalParts({ REDIS_URL: "", SUPABASE_URL: "", LOVABLE_API_KEY: "" })).toEqual(
    nothing,
  );
});

test("a project is used with its keys, with or without the secret that it signs with", () => {
  const environment = {
    SUPABASE_URL: "https://project.supabase.co",
    SUPABASE_PUBLISHABLE_KEY: "sb_publishable_1",
    SUPABASE_SECRET_KEY: "sb_secret_1",
  };
  expect(findExternalParts(environment).supabase).toEqual({
    url: "https://project.supabase.co",
    publishableKey: "sb_publishable_1",
    secretKey: "sb_secret_1",
    jwtSecret: null,
  });
  const signed = findExternalParts({ ...environment, SUPABASE_JWT_SECRET: "s" });
  expect(signed.supabase?.jwtSecret).toBe("s");
});

test("incomplete settings are refused, and the error names what is missing", () => {
  expect(() => findExternalParts({ SUPABASE_URL: "https://project.supabase.co" })).toThrow(
    "Set SUPABASE_PUBLISHABLE_KEY and SUPABASE_SECRET_KEY too",
  );
});

test("a gateway may need no key, and its key has two names", () => {
  const url = "https://gateway.test";
  expect(findExternalParts({ AI_GATEWAY_URL: url }).gateway).toEqual({ url, key: "" });
  const both = { AI_GATEWAY_URL: url, AI_GATEWAY_API_KEY: "a", LOVABLE_API_KEY: "l" };
  expect(findExternalParts(both).gateway).toEqual({ url, key: "a" });
});

test("a key alone means the gateway that it is made for", () => {
  expect(findExternalParts({ LOVABLE_API_KEY: "k" }).gateway).toEqual({ url: null, key: "k" });
});
