/** Clients that strangers generate from `/openapi.json`: what compiles with them, and that one works. */
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { createConfig, lintFromString } from "@redocly/openapi-core";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { compileAll } from "../support/compile.ts";
import { DEMO_WORKSPACE, signInDemoUser } from "../support/demo-user.ts";

const run = promisify(execFile);
const require = createRequire(import.meta.url);
const GENERATORS = {
  fetch: join(dirname(require.resolve("openapi-typescript/package.json")), "bin/cli.js"),
  hey: join(dirname(require.resolve("@hey-api/openapi-ts/package.json")), "bin/run.js"),
};
const OPENAPI_FETCH = dirname(require.resolve("openapi-fetch/package.json"));

let folder = "";
let document = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "cmo-generated-"));
  document = await (await fetch(`${inject("stack").apiUrls[0]}/openapi.json`)).text();
  await writeFile(join(folder, "openapi.json"), document);
  await writeFile(join(folder, "package.json"), '{"type":"module","private":true}');
  await mkdir(join(folder, "node_modules"));
  await symlink(OPENAPI_FETCH, join(folder, "node_modules/openapi-fetch"));
  const generate = (program: string, ...options: string[]) =>
    run(process.execPath, [program, ...options], { cwd: folder });
  await Promise.all([
    generate(GENERATORS.fetch, "openapi.json", "-o", "api.d.ts"),
    generate(GENERATORS.hey, "-i", "openapi.json", "-o", "hey"),
  ]);
}, 60_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

test("Redocly's recommended rules find no error in the document, and no invalid example", async () => {
  const config = await createConfig({
    extends: ["recommended"],
    rules: {
      "no-invalid-media-type-examples": "error",
      "no-unused-components": "error",
      "operation-operationId": "error",
    },
  });
  const problems = await lintFromString({ source: document, config });
  expect(problems.filter(({ severity }) => severity === "error")).toEqual([]);
});

const FETCH = `import createClient from "openapi-fetch";
import type { components, paths } from "./api";
type Schemas = components["schemas"];
const client = createClient<paths, \`application/\${string}\`>({ baseUrl: "http://localhost" });
const submit = { body: { mode: "strategy", payload: { primaryGoal: "more sales" } } } as const;
const { data, error } = await client.POST("/v1/runs", submit);
export const plan = data?.mode === "strategy" ? data.output : null;
export const read = (event: Schemas["RunStreamEvent"]) => (event.type === "delta" ? event.text : "");
export const isOurs = error?.code === "no_workspace";
`;

const HEY = `import { streamRunEvents, submitRun } from "./hey/sdk.gen";
import type { RunStreamEvent } from "./hey/types.gen";
const submit = { body: { mode: "strategy", payload: { primaryGoal: "more sales" } } } as const;
const { data, error } = await submitRun({ ...submit, headers: { Prefer: "wait=20" } });
export const plan = data?.mode === "strategy" ? data.output : null;
export const isOurs = error?.code === "no_workspace";
const { stream } = await streamRunEvents({ path: { id: data?.id ?? "" } });
export const read = (event: RunStreamEvent) => (event.type === "delta" ? event.text : "");
for await (const event of stream) if (event) read(event);
`;

/** A last line for each client: the first compiles, the others must not. */
const LINES = {
  "a member of the plan": [true, "export const name: string | undefined = plan?.plan_name;"],
  "a member that no plan has": [false, "export const name = plan?.plan_nam;"],
  "a mode that does not exist": [false, 'BODY({ mode: "strategies" })'],
  "a payload of another mode": [
    false,
    'BODY({ mode: "strategy", payload: { funnelType: "sales" } })',
  ],
  "a payload that is misspelt": [
    false,
    'BODY({ mode: "strategy", payload: { primaryGoals: "more sales" } })',
  ],
  "a header that is sent": [true, 'HEADER({ "Idempotency-Key": "order-1", Prefer: "wait=20" })'],
  "a header of another type": [false, 'HEADER({ "Idempotency-Key": 1 })'],
  // The fetch client of hey-api lets any header pass.
  "a header that the operation does not read": ["hey-api", 'HEADER({ Prefers: "wait=20" })'],
  "a code that no error has": [false, 'export const isNone = error?.code === "no_such_code";'],
  "an event that no stream has": [
    false,
    'export const isNone = (event: EVENT) => event.type === "deltas";',
  ],
  "a member of another event": [
    false,
    'export const none = (event: EVENT) => (event.type === "attempt" ? event.text : "");',
  ],
} as const;

