import { execFileSync } from "node:child_process";
import { createHmac } from "node:crypto";
import { existsSync, globSync, readFileSync } from "node:fs";
import { apiEnvSchema } from "@cmo/api/env";
import { workerEnvSchema } from "@cmo/worker/env";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";

const root = new URL("../../", import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), "utf8");

const serviceSchema = z.object({
  image: z.string(),
  build: z.string().optional(),
  command: z.array(z.string()).optional(),
  environment: z.record(z.string(), z.string()).optional(),
  volumes: z.array(z.string()).optional(),
  deploy: z.object({ replicas: z.int() }).optional(),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).optional(),
});
const compose = z
  .object({
    services: z.record(z.string(), serviceSchema),
    volumes: z.record(z.string(), z.null()),
  })
  .parse(parse(read("docker-compose.yml"), { merge: true }));
const { services } = compose;

/** The image is built from the files that git tracks, less what .dockerignore leaves out. */
const dockerfile = read("Dockerfile");

describe("docker-compose.yml (parsed: no engine runs it here)", () => {
  test("it has every part of the system, and two workers", () => {
    expect(Object.keys(services).sort()).toEqual(
      ["api", "auth", "db", "gateway", "migrate", "redis", "rest", "worker"].sort(),
    );
    expect(services["worker"]?.deploy?.replicas).toBe(2);
  });

  test("what a service waits for exists, and can be waited for in that way", () => {
    for (const [name, { depends_on = {} }] of Object.entries(services)) {
      for (const needed of Object.keys(depends_on)) {
        expect(services, `${name} waits for ${needed}`).toHaveProperty(needed);
      }
    }
    expect(services["api"]?.depends_on?.["migrate"]?.condition).toBe(
      "service_completed_successfully",
    );
  });

  test("every file that it mounts is there", () => {
    for (const { volumes = [] } of Object.values(services)) {
      for (const [source = ""] of volumes.map((volume) => volume.split(":"))) {
        if (source.startsWith(".")) expect(existsSync(new URL(source, root)), source).toBe(true);
        else expect(compose.volumes).toHaveProperty(source);
      }
    }
  });

  test.each([
    ["api", apiEnvSchema],
    ["worker", workerEnvSchema],
  ] as const)("the %s is given all that it needs and nothing it does not know", (name, schema) => {
    const given = services[name]?.environment ?? {};
    const needed = Object.entries(schema.shape)
      .filter(([, variable]) => !z.safeParse(variable, undefined).success)
      .map(([variable]) => variable);
    expect(Object.keys(given)).toEqual(expect.arrayContaining(needed));
    expect(Object.keys(schema.shape)).toEqual(expect.arrayContaining(Object.keys(given)));
  });

  test("the API holds no key that bypasses row-level security", () => {
    expect(JSON.stringify(services["api"])).not.toContain("SECRET_KEY");
  });
});

describe("the Dockerfile", () => {
  test("it copies the manifest of every workspace, so that npm ci agrees with the lockfile", () => {
    for (const manifest of globSync("{apps,packages}/*/package.json", { cwd: root })) {
      expect(dockerfile).toContain(`COPY ${manifest} `);
    }
  });

  test("what it and the services start exists", () => {
    const started = [dockerfile, JSON.stringify(services)].flatMap((text) => [
      ...text.matchAll(/apps\/\w+\/src\/main\.ts/g),
    ]);
    expect(started.length).toBeGreaterThanOrEqual(3);
    for (const [path] of started) expect(existsSync(new URL(path, root)), path).toBe(true);
  });
});

test("make-env.mjs prints every variable the file asks for, with keys that its secret signs", () => {
  const printed = execFileSync(process.execPath, ["deploy/make-env.mjs"], { cwd: root }).toString();
  const env = new Map(
    printed.split("\n").flatMap((line) => {
      const [, name, value] = /^(\w+)=(.*)$/.exec(line) ?? [];
      return name === undefined ? [] : [[name, value ?? ""] as const];
    }),
  );
  const asked = [...read("docker-compose.yml").matchAll(/\$\{(\w+):\?/g)].map(([, name]) => name);
  expect([...env.keys()]).toEqual(expect.arrayContaining(asked));

  const [header, claims, signature] = env.get("SUPABASE_SECRET_KEY")?.split(".") ?? [];
  const hmac = createHmac("sha256", env.get("SUPABASE_JWT_SECRET") ?? "");
  expect(hmac.update(`${header}.${claims}`).digest("base64url")).toBe(signature);
});
