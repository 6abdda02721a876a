/** `/openapi.json` is generated from the routes: what it says of answers has to be what they are. */
import { randomUUID } from "node:crypto";
import { runSchema } from "@cmo/shared/contract";
import { expect, test } from "vitest";
import { z } from "zod";
import { startApi } from "../support/api.ts";
import { createTenant } from "../support/tenant.ts";

const api = await startApi();
const { user } = await createTenant();

const operationSchema = z.object({
  operationId: z.string(),
  parameters: z.array(z.object({ name: z.string(), in: z.string() })).default([]),
  security: z.array(z.unknown()).optional(),
  responses: z.record(
    z.string(),
    z.object({ content: z.record(z.string(), z.unknown()).default({}) }),
  ),
});
const { paths } = z
  .object({ paths: z.record(z.string(), z.record(z.string(), operationSchema)) })
  .parse(await (await api.fetch("/openapi.json", null)).json());
const operations = Object.entries(paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, ...operation })),
);

const OPEN = ["/livez", "/readyz", "/version"];

test("every address is there, and asks for a token unless it is open to all", () => {
  expect(operations).toHaveLength(OPEN.length + 8 + 7 + 4 + 3 + 2 + 2 + 1);
  for (const { path, security } of operations) {
    expect(security, path).toEqual(OPEN.includes(path) ? [] : undefined);
  }
});

test("every address that can refuse says so, as problems", () => {
  for (const { path, responses } of operations.filter((one) => !OPEN.includes(one.path))) {
    for (const status of ["4XX", "5XX"]) {
      const types = Object.keys(responses[status]?.content ?? {});
      expect(types, path).toEqual(["application/problem+json"]);
    }
  }
});

test("every operation has a name of its own, by which generated clients call it, and keeps it", () => {
  expect(operations.map(({ operationId }) => operationId).sort()).toEqual([
    "answerChat",
    "cancelPipeline",
    "cancelRun",
    "checkLiveness",
    "checkReadiness",
    "createChatCompletion",
    "createStreamTicket",
    "createWorkspace",
    "importMetrics",
    "invokeCampaigns",
    "invokeContent",
    "invokeFunnels",
    "invokeKernel",
    "invokeOptimization",
    "invokeSetup",
    "invokeStrategy",
    "listAgents",
    "listModels",
    "listRuns",
    "listWorkspaces",
    "readPipeline",
    "readRun",
    "readVersion",
    "reportUsage",
    "retryRun",
    "streamChat",
    "streamPipelineEvents",
    "streamRunEvents",
    "submitPipeline",
    "submitRun",
  ]);
});

test.each([
  ["submitRun", ["Accept", "Idempotency-Key", "Prefer", "X-Workspace-Id"]],
  ["readRun", ["If-None-Match"]],
  ["readPipeline", ["If-None-Match"]],
  ["streamRunEvents", ["Last-Event-ID"]],
  ["streamPipelineEvents", ["Last-Event-ID"]],
  ["retryRun", ["Idempotency-Key"]],
  ["listRuns", []],
])("the headers that %s reads are described", (name, headers) => {
  const parameters = operations.find(({ operationId }) => operationId === name)?.parameters ?? [];
  const sent = parameters.filter((parameter) => parameter.in === "header");
  expect(sent.map((parameter) => parameter.name).sort()).toEqual(headers);
});

const submitted = await api.fetch("/v1/runs", user.token, { json: { mode: "strategy" } });
const { id } = runSchema.parse(await submitted.json());
const ended = `/v1/runs/${id}`;
await api.fetch(`${ended}/cancel`, user.token, { method: "POST" });
const json = { mode: "strategy" };
const stream = { accept: "text/event-stream" };
const FUNCTION = "/functions/v1/cmo-plan-90day";

test.each([
  ["get", "/readyz", 200, {}],
  ["get", "/version", 200, {}],
  ["post", "/v1/runs", 202, { json }],
  ["post", "/v1/runs", 200, { json, headers: stream }],
  ["post", "/v1/runs", 400, { json: {} }],
  ["get", "/v1/runs", 200, {}],
  ["get", "/v1/runs/{id}", 200, {}],
  ["get", "/v1/runs/{id}/events", 200, {}],
  ["get", "/v1/runs/{id}/events", 204, { headers: { "last-event-id": "0-999999999" } }],
  ["get", "/v1/runs/{id}/events", 406, { headers: { accept: "text/html" } }],
  ["post", "/v1/runs/{id}/ticket", 200, { method: "POST" }],
  ["get", "/v1/chat/{id}/stream", 204, {}],
  ["post", "/v1/runs/{id}/cancel", 200, { method: "POST" }],
  ["post", "/v1/runs/{id}/retry", 202, { method: "POST" }],
  ["get", "/v1/agents", 200, {}],
  ["post", "/functions/v1/cmo-kernel", 202, { json, headers: { prefer: "respond-async" } }],
  ["post", "/functions/v1/cmo-kernel", 400, { json: {} }],
  ["post", FUNCTION, 403, { json: { workspaceId: randomUUID() } }],
] as const)("%s %s answers %i as described", async (method, path, status, init) => {
  const left = new AbortController();
  const address = path.replace("{id}", id);
  const response = await api.fetch(address, user.token, { ...init, signal: left.signal });
  expect(response.status).toBe(status);
  const responses = paths[path]?.[method]?.responses ?? {};
  const described = responses[status] ?? responses[`${String(status)[0]}XX`];
  const type = response.headers.get("content-type")?.split(";")[0];
  expect(described).toBeDefined();
  expect(Object.keys(described?.content ?? {})).toEqual(
    type === undefined ? [] : expect.arrayContaining([type]),
  );
  left.abort();
});

test("a poll that finds nothing new is described too", async () => {
  const known = (await api.fetch(ended, user.token)).headers.get("etag") ?? "";
  const headers = { "if-none-match": known };
  expect((await api.fetch(ended, user.token, { headers })).status).toBe(304);
  expect(paths["/v1/runs/{id}"]?.["get"]?.responses["304"]).toEqual({ content: {} });
});
