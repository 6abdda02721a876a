import { describe, expect, test } from "vitest";
import { z } from "zod";
import { httpEnv, parseEnv, redisEnv, supabaseEnv } from "./env.ts";

const schema = z.object({ ...httpEnv, ...redisEnv, ...supabaseEnv, KEY: z.string().min(3) });
const good = {
  PORT: "8787",
  REDIS_URL: "redis://localhost",
  SUPABASE_URL: "http://localhost:1/",
  KEY: "abc",
};

describe("an environment", () => {
  test("all its problems are reported at once, without values", () => {
    const bad = { PORT: "s3cret-port", REDIS_URL: "http://s3cret", KEY: "" };
    expect(() => parseEnv(schema, bad)).toThrow(
      /PORT[\s\S]*REDIS_URL[\s\S]*SUPABASE_URL: is required[\s\S]*KEY: is required/,
    );
    expect(() => parseEnv(schema, bad)).not.toThrow(/s3cret/);
  });

  test("an empty variable counts as unset, so that its default applies", () => {
    expect(parseEnv(schema, { ...good, HOST: "", QUEUE_PREFIX: "" })).toMatchObject({
      HOST: "127.0.0.1",
      QUEUE_PREFIX: "bull",
    });
  });

  test("it is frozen, and a URL loses its trailing slash", () => {
    const env = parseEnv(schema, good);
    expect(Object.isFrozen(env)).toBe(true);
    expect(env.SUPABASE_URL).toBe("http://localhost:1");
  });
});
