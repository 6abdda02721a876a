/** Tokens that open no route of the API, of whatever kind. */
import { describe, expect, inject, test } from "vitest";
import { startApi } from "../support/api.ts";
import { knockAtApi } from "../support/doors.ts";
import type { HttpCall } from "../support/http.ts";
import { countRuns } from "../support/query.ts";
import { rawRequest } from "../support/raw-http.ts";
import { createTenant, mintToken } from "../support/tenant.ts";

const { url } = await startApi();
const { user, workspaceId } = await createTenant();
const sub = user.id;
const now = Math.floor(Date.now() / 1000);
const run = `/v1/runs/${crypto.randomUUID()}`;
const submission = { mode: "strategy", workspace_id: workspaceId, payload: {} };

/** Every kind of route that needs a user. */
const ROUTES: readonly [path: string, call: HttpCall][] = [
  ["/v1/runs", { json: submission }],
  ["/v1/runs", {}],
  [run, {}],
  [`${run}/events`, {}],
  [`${run}/cancel`, { method: "POST" }],
  [`${run}/retry`, { method: "POST" }],
  ["/v1/pipelines", { json: { steps: ["funnels"] } }],
  ["/v1/agents", {}],
  ["/functions/v1/cmo-kernel", { json: submission }],
  ["/functions/v1/cmo-plan-90day", { json: { workspaceId } }],
];

async function expectRefused(code: string, call: HttpCall): Promise<void> {
  const before = await countRuns(workspaceId);
  for (const [path, known] of ROUTES) {
    const refusal = await knockAtApi(url + path, { ...known, ...call });
    expect(refusal.answer, path).toBe(`401 ${code}`);
    expect(refusal.body).toMatchObject({ error: expect.stringMatching(/^Unauthorized\. ./) });
    expect(refusal.headers.get("www-authenticate")).toMatch(/^Bearer/);
  }
  expect(await countRuns(workspaceId)).toBe(before);
}

describe("S01: without one bearer token nothing is served and no run exists", () => {
  test.each([
    ["no header", {}],
    ["another scheme", { authorization: `Basic ${btoa(`${sub}:password`)}` }],
    ["an empty bearer", { authorization: "Bearer " }],
    ["a bare token", { authorization: user.token }],
  ])("S01: %s", (_, headers) => expectRefused("missing_token", { headers }));

  test("S01: two Authorization headers, of which one is good", async () => {
    const [good, bad] = [`Bearer ${user.token}`, "Bearer guess"];
    for (const pair of [
      [good, bad],
      [bad, good],
      [good, good],
    ] as const) {
      const lines = pair.map((value) => `Authorization: ${value}`);
      const answer = await rawRequest(url, ["GET /v1/runs HTTP/1.1", ...lines]);
      expect(answer.status).toBe(401);
      expect(answer.text).toContain('"code":"invalid_token"');
    }
  });
});

const another = "another-project-s-secret-of-32-characters";
const unknown = "00000000-0000-4000-8000-000000000000";
const projectKey = "project_key_sent_as_token";
type Claims = Readonly<Record<string, unknown>>;
/** Supabase checks tokens by itself; what the local stand-in accepts says nothing of a project. */
const tokens: readonly [what: string, code: string, token: Claims | string][] = [
  ["S02: expired", "expired_token", { sub, exp: now - 10 }],
  ["S02: not yet valid", "invalid_token", { sub, nbf: now + 600 }],
  ["S02: issued in the future", "invalid_token", { sub, iat: now + 600 }],
  ["S02: without an end", "invalid_token", { sub, exp: undefined }],
  ["S03: for another audience", "invalid_token", { sub, aud: "other" }],
  ["S03: for no audience", "invalid_token", { sub, aud: undefined }],
  ["S03: of another project", "invalid_token", await mintToken({ sub }, another)],
  ["S06: of no user of the project", "invalid_token", { sub: unknown }],
  ["S06: of a user without an id", "invalid_token", { sub: "me" }],
  ["S06: with an empty subject", "invalid_token", { sub: "" }],
  ["S06: of the superuser", "invalid_token", { sub, role: "postgres" }],
  ["S06: of nobody, with a subject", projectKey, { sub, role: "anon" }],
  ["S06: the public key, old form", projectKey, { role: "anon" }],
  ["S06: the public key, new form", projectKey, "sb_publishable_abc123"],
  ["S06: this project's public key", projectKey, inject("stack").publishableKey],
  ["S07: the service key, old form", projectKey, { role: "service_role" }],
  ["S07: this project's service key", projectKey, inject("stack").secretKey],
  ["no token at all", "invalid_token", "garbage"],
];

describe("a token that was not made for here and now", () => {
  test.each(tokens)("%s", async (_, code, made) => {
    const token = typeof made === "string" ? made : await mintToken(made);
    await expectRefused(code, { token });
  });
});
