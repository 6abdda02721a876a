/** What is accepted from a request, what is refused, and what browsers and logs are shown of it. */
import { randomUUID } from "node:crypto";
import { problemSchema, runSchema } from "@cmo/shared/contract";
import { describe, expect, test } from "vitest";
import { startApi } from "../support/api.ts";
import { newLogLines } from "../support/log-lines.ts";
import { connectRaw, parseRaw } from "../support/raw-http.ts";
import { createTenant, mintToken } from "../support/tenant.ts";

const { log, lines } = newLogLines();
const api = await startApi({ CORS_ORIGINS: "https://app.example.com" }, log);
const { user } = await createTenant();
const KERNEL = "/functions/v1/cmo-kernel";
const ASYNC = { prefer: "respond-async" };

async function problemOf(response: Response) {
  expect(response.headers.get("content-type")).toMatch(/^application\/problem\+json/);
  return problemSchema.parse(await response.json());
}

function post(path: string, body: string, headers: Record<string, string> = {}) {
  const json = { "content-type": "application/json" };
  return api.fetch(path, user.token, { method: "POST", body, headers: { ...json, ...headers } });
}

describe("members that nobody knows", () => {
  const id = randomUUID();
  test.each([
    ["GET", "/v1/runs", "query"],
    ["GET", `/v1/runs/${id}`, "query"],
    ["GET", `/v1/runs/${id}/events`, "query"],
    ["GET", "/v1/agents", "query"],
    ["POST", "/v1/runs", "query"],
    ["POST", "/v1/runs", "body"],
    ["POST", `/v1/runs/${id}/cancel`, "query"],
    ["POST", `/v1/runs/${id}/cancel`, "body"],
    ["POST", `/v1/runs/${id}/retry`, "query"],
    ["POST", `/v1/runs/${id}/retry`, "body"],
  ])("are refused by name on the native %s %s, in its %s", async (method, path, where) => {
    const valid = path === "/v1/runs" ? { mode: "strategy" } : {};
    const json = where === "body" ? { ...valid, surprise: 1 } : valid;
    const address = where === "query" ? `${path}?surprise=1` : path;
    const init = method === "POST" ? { json } : {};
    const problem = await problemOf(await api.fetch(address, user.token, init));
    expect(problem).toMatchObject({ status: 400, code: "invalid_request" });
    expect(problem.issues).toEqual([{ path: "surprise", message: "Is not a known member" }]);
  });

  test("are ignored where existing clients call, with a line in the log that is bounded", async () => {
    const many = Object.fromEntries(Array.from({ length: 500 }, (_, at) => [`member${at}`, at]));
    const json = { mode: "strategy", payload: { ...many, ["x".repeat(10_000)]: 1 }, agent: "x" };
    const response = await api.fetch(KERNEL, user.token, { json, headers: ASYNC });
    expect(response.status).toBe(202);
    const requestId = response.headers.get("x-request-id");
    const line = lines.find((one) => one["requestId"] === requestId && one["ignored"]);
    expect(line).toMatchObject({ msg: "Members were ignored", count: 501 });
    expect(line?.["ignored"]).toContain("member0");
    expect(JSON.stringify(line).length).toBeLessThan(16_384);
  });
});

describe("a body", () => {
  test("of JSON may be called text, as supabase-js does", async () => {
    const json = JSON.stringify({ mode: "strategy" });
    const text = { ...ASYNC, "content-type": "text/plain;charset=UTF-8" };
    expect((await post(KERNEL, json, text)).status).toBe(202);
  });

  test("keeps every character that can be kept", async () => {
    const primaryGoal = "Größer 😀 \u202E \uFFFD \u0001 </script> {{x}}";
    const json = { mode: "strategy", payload: { primaryGoal } };
    const run = runSchema.parse(await (await api.fetch("/v1/runs", user.token, { json })).json());
    expect(run.input).toEqual({ primaryGoal });
  });
});

