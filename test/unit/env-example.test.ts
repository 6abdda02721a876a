/** `.env.example` is where operators look: it says what the schemas say, no more and no less. */
import { readFileSync } from "node:fs";
import { apiEnvSchema } from "@cmo/api/env";
import { parseEnv } from "@cmo/shared/runtime";
import { workerEnvSchema } from "@cmo/worker/env";
import { expect, test } from "vitest";

const lines = readFileSync(new URL("../../.env.example", import.meta.url), "utf8").split("\n");
const entries = lines.flatMap((line, at) => {
  const [, name, value = ""] = /^(\w+)=(.*)$/.exec(line) ?? [];
  return name === undefined ? [] : [{ name, value, above: lines[at - 1] ?? "" }];
});

/** What has no default. No value of these may ever be committed. */
const needed = {
  SUPABASE_URL: "http://127.0.0.1:54321",
  SUPABASE_PUBLISHABLE_KEY: "sb_publishable_x",
  SUPABASE_SECRET_KEY: "sb_secret_x",
  REDIS_URL: "redis://127.0.0.1:6379",
  LOVABLE_API_KEY: "key",
};

test("it names every variable once, in the order of the API's schema, then the worker's", () => {
  const names = new Set([
    ...Object.keys(apiEnvSchema.shape),
    ...Object.keys(workerEnvSchema.shape),
  ]);
  expect(entries.map(({ name }) => name)).toEqual([...names]);
});

test("every variable has a line that says what it means, and what it is when it is not set", () => {
  for (const { name, above } of entries) {
    expect(above, name).toMatch(/^# .*(Default: .+|Required.*)\.$/);
    expect(/Required/.test(above), name).toBe(name in needed);
  }
});

test("its values are the defaults, and it holds no secret", () => {
  const example = Object.fromEntries(entries.map(({ name, value }) => [name, value]));
  for (const schema of [apiEnvSchema, workerEnvSchema]) {
    expect(parseEnv(schema, { ...example, ...needed })).toEqual(parseEnv(schema, needed));
  }
  for (const name of [...Object.keys(needed), "SUPABASE_JWT_SECRET"]) {
    expect(example[name], name).toBe("");
  }
  for (const { name, value, above } of entries) {
    const [, stated] = /Default: ([\w./*-]+)[.;]/.exec(above) ?? [];
    if (value !== "" && name !== "AI_GATEWAY_URL") expect(stated, name).toBe(value);
  }
});
