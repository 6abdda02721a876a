/** `@cmo/client` as a stranger gets it: packed, installed into an empty folder, and used there. */
import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { z } from "zod";
import { DEMO_WORKSPACE, signInDemoUser } from "../support/demo-user.ts";

const run = promisify(execFile);
const CLIENT = new URL("../../packages/client/", import.meta.url);
const TYPESCRIPT = new URL("../../node_modules/typescript/bin/tsc", import.meta.url).pathname;
/** Gzipped, without the parser of server-sent events. */
const SIZE_LIMIT = 8 * 1024;

let folder = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "cmo-client-"));
  await run(process.execPath, ["build.ts"], { cwd: CLIENT });
  const { stdout } = await run("npm", ["pack", "--json", "--pack-destination", folder], {
    cwd: CLIENT,
  });
  const name = (await readdir(folder)).find((file) => file.endsWith(".tgz"));
  expect(stdout).toContain("dist/index.js");
  await writeFile(join(folder, "package.json"), '{"type":"module","private":true}');
  await run("npm", ["install", "--no-audit", "--no-fund", `./${name}`], { cwd: folder });
}, 120_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

const read = (name: string) =>
  readFile(join(folder, "node_modules/@cmo/client/dist", name), "utf8");

test("it is small, and whole without React", async () => {
  const code = await read("index.js");
  expect(gzipSync(code).length).toBeLessThan(SIZE_LIMIT);
  expect([...code.matchAll(/\bfrom\s*["']([^"']+)["']/g)].map(([, name]) => name)).toEqual([
    "eventsource-parser",
  ]);
});

test("the part for React is small too, and uses the same client", async () => {
  const code = await read("react.js");
  expect(gzipSync(code).length).toBeLessThan(SIZE_LIMIT / 2);
  expect([...code.matchAll(/\bfrom\s*["']([^"']+)["']/g)].map(([, name]) => name).sort()).toEqual([
    "./index.js",
    "@tanstack/react-query",
    "react",
  ]);
});

const PROGRAM = `
import { createCmo, foldEvent, NOTHING_YET } from "@cmo/client";
const { API, TOKEN, WORKSPACE } = process.env;
const cmo = createCmo({ url: API, getToken: async () => TOKEN });
const run = await cmo.runs.create({
  mode: "strategy", workspaceId: WORKSPACE, payload: { primaryGoal: "60 new subscriptions" },
});
let view = NOTHING_YET;
for await (const event of run.events()) view = foldEvent(view, event);
const row = await run.read();
const plan = await run.output();
console.log(JSON.stringify({
  status: view.status, sections: Object.keys(view.sections).length,
  sameText: view.text === row.output_text, planName: plan.plan_name,
}));
const usage = await cmo.usage({ groupBy: "mode", workspaceId: WORKSPACE });
console.log(JSON.stringify(usage.rows.find(({ key }) => key === "strategy")));
const refused = await cmo.runs.get(crypto.randomUUID()).catch((error) => error);
console.log(JSON.stringify({ name: refused.name, code: refused.code, hasId: refused.requestId !== null }));
`;

const followed = z.object({
  status: z.literal("completed"),
  sections: z.int().min(3),
  sameText: z.literal(true),
  planName: z.string().min(1),
});

test("a run is submitted, followed and read by nothing but the package", async () => {
  const { token } = await signInDemoUser();
  await writeFile(join(folder, "program.js"), PROGRAM);
  const { stdout } = await run(process.execPath, ["program.js"], {
    cwd: folder,
    env: {
      PATH: process.env["PATH"],
      API: inject("stack").apiUrls[0],
      TOKEN: token,
      WORKSPACE: DEMO_WORKSPACE,
    },
  });
  const [first = "", used = "", second = ""] = stdout.trim().split("\n");
  expect(followed.safeParse(JSON.parse(first)).error).toBeUndefined();
  expect(JSON.parse(used).runs).toBeGreaterThan(0);
  expect(JSON.parse(second)).toEqual({ name: "CmoError", code: "run_not_found", hasId: true });
}, 60_000);

const CREATE = `import { createCmo } from "@cmo/client";
const cmo = createCmo({ url: "http://localhost", getToken: () => "token" });
export const run = await cmo.runs.create({ mode: "strategy", payload: { primaryGoal: "more sales" } });
`;

test.each([
  [
    "what a plan has",
    `${CREATE}export const name: string = (await run.output()).plan_name;\n`,
    true,
  ],
  ["a mode that does not exist", CREATE.replace('"strategy"', '"strategies"'), false],
  ["a payload of another mode", CREATE.replace("primaryGoal", "primaryGoals"), false],
  [
    "a member that no plan has",
    `${CREATE}export const x = (await run.output()).plan_nam;\n`,
    false,
  ],
])(
  "types: %s",
  async (_, program, compiles) => {
    const file = join(folder, "typed.ts");
    await writeFile(file, program);
    const options = [
      "--strict",
      "--noEmit",
      "--target",
      "es2022",
      "--module",
      "nodenext",
      "--lib",
      "es2022,dom",
    ];
    const outcome = await run(process.execPath, [TYPESCRIPT, ...options, file], {
      cwd: folder,
    }).then(
      () => "",
      ({ stdout }: { stdout: string }) => stdout,
    );
    expect(outcome === "", outcome).toBe(compiles);
  },
  60_000,
);
