/** Addresses, browsers and outages: what the API answers when a caller or a part of it is off. */
import { runPageSchema, runSchema } from "@cmo/shared/contract";
import { describe, expect, test } from "vitest";
import { startApi } from "../support/api.ts";
import { createTenant } from "../support/tenant.ts";

const api = await startApi({ CORS_ORIGINS: "https://app.example.com" });
const { user } = await createTenant();
const NOBODY = "127.0.0.1:1";
const submission = { mode: "strategy", payload: {} };

async function codeOf(response: Response): Promise<[number, unknown]> {
  const body: unknown = await response.json();
  const code = typeof body === "object" && body !== null && "code" in body ? body.code : null;
  return [response.status, code];
}

describe("addresses", () => {
  test("an unknown one is 404, a known one asked in another way 405 with what is allowed", async () => {
    expect(await codeOf(await api.fetch("/v1/nothing", null))).toEqual([404, "route_not_found"]);
    const response = await api.fetch("/functions/v1/cmo-kernel", user.token, { method: "GET" });
    expect(response.headers.get("allow")).toBe("POST, OPTIONS");
    expect(await codeOf(response)).toEqual([405, "method_not_allowed"]);
  });

  test("every answer has a request id, the caller's own if it is harmless", async () => {
    const ours = await api.fetch("/v1/runs", null, { headers: { "x-request-id": "a b" } });
    expect(ours.headers.get("x-request-id")).toMatch(/^[\da-f-]{36}$/);
    const theirs = await api.fetch("/livez", null, { headers: { "x-request-id": "trace-1" } });
    expect(theirs.headers.get("x-request-id")).toBe("trace-1");
    for (const path of ["/v1/%zz", `/v1/runs/${"x".repeat(200)}`]) {
      const refused = await api.fetch(path, null, { headers: { "x-request-id": "trace-2" } });
      expect(refused.headers.get("x-request-id")).toBe("trace-2");
    }
  });
});

describe("browsers", () => {
  const ask = (path: string, origin?: string) =>
    api.fetch(path, null, { method: "OPTIONS", headers: origin ? { origin } : {} });

  test("any origin may call the functions, with the headers that clients send", async () => {
    const response = await ask("/functions/v1/cmo-kernel", "https://anywhere.example");
    expect(response.status).toBe(204);
    expect(response.headers.get("access-control-allow-origin")).toBe("*");
    const allowed = response.headers.get("access-control-allow-headers") ?? "";
    for (const name of ["authorization", "x-client-info", "apikey", "content-type"]) {
      expect(allowed.split(", ")).toContain(name);
    }
    expect(response.headers.has("access-control-allow-credentials")).toBe(false);
  });

  test("only the origins that are configured may call the native routes", async () => {
    const own = await ask("/v1/runs", "https://app.example.com");
    expect(own.headers.get("access-control-allow-origin")).toBe("https://app.example.com");
    for (const origin of ["null", "http://app.example.com", "https://app.example.com.evil.com"]) {
      const response = await ask("/v1/runs", origin);
      expect(response.status).toBe(204);
      expect(response.headers.has("access-control-allow-origin")).toBe(false);
    }
  });

  test("OPTIONS without an origin is no error, anywhere", async () => {
    for (const path of ["/", "/v1/runs", "/functions/v1/cmo-plan-90day", "/nothing"]) {
      expect((await ask(path)).status).toBe(204);
    }
  });
});

describe("an outage", () => {
  test("of Redis leaves submits at 202, refuses streams before there is a run", async () => {
    const crippled = await startApi({ REDIS_URL: `redis://${NOBODY}` });
    const { user: own } = await createTenant();
    for (const [path, headers] of [
      ["/functions/v1/cmo-plan-90day", {}],
      ["/v1/runs", { accept: "text/event-stream" }],
      ["/v1/runs", { prefer: "wait=5" }],
    ] as const) {
      const json = path === "/v1/runs" ? submission : {};
      const response = await crippled.fetch(path, own.token, { json, headers });
      expect(response.headers.get("retry-after")).toBe("2");
      expect(await codeOf(response)).toEqual([503, "queue_unavailable"]);
    }
    const none = runPageSchema.parse(await (await crippled.fetch("/v1/runs", own.token)).json());
    expect(none.runs).toEqual([]);

    const accepted = await crippled.fetch("/v1/runs", own.token, { json: submission });
    expect(accepted.status).toBe(202);
    const { id } = runSchema.parse(await accepted.json());
    expect((await crippled.fetch(`/v1/runs/${id}`, own.token)).status).toBe(200);
    const cancelled = await crippled.fetch(`/v1/runs/${id}/cancel`, own.token, { method: "POST" });
    expect(cancelled.status).toBe(200);
    const events = await (await crippled.fetch(`/v1/runs/${id}/events`, own.token)).text();
    expect(events).toContain("event: cancelled");

    const ready = await crippled.fetch("/readyz", null);
    expect(ready.status).toBe(503);
    expect(await ready.json()).toMatchObject({ checks: { database: "ok", queue: "away" } });
    expect((await crippled.fetch("/livez", null)).status).toBe(200);
  });

  test("of Supabase is 503 with a Retry-After, never a 401", async () => {
    const crippled = await startApi({ SUPABASE_URL: `http://${NOBODY}` });
    const response = await crippled.fetch("/v1/runs", user.token);
    expect(response.headers.get("retry-after")).toBe("2");
    expect(await codeOf(response)).toEqual([503, "auth_unavailable"]);
    expect((await crippled.fetch("/readyz", null)).status).toBe(503);
  });
});

describe("descriptions", () => {
  test("the agents come with schemas of what goes in and comes out", async () => {
    const response = await api.fetch("/v1/agents", user.token);
    expect(await response.json()).toMatchObject({
      agents: expect.arrayContaining([
        expect.objectContaining({
          mode: "strategy",
          agent: "cmo-plan-90day",
          input: expect.objectContaining({ type: "object" }),
          output: expect.objectContaining({ type: "object" }),
        }),
      ]),
    });
  });

  test("/docs needs nothing from elsewhere", async () => {
    const response = await api.fetch("/docs/", null);
    expect(response.headers.get("content-security-policy")).toContain("connect-src 'self'");
    const docs = await response.text();
    expect(docs).not.toMatch(/(src|href)="https?:/);
  });
});
