import { describe, expect, test } from "vitest";
import type { Answer } from "../support/http.ts";
import { countRuns } from "../support/query.ts";
import { createTenant } from "../support/tenant.ts";
import {
  callApi,
  expectProblem,
  openApi,
  submit,
  submitRun,
  waitForEnd,
} from "./support/call-api.ts";
import { OUR_ORIGIN } from "./support/our-origin.ts";
import { addBrand } from "./support/two-tenants.ts";

const tenant = await createTenant();
const { token } = tenant.user;
const ALLOWED = "access-control-allow-origin";

const preflight = (path: string, origin: string) =>
  callApi(path, {
    method: "OPTIONS",
    headers: {
      origin,
      "access-control-request-method": "POST",
      "access-control-request-headers": "authorization,content-type",
    },
  });
const foreignOrigins = [
  "https://evil.test",
  "null",
  `${OUR_ORIGIN}.evil.test`,
  OUR_ORIGIN.replace("https:", "http:"),
  OUR_ORIGIN.replace("app.", "app-"),
  `${OUR_ORIGIN}:8443`,
  "https://example.test",
];

describe("S45: native routes answer to the pages that are configured, and to no other", () => {
  test.each(foreignOrigins)("S45: %s", async (origin) => {
    const answers = [
      await preflight("/v1/runs", origin),
      await callApi("/v1/runs", { token, headers: { origin } }),
      await callApi("/v1/runs", { headers: { origin } }),
    ];
    for (const { headers } of answers) {
      expect([null, OUR_ORIGIN]).toContain(headers.get(ALLOWED));
      expect(headers.get(ALLOWED)).not.toBe(origin);
    }
  });

  test("S45: our own page is served, and caches are told that the origin matters", async () => {
    for (const { headers } of [
      await preflight("/v1/runs", OUR_ORIGIN),
      await callApi("/v1/runs", { token, headers: { origin: OUR_ORIGIN } }),
    ]) {
      expect(headers.get(ALLOWED)).toBe(OUR_ORIGIN);
      expect(headers.get("vary")).toMatch(/origin/i);
    }
  });

  test("S45: the functions answer every page with a star, and never repeat what it calls itself", async () => {
    for (const origin of foreignOrigins) {
      const path = "/functions/v1/cmo-kernel";
      for (const { headers } of [
        await preflight(path, origin),
        await callApi(path, { json: {}, headers: { origin } }),
      ]) {
        expect(headers.get(ALLOWED)).toBe("*");
      }
    }
  });
});

describe("S46: there is nothing that a browser would send by itself", () => {
  test("S46: credentials are allowed nowhere", async () => {
    for (const path of ["/v1/runs", "/functions/v1/cmo-kernel", "/v1/agents"]) {
      for (const origin of [OUR_ORIGIN, "https://evil.test"]) {
        for (const { headers } of [
          await preflight(path, origin),
          await callApi(path, { token, headers: { origin } }),
        ]) {
          expect(headers.get("access-control-allow-credentials")).toBeNull();
          expect(headers.get("set-cookie")).toBeNull();
        }
      }
    }
  });

  test("S46: a token in a cookie is no token", async () => {
    for (const name of ["sb-access-token", "access_token", "authorization"]) {
      const headers = { cookie: `${name}=${token}` };
      expectProblem(await callApi("/v1/runs", { headers }), 401, "missing_token");
    }
  });
});

describe("S47: a form on another page does nothing", () => {
  const body = JSON.stringify({ mode: "strategy", payload: {} });
  test.each(["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])(
    "S47: %s without a token",
    async (type) => {
      for (const path of ["/v1/runs", "/functions/v1/cmo-kernel"]) {
        const headers = { "content-type": type, origin: "https://evil.test", cookie: `t=${token}` };
        expectProblem(await callApi(path, { body, headers }), 401, "missing_token");
      }
      expect(await countRuns(tenant.workspaceId)).toBe(0);
    },
  );

  test.each([
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "application/xml",
    "text/html",
    "application/jsonp",
  ])("S47: %s with one", async (type) => {
    const answer = await callApi("/v1/runs", { token, body, headers: { "content-type": type } });
    expectProblem(answer, 415, "unsupported_media_type");
  });
});

describe("S64: what a model writes is data to a browser", () => {
  const MARKUP =
    "<script>alert(1)</script><img src=x onerror=alert(1)> ![x](https://evil.test/?q=1) [y](javascript:alert(1))";

  function expectInert({ headers }: Pick<Answer, "headers">, type: RegExp): void {
    expect(headers.get("content-type")).toMatch(type);
    expect(headers.get("x-content-type-options")).toBe("nosniff");
  }

  test("S64: in a run, its list, its stream and the function's answer, none of them a page", async () => {
    await addBrand(tenant, { brand_name: MARKUP });
    const run = await submitRun(token, { payload: { primaryGoal: MARKUP } });
    const ended = await waitForEnd(token, run.id);
    expect(ended.output_text).toContain("<script>");
    for (const path of [`/v1/runs/${run.id}`, "/v1/runs"]) {
      expectInert(await callApi(path, { token }), /^application\/json/);
    }
    for (const format of ["events", "openai"]) {
      const stream = await callApi(`/v1/runs/${run.id}/events?format=${format}`, { token });
      expectInert(stream, /^text\/event-stream/);
      for (const line of stream.text.split("\n").filter((text) => text.startsWith("data: {"))) {
        expect(() => JSON.parse(line.slice("data: ".length))).not.toThrow();
      }
    }
    const json = { mode: "strategy", payload: { primaryGoal: MARKUP } };
    expectInert(await callApi("/functions/v1/cmo-kernel", { token, json }), /^application\/json/);
  });

  test("S64: in a refusal that quotes it", async () => {
    const answer = await submit(token, { mode: MARKUP });
    expectProblem(answer, 400, "unknown_mode");
    expectInert(answer, /^application\/problem\+json/);
    const lost = await callApi(`/${encodeURIComponent(MARKUP)}`, { token });
    expectInert(lost, /^application\/problem\+json/);
  });

  test("S64: no page frames an answer, and no cache that others share may keep it", async () => {
    const response = await openApi("/v1/runs", { token });
    await response.body?.cancel();
    const { headers } = response;
    const policy = headers.get("content-security-policy") ?? "";
    expect(policy.includes("frame-ancestors") || headers.get("x-frame-options") !== null).toBe(
      true,
    );
    // Without a word, an answer to a request with a token is for its sender alone (RFC 9111).
    expect(headers.get("cache-control") ?? "").not.toMatch(/public|s-maxage/);
    expect(headers.get("x-powered-by")).toBeNull();
    expect(headers.get("server")).toBeNull();
  });
});
