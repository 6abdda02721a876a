/** The proxy that deploy/ recommends in front of a hosted project, with a real nginx. */
import { once } from "node:events";
import { createServer, request } from "node:http";
import { buffer } from "node:stream/consumers";
import { agentCatalog } from "@cmo/agents/catalog";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startApi } from "../support/api.ts";
import { type Nginx, startNginx } from "../support/nginx.ts";
import { createTenant } from "../support/tenant.ts";

/** What a hosted project would answer with: what reached it. */
const project = createServer(async (incoming, outgoing) => {
  const bytes = (await buffer(incoming)).length;
  outgoing.setHeader("content-type", "application/json");
  outgoing.end(JSON.stringify({ project: incoming.url, bytes, headers: incoming.headers }));
});
project.on("upgrade", (incoming, socket) => {
  socket.write(
    "HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n",
  );
  socket.end(`${incoming.headers.host} ${incoming.url}`);
});
project.listen(0, "127.0.0.1");
await once(project, "listening");
const address = project.address();
const port = typeof address === "object" ? (address?.port ?? 0) : 0;

const api = await startApi({ TRUST_PROXY: "127.0.0.1" });
let nginx: Nginx;
beforeAll(async () => {
  nginx = await startNginx("nginx-hosted.conf.template", {
    API_ORIGIN: api.url,
    SUPABASE_ORIGIN: `http://127.0.0.1:${port}`,
    SUPABASE_HOST: "project.example.com",
  });
}, 180_000);
afterAll(async () => {
  await nginx.stop();
  project.closeAllConnections();
  project.close();
});

const post = (path: string, init: RequestInit = {}) =>
  fetch(`${nginx.url}${path}`, { method: "POST", body: "{}", ...init });

test("our seven functions reach the API, and fifty others the project", async () => {
  for (const name of ["cmo-kernel", ...agentCatalog.map((card) => card.name)]) {
    const response = await post(`/functions/v1/${name}`);
    expect(response.status, name).toBe(401);
    expect(await response.json()).toMatchObject({ code: "missing_token" });
  }
  const others = Array.from({ length: 47 }, (_, index) => `function-${index}`);
  for (const name of [...others, "cmo-kernel-2", "cmo-create-plan", "cmo-plan-90day/x"]) {
    const response = await post(`/functions/v1/${name}?a=1`);
    expect(await response.json(), name).toMatchObject({
      project: `/functions/v1/${name}?a=1`,
      headers: { host: "project.example.com", "x-forwarded-for": "127.0.0.1" },
    });
  }
});

test("/v1 reaches the API, and everything else the project", async () => {
  const { user } = await createTenant();
  const authorization = `Bearer ${user.token}`;
  const runs = await fetch(`${nginx.url}/v1/runs`, { headers: { authorization } });
  expect(await runs.json()).toEqual({ runs: [], next: null });
  for (const path of ["/auth/v1/health", "/rest/v1/agent_runs?select=id", "/storage/v1/object/x"]) {
    expect(await (await fetch(`${nginx.url}${path}`)).json()).toMatchObject({ project: path });
  }
});

test("Realtime is upgraded", async () => {
  const asking = request(`${nginx.url}/realtime/v1/websocket?vsn=1`, {
    headers: { connection: "upgrade", upgrade: "websocket" },
  }).end();
  const [response, socket, head] = await once(asking, "upgrade");
  expect(response.statusCode).toBe(101);
  // What comes with the response is not in the socket any more.
  expect(`${head}${await buffer(socket)}`).toBe("project.example.com /realtime/v1/websocket?vsn=1");
});

test("2 MB pass to the project, and are refused for the API in words that a browser can read", async () => {
  const body = "x".repeat(2 * 1024 * 1024);
  const passed = await post("/functions/v1/upload", { body });
  expect(await passed.json()).toMatchObject({ bytes: body.length });
  for (const path of ["/functions/v1/cmo-kernel", "/v1/runs"]) {
    const refused = await post(path, { body });
    expect(refused.status).toBe(413);
    expect(refused.headers.get("access-control-allow-origin")).toBe("*");
    expect(await refused.json()).toMatchObject({
      code: "body_too_large",
      error: "The request body must not exceed 256 KiB.",
    });
  }
});
