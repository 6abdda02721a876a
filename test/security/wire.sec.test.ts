import { describe, expect, test } from "vitest";
import { rawExchange, rawRequest } from "../support/raw-http.ts";
import { createTenant } from "../support/tenant.ts";
import { apiUrl, callApi, expectProblem, openApi, submit } from "./support/call-api.ts";

const { user } = await createTenant();
const authorization = `Authorization: Bearer ${user.token}`;

describe("S40: heads and addresses are bounded and mean what they say", () => {
  test("S40: a header of 64 kB, and two thousand headers", async () => {
    const long = await rawRequest(apiUrl(), [
      "GET /v1/runs HTTP/1.1",
      `X-Long: ${"x".repeat(64 * 1024)}`,
    ]);
    expect(long.status).toBe(431);
    const filler = Array.from({ length: 2_000 }, (_, index) => `X-${index}: ${"x".repeat(20)}`);
    expect((await rawRequest(apiUrl(), ["GET /v1/runs HTTP/1.1", ...filler])).status).toBe(431);
  });

  test("S40: an address of 8 kB finds nothing, one of 64 kB is not read", async () => {
    const path = `/v1/runs/${"a".repeat(8 * 1024)}`;
    expect([400, 404, 414]).toContain(
      (await rawRequest(apiUrl(), [`GET ${path} HTTP/1.1`, authorization])).status,
    );
    const longer = `/v1/runs?x=${"a".repeat(64 * 1024)}`;
    expect([414, 431]).toContain(
      (await rawRequest(apiUrl(), [`GET ${longer} HTTP/1.1`, authorization])).status,
    );
  });

  test.each([
    "/v1/runs/..%2f..%2fversion",
    "/v1/runs/%2e%2e/%2e%2e/version",
    "/v1/runs/..%5c..%5cversion",
    "/v1%2fruns",
    "/functions/v1/..%2f..%2fv1%2fruns",
    "/functions/v1/cmo-kernel%00",
    "/functions/v1/cmo-kernel;x=1",
    "//v1/runs",
  ])("S40: no encoded way leads to another route: %s", async (path) => {
    for (const line of [`GET ${path} HTTP/1.1`, `POST ${path} HTTP/1.1`]) {
      const answer = await rawRequest(apiUrl(), [line, authorization, "Content-Length: 0"]);
      expect([400, 404, 405]).toContain(answer.status);
    }
  });

  test.each(["TRACE", "CONNECT", "PUT", "DELETE", "PATCH", "PROPFIND", "FOO"])(
    "S40: %s is not served",
    async (method) => {
      const answer = await rawRequest(apiUrl(), [`${method} /v1/runs HTTP/1.1`, authorization]);
      // Node closes on a CONNECT that nobody serves, without a word.
      expect([400, 404, 405, null]).toContain(answer.status);
      expect(answer.text).not.toContain(user.token);
    },
  );

  test("S40: no header makes one method another", async () => {
    for (const name of ["x-http-method-override", "x-method-override", "x-http-method"]) {
      const headers = { [name]: "DELETE" };
      expect((await callApi("/v1/runs", { token: user.token, headers })).status).toBe(200);
    }
  });

  test.each([
    ["two lengths", ["Content-Length: 0", "Content-Length: 5"]],
    ["a length and chunks", ["Content-Length: 5", "Transfer-Encoding: chunked"]],
    ["an odd coding", ["Transfer-Encoding: chunked, identity"]],
    ["a space before the colon", ["Content-Length : 5"]],
    ["a folded line", ["X-Folded: a\r\n b"]],
    ["a bare line feed", ["X-Bare: a\nInjected: b"]],
  ])("S40: a head that two servers could read differently is refused: %s", async (_, lines) => {
    const answer = await rawRequest(
      apiUrl(),
      ["POST /v1/runs HTTP/1.1", authorization, ...lines],
      "0\r\n\r\n",
    );
    expect(answer.status).toBe(400);
    expect(answer.text.match(/HTTP\/1\.1/g)).toHaveLength(1);
  });

  test("S40: a request's own id cannot write headers or log lines", async () => {
    for (const id of ["a b", "x".repeat(200), '{"level":50}', "<script>"]) {
      const answer = await callApi("/v1/runs", { headers: { "x-request-id": id } });
      expect(answer.headers.get("x-request-id")).toMatch(/^[\w-]{36}$/);
      expect(answer.text).not.toContain(id);
    }
  });
});

describe("S42: who sends slowly holds a connection for a bounded time, and nobody up", () => {
  /** As slow as a request can be: one byte in a while, for as long as the API listens. */
  const drip = (start: string) =>
    rawExchange(apiUrl(), (write, signal) => {
      write(start);
      const timer = setInterval(() => write("x"), 100);
      signal.addEventListener("abort", () => clearInterval(timer));
    });
  const HEAD = "POST /v1/runs HTTP/1.1\r\nHost: x\r\n";
  const body = `${HEAD}${authorization}\r\nContent-Type: application/json\r\nContent-Length: 200000\r\n\r\n`;

  test("S42: five hundred slow heads and slow bodies are cut off, and others are served meanwhile", async () => {
    const slow = Array.from({ length: 500 }, (_, index) =>
      drip(index % 2 === 0 ? `${HEAD}X-Slow: ` : body),
    );
    const startedAt = performance.now();
    const served = await callApi("/v1/runs", { token: user.token });
    expect(served.status).toBe(200);
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    for (const { status } of await Promise.all(slow)) expect([408, 400, null]).toContain(status);
  });

  test("S42: a connection that says nothing at all is cut off too", async () => {
    const { status } = await rawExchange(apiUrl(), () => {});
    expect([408, null]).toContain(status);
  });
});

describe("S43: what a proxy would say is not believed from just anybody", () => {
  const forged = {
    "x-forwarded-for": "127.0.0.1",
    "x-forwarded-host": "evil.example.test",
    "x-forwarded-proto": "https",
    forwarded: "for=127.0.0.1;host=evil.example.test",
    "x-real-ip": "127.0.0.1",
    "x-original-url": "/version",
    "x-rewrite-url": "/version",
  };

  test("S43: no forged header opens anything, or gets into an answer", async () => {
    expectProblem(await callApi("/v1/runs", { headers: forged }), 401, "missing_token");
    const answer = await submit(user.token, {}, forged);
    expect(answer.status).toBe(202);
    expect(answer.headers.get("location")).toMatch(/^\/v1\/runs\/[\w-]{36}$/);
    for (const text of [answer.text, JSON.stringify([...answer.headers])]) {
      expect(text).not.toContain("evil.example.test");
    }
  });

  test("S43: the Host header is nobody's address", async () => {
    const answer = await rawRequest(apiUrl(), ["GET /openapi.json HTTP/1.1"]);
    expect(answer.status).toBe(200);
    expect(answer.text).not.toContain("api.example.test");
  });
});

test("S40: after all of it a stream is still served", async () => {
  const response = await openApi("/v1/agents", { token: user.token });
  expect(response.status).toBe(200);
  await response.body?.cancel();
});
