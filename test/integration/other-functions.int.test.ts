/** Functions of the project that are not ours, under the address of ours. */
import { once } from "node:events";
import { createServer, type IncomingMessage, request } from "node:http";
import { buffer } from "node:stream/consumers";
import { afterAll, describe, expect, test } from "vitest";
import { startApi } from "../support/api.ts";
import { createUser } from "../support/tenant.ts";

interface Seen {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingMessage["headers"];
  readonly bytes: number;
}

const seen: Seen[] = [];
let continueStream = Promise.withResolvers<void>();
let left = Promise.withResolvers<void>();

const project = createServer(async (incoming, outgoing) => {
  const bytes = (await buffer(incoming)).length;
  const { method, url, headers } = incoming;
  seen.push({ method, url, headers, bytes });
  if (url?.includes("refusing")) {
    outgoing.writeHead(418, { "content-type": "application/json", "x-own": "1" });
    outgoing.end('{"error":"A teapot"}');
    return;
  }
  if (!url?.includes("streaming")) {
    outgoing.writeHead(200, { "content-type": "text/plain", "access-control-allow-origin": "*" });
    outgoing.end(`${method} ${bytes}`);
    return;
  }
  outgoing.once("close", left.resolve);
  outgoing.writeHead(200, { "content-type": "text/event-stream" });
  outgoing.write("data: first\n\n");
  await continueStream.promise;
  outgoing.end("data: last\n\n");
});
project.listen(0, "127.0.0.1");
await once(project, "listening");
const address = project.address();
const port = typeof address === "object" ? (address?.port ?? 0) : 0;
afterAll(() => {
  project.closeAllConnections();
  project.close();
});

const api = await startApi({ FUNCTIONS_UPSTREAM_URL: `http://127.0.0.1:${port}/functions/v1` });
const alone = await startApi();
const call = (path: string, init: RequestInit = {}) =>
  fetch(`${api.url}/functions/v1${path}`, init);
const lastSeen = () => seen.at(-1);

describe("a function that is not ours", () => {
  test.each(["GET", "POST", "PUT", "PATCH", "DELETE"])(
    "passes with method %s, query, headers and body",
    async (method) => {
      const body = method === "GET" ? {} : { body: "name=value" };
      const response = await call("/send-invoice/2?a=1&b=%2F", {
        ...body,
        method,
        headers: {
          authorization: "Bearer theirs",
          apikey: "key",
          "content-type": "application/x-www-form-urlencoded",
          "x-client-info": "supabase-js/2",
        },
      });
      expect(response.status).toBe(200);
      expect(await response.text()).toBe(`${method} ${method === "GET" ? 0 : 10}`);
      expect(lastSeen()).toMatchObject({
        method,
        url: "/functions/v1/send-invoice/2?a=1&b=%2F",
        headers: {
          host: `127.0.0.1:${port}`,
          authorization: "Bearer theirs",
          apikey: "key",
          "content-type": "application/x-www-form-urlencoded",
          "x-client-info": "supabase-js/2",
          "x-forwarded-for": "127.0.0.1",
        },
      });
    },
  );

  test("gets a body that is larger than any of ours, as it is sent", async () => {
    const body = new Uint8Array(2 * 1024 * 1024).fill(0x61);
    const response = await call("/upload", { method: "POST", body });
    expect(await response.text()).toBe(`POST ${body.length}`);
  });

  test("gets a compressed body as it is, which ours would refuse", async () => {
    const headers = { "content-encoding": "gzip", "content-type": "application/json" };
    const response = await call("/upload", { method: "POST", body: new Uint8Array(7), headers });
    expect(await response.text()).toBe("POST 7");
    expect(lastSeen()?.headers["content-encoding"]).toBe("gzip");
    expect((await call("/cmo-kernel", { method: "POST", body: "{}", headers })).status).toBe(415);
  });

  test("answers with its own status, headers and body", async () => {
    const response = await call("/refusing", { method: "POST", body: "{}" });
    expect(response.status).toBe(418);
    expect(response.headers.get("x-own")).toBe("1");
    expect(await response.json()).toEqual({ error: "A teapot" });
  });

  test("streams as it speaks, and hears when its reader leaves", async () => {
    const response = await call("/streaming");
    const reader = response.body?.getReader();
    const first = await reader?.read();
    expect(new TextDecoder().decode(first?.value)).toBe("data: first\n\n");
    continueStream.resolve();
    const last = await reader?.read();
    expect(new TextDecoder().decode(last?.value)).toBe("data: last\n\n");

    [continueStream, left] = [Promise.withResolvers(), Promise.withResolvers()];
    const leaving = new AbortController();
    await call("/streaming", { signal: leaving.signal });
    leaving.abort();
    await left.promise;
    continueStream.resolve();
  });

  test("is allowed by a preflight with any method", async () => {
    const response = await call("/anything", {
      method: "OPTIONS",
      headers: {
        origin: "https://app.example.com",
        "access-control-request-method": "PATCH",
        "access-control-request-headers": "authorization,apikey",
      },
    });
    expect(response.ok).toBe(true);
    expect(response.headers.get("access-control-allow-origin")).toBe("*");
    expect(response.headers.get("access-control-allow-methods")).toContain("PATCH");
  });

  test("that does not answer is an outage with a code", async () => {
    const silent = await startApi({ FUNCTIONS_UPSTREAM_URL: "http://127.0.0.1:9/functions/v1" });
    const response = await fetch(`${silent.url}/functions/v1/anything`, { method: "POST" });
    expect(response.status).toBe(502);
    expect(response.headers.get("retry-after")).toBe("2");
    expect(await response.json()).toMatchObject({ code: "upstream_unavailable" });
  });
});

/** `fetch` resolves `..` itself. */
function getRaw(path: string): Promise<number | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<number | undefined>();
  request(api.url, { path }, (response) => {
    response.resume();
    resolve(response.statusCode);
  })
    .on("error", reject)
    .end();
  return promise;
}

test.each([
  "/functions/v1/../rest/v1/agent_runs",
  "/functions/v1/name/../../../rest/v1/agent_runs",
  "/functions/v1/%2e%2e/rest/v1/agent_runs",
  "/functions/v1/..%2frest",
  "/functions/v1//elsewhere.example.com/",
  "/functions/v1/name/%5c..",
  "/functions/v1/",
])("%s reaches nothing", async (path) => {
  const before = seen.length;
  expect(await getRaw(path)).toBe(404);
  expect(seen).toHaveLength(before);
});

test("our own functions are never passed on, whatever the method", async () => {
  const before = seen.length;
  for (const name of ["cmo-kernel", "cmo-plan-90day"]) {
    const response = await call(`/${name}`);
    expect(response.status).toBe(405);
    expect(response.headers.get("allow")).toContain("POST");
    expect((await call(`/${name}`, { method: "POST", body: "{}" })).status).toBe(401);
  }
  expect(seen).toHaveLength(before);
});

test("without a project behind us, another function is not found", async () => {
  const { token } = await createUser();
  const response = await alone.fetch("/functions/v1/send-invoice", token, { json: {} });
  expect(response.status).toBe(404);
  expect(await response.json()).toMatchObject({
    error: expect.stringContaining("FUNCTIONS_UPSTREAM_URL"),
  });
});