const DIALECTS = {
  "openapi-fetch": (line: string) =>
    line
      .replace(/^BODY\((.*)\)$/, 'await client.POST("/v1/runs", { body: $1 });')
      .replace(
        /^HEADER\((.*)\)$/,
        'await client.POST("/v1/runs", { ...submit, params: { header: $1 } });',
      )
      .replace("EVENT", 'Schemas["RunStreamEvent"]'),
  "hey-api": (line: string) =>
    line
      .replace(/^BODY\((.*)\)$/, "await submitRun({ body: $1 });")
      .replace(/^HEADER\((.*)\)$/, "await submitRun({ ...submit, headers: $1 });")
      .replace("EVENT", "RunStreamEvent"),
};

describe.each([
  ["openapi-fetch", FETCH],
  ["hey-api", HEY],
] as const)("a client of %s", (client, head) => {
  test("refuses to compile what the API would refuse, and nothing else", async () => {
    const named = Object.entries(LINES).map(
      ([what, [compiles, line]], index) =>
        [`${client}-${index}.ts`, { what, compiles, line }] as const,
    );
    const programs = named.map(([file, { line }]) => [file, `${head}${DIALECTS[client](line)}\n`]);
    const complaints = await compileAll(folder, Object.fromEntries(programs));
    const outcome = named.map(([file, { what }]) => [what, !complaints.has(file)]);
    const all = [...complaints.values()].flat().join("\n");
    expect(Object.fromEntries(outcome), all).toEqual(
      Object.fromEntries(
        named.map(([, { what, compiles }]) => [what, compiles === true || compiles === client]),
      ),
    );
    // Only the last line is wrong.
    const last = head.split("\n").length;
    for (const complaint of [...complaints.values()].flat()) {
      expect(complaint).toMatch(new RegExp(`^[\\w-]+\\.ts\\(${last},`));
    }
  }, 60_000);
});

const PROGRAM = `import createClient from "openapi-fetch";
import type { paths } from "./api.d.ts";
const [baseUrl = "", token, workspace_id = ""] = process.argv.slice(2);
const headers = { authorization: \`Bearer \${token}\` };
const client = createClient<paths, \`application/\${string}\`>({ baseUrl, headers });
const submitted = await client.POST("/v1/runs", {
  params: { header: { "Idempotency-Key": crypto.randomUUID() } },
  body: { mode: "strategy", workspace_id, payload: { primaryGoal: "60 new subscriptions" } },
});
const id = submitted.data?.id ?? "";
let run = submitted.data;
while (run?.status === "running") {
  const polled = await client.GET("/v1/runs/{id}", { params: { path: { id }, query: { wait: 5 } } });
  run = polled.data;
}
const missing = await client.GET("/v1/runs/{id}", { params: { path: { id: crypto.randomUUID() } } });
const isNamed = run?.mode === "strategy" && (run.output?.plan_name ?? "") !== "";
console.log(JSON.stringify({ status: run?.status, isNamed, code: missing.error?.code }));
`;

test("a generated client submits a run to this API and polls it to its end", async () => {
  const globals = "declare const process: { argv: string[] };\n";
  expect([...(await compileAll(folder, { "program.ts": globals + PROGRAM })).values()]).toEqual([]);
  const { token } = await signInDemoUser();
  const { stdout } = await run(
    process.execPath,
    ["program.ts", inject("stack").apiUrls[0] ?? "", token, DEMO_WORKSPACE],
    { cwd: folder },
  );
  expect(JSON.parse(stdout)).toEqual({ status: "completed", isNamed: true, code: "run_not_found" });
}, 60_000);