describe("an address", () => {
  test.each([
    ["TRACE", "/v1/runs", 405],
    ["PUT", "/v1/runs", 405],
    ["DELETE", `/v1/runs/${randomUUID()}`, 405],
    ["PROPFIND", "/v1/runs", 405],
    ["POST", "/livez", 405],
    ["TRACE", "/nothing", 404],
    ["GET", "/v1/runs/..%2fagents", 404],
    ["GET", "/v1/%2e%2e/livez", 404],
    ["GET", "/v1/../livez", 404],
    ["GET", "//livez", 404],
    ["GET", "/v1%2fruns", 404],
    ["GET", "/v1/runs/%00", 404],
    ["GET", "/v1/runs/%ff", 400],
    ["GET", "/docs/..%2f..%2fpackage.json", 404],
    ["GET", "/docs/js/..%2f..%2f..%2fpackage.json", 404],
    ["GET", `/${"x".repeat(8192)}`, 404],
    ["GET", "http://elsewhere.example/nothing", 404],
  ])("asked by %s %s is %i", async (method, target, status) => {
    const { socket, closed } = connectRaw(api.url);
    const authorization = `authorization: Bearer ${user.token}`;
    const head = [`${method} ${target} HTTP/1.1`, "host: api", authorization, "connection: close"];
    socket.write(`${head.join("\r\n")}\r\n\r\n`);
    const answer = parseRaw(await closed);
    expect(answer.status).toBe(status);
    expect(problemSchema.parse(answer.body)).toMatchObject({ status });
    expect(answer.head).toContain("content-security-policy: default-src 'none'");
  });

  test("is asked by its method, whatever a header says instead", async () => {
    for (const name of ["x-http-method-override", "x-http-method", "x-method-override"]) {
      const headers = { [name]: "GET" };
      const path = `/v1/runs/${randomUUID()}`;
      const response = await api.fetch(path, user.token, { method: "POST", headers });
      expect(response.status).toBe(405);
    }
  });
});

describe("browsers", () => {
  test.each([
    ["/v1/agents", user.token, 200],
    ["/v1/runs", null, 401],
    ["/v1/%zz", null, 400],
    ["/livez", null, 200],
    ["/functions/v1/%zz", null, 400],
  ])("are told that %s is data and nothing else", async (path, token, status) => {
    const response = await api.fetch(path, token);
    const { headers } = response;
    expect(response.status).toBe(status);
    expect(headers.get("content-security-policy")).toBe(
      "default-src 'none';frame-ancestors 'none'",
    );
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("referrer-policy")).toBe("no-referrer");
    expect(headers.has("x-powered-by")).toBe(false);
  });

  test.each([
    "https://evil.example",
    "null",
    "http://app.example.com",
    "https://app.example.com.evil.example",
    "https://app.example.com:8443",
    "https://xapp.example.com",
  ])("of the origin %s may read the functions' answers and no native one", async (origin) => {
    for (const path of ["/v1/runs", "/v1/%zz", "/v1/nothing"]) {
      const response = await api.fetch(path, null, { headers: { origin } });
      expect(response.headers.has("access-control-allow-origin"), path).toBe(false);
      expect(response.headers.get("vary"), path).toContain("Origin");
      expect(response.headers.has("access-control-allow-credentials")).toBe(false);
    }
    const { headers } = await api.fetch(KERNEL, null, { headers: { origin }, json: {} });
    expect(headers.get("access-control-allow-origin")).toBe("*");
    expect(headers.has("access-control-allow-credentials")).toBe(false);
  });

  test("of the app's own origin may read native answers, errors before any route too", async () => {
    const origin = "https://app.example.com";
    for (const path of ["/v1/runs", "/v1/%zz"]) {
      const { headers } = await api.fetch(path, user.token, { headers: { origin } });
      expect(headers.get("access-control-allow-origin")).toBe(origin);
      expect(headers.get("vary")).toContain("Origin");
    }
  });
});

describe("who asks", () => {
  test("is said in the header alone: a token in the address is refused and not logged", async () => {
    const secret = await mintToken({ sub: user.id, note: randomUUID() });
    const paths = ["/v1/runs", `/v1/runs/${randomUUID()}/events`, "/nothing", "/v1/%zz", "/livez"];
    for (const path of paths) {
      const response = await api.fetch(`${path}?access_token=${secret}`, null);
      if (path.startsWith("/v1/runs")) expect(response.status).toBe(401);
      const authorized = await api.fetch(`${path}?access_token=${secret}`, user.token);
      if (path.startsWith("/v1/runs")) expect(authorized.status).toBe(400);
      expect(await response.text()).not.toContain(secret);
    }
    expect(lines.filter(({ msg }) => msg === "Request finished").length).toBeGreaterThan(0);
    expect(JSON.stringify(lines)).not.toContain(secret);
    expect(JSON.stringify(lines)).not.toContain(user.token);
  });
});
