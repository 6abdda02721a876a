import { describe, expect, inject, test } from "vitest";
import { eventually } from "../support/eventually.ts";
import type { HttpCall } from "../support/http.ts";
import { countRuns, query } from "../support/query.ts";
import { rawRequest } from "../support/raw-http.ts";
import { createUser, mintToken } from "../support/tenant.ts";
import { apiUrl, callApi, expectProblem, submit } from "./support/call-api.ts";
import { expectLogWithout } from "./support/process-log.ts";
import { createTwoTenants } from "./support/two-tenants.ts";

const { attacker, victim } = await createTwoTenants();
const sub = attacker.user.id;
const nowSeconds = Math.floor(Date.now() / 1000);
const request = { mode: "strategy", workspace_id: victim.workspaceId, payload: {} };

/** Every kind of route that needs a user. */
const ROUTES: readonly [path: string, call: HttpCall][] = [
  ["/v1/runs", { json: request }],
  ["/v1/runs", {}],
  [`/v1/runs/${crypto.randomUUID()}`, {}],
  [`/v1/runs/${crypto.randomUUID()}/events`, {}],
  [`/v1/runs/${crypto.randomUUID()}/cancel`, { method: "POST" }],
  [`/v1/runs/${crypto.randomUUID()}/retry`, { method: "POST" }],
  ["/v1/agents", {}],
  ["/functions/v1/cmo-kernel", { json: request }],
  ["/functions/v1/cmo-plan-90day", { json: { workspaceId: victim.workspaceId } }],
];

async function expectRefusedEverywhere(
  headers: Readonly<Record<string, string>>,
  code: string,
): Promise<void> {
  for (const [path, call] of ROUTES) {
    const answer = await callApi(path, { ...call, headers });
    expectProblem(answer, 401, code);
    expect(JSON.parse(answer.text)).toMatchObject({ error: "Unauthorized" });
    expect(answer.headers.get("www-authenticate")).toMatch(/^Bearer/);
  }
  expect(await countRuns(victim.workspaceId)).toBe(0);
}

const bearer = async (claims: Record<string, unknown>, secret?: string) => ({
  authorization: `Bearer ${await mintToken({ sub, ...claims }, secret)}`,
});

describe("S01: without one bearer token nothing is served and no run exists", () => {
  test.each([
    ["no header", {}],
    ["another scheme", { authorization: `Basic ${btoa(`${sub}:password`)}` }],
    ["an empty bearer", { authorization: "Bearer " }],
    ["a bare token", { authorization: victim.user.token }],
  ])("S01: %s", (_, headers) => expectRefusedEverywhere(headers, "missing_token"));

  test("S01: two Authorization headers, of which one is good", async () => {
    const lines = [attacker.user.token, "guess"].map((token) => `Authorization: Bearer ${token}`);
    for (const order of [lines, lines.toReversed()]) {
      const answer = await rawRequest(apiUrl(), ["GET /v1/runs HTTP/1.1", ...order]);
      expect(answer.status).toBe(401);
      expect(answer.text).toContain('"code":"invalid_token"');
    }
  });
});

describe("S02: a token is good only in its time", () => {
  test("S02: expired", async () => {
    const headers = await bearer({ iat: nowSeconds - 7200, exp: nowSeconds - 3600 });
    await expectRefusedEverywhere(headers, "expired_token");
  });

  test.each([
    ["not yet valid", { nbf: nowSeconds + 600 }],
    ["issued in the future", { iat: nowSeconds + 600 }],
    ["without an end", { exp: undefined }],
  ])("S02: %s", async (_, claims) =>
    expectRefusedEverywhere(await bearer(claims), "invalid_token"),
  );
});

describe("S03: a token of somewhere else is no token", () => {
  test.each([
    ["for another audience", { aud: "another-service" }, undefined],
    ["for none", { aud: undefined }, undefined],
    ["of another project's secret", {}, "another-project-s-secret-of-32-characters"],
  ])("S03: %s", async (_, claims, secret) =>
    expectRefusedEverywhere(await bearer(claims, secret), "invalid_token"),
  );
});

describe("S06, S07: the project's keys are nobody's session", () => {
  test("S06: the public key, old form and new, is named as the mistake that it is", async () => {
    const keys = [await mintToken({ role: "anon", sub: undefined }), "sb_publishable_abc123"];
    for (const key of [...keys, inject("stack").publishableKey]) {
      await expectRefusedEverywhere(
        { authorization: `Bearer ${key}` },
        "project_key_sent_as_token",
      );
    }
  });

  test("S06: a subject that is no user's id is refused", async () => {
    for (const claims of [{ sub: "admin" }, { sub: "" }, { role: "anon" }, { role: "postgres" }]) {
      const { authorization } = await bearer(claims);
      const answer = await callApi("/v1/runs", { headers: { authorization } });
      expect(answer.status).toBe(401);
    }
  });

  test("S07: the service key is refused from outside", async () => {
    const keys = [await mintToken({ role: "service_role" }), inject("stack").secretKey];
    for (const key of keys) {
      await expectRefusedEverywhere(
        { authorization: `Bearer ${key}` },
        "project_key_sent_as_token",
      );
    }
  });
});

test("S08: an anonymous sign-in is a user without a workspace: it runs nothing and sees nothing", async () => {
  const { id } = await createUser();
  const token = await mintToken({ sub: id, is_anonymous: true });
  expectProblem(await submit(token, request), 403, "workspace_forbidden");
  expect((await submit(token, { payload: {} })).status).toBe(400);
  expect(JSON.parse((await callApi("/v1/runs", { token })).text)).toMatchObject({ runs: [] });
  expect(await countRuns(victim.workspaceId)).toBe(0);
});

test("S09: the token of a user who was deleted is refused as soon as its confirmation is forgotten", async () => {
  const { id, token } = await createUser();
  expect((await callApi("/v1/runs", { token })).status).toBe(200);
  await query("delete from auth.users where id = $1", [id]);
  const answer = await eventually(
    () => callApi("/v1/runs", { token }),
    ({ status }) => status !== 200,
    5_000,
  );
  expectProblem(answer, 401, "invalid_token");
});

test("S10: a token in the address is not taken, and not logged", async () => {
  const { token } = attacker.user;
  for (const name of ["access_token", "token", "apikey", "jwt"]) {
    const answer = await callApi(`/v1/runs?${name}=${token}`);
    expectProblem(answer, 401, "missing_token");
  }
  await expectLogWithout(token);
});

test("S14: there is no ticket that opens a stream without a token", async () => {
  for (const name of ["ticket", "stream_ticket", "key"]) {
    const path = `/v1/runs/${crypto.randomUUID()}/events?${name}=${attacker.user.token}`;
    expectProblem(await callApi(path), 401, "missing_token");
  }
});
