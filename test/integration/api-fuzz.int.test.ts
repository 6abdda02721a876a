/** Some of the requests that `npm run test:fuzz` sends by the thousands. */
import { randomUUID } from "node:crypto";
import { createDeps } from "@cmo/api/deps";
import { apiEnvSchema } from "@cmo/api/env";
import { parseEnv } from "@cmo/shared/runtime";
import { expect, inject, test } from "vitest";
import { findFault } from "../fuzz/check-answer.ts";
import { FUZZ_ENVIRONMENT, runFuzz } from "../fuzz/run-fuzz.ts";
import { closeAfter } from "../support/close-after.ts";
import { eventually } from "../support/eventually.ts";
import { createTenant } from "../support/tenant.ts";

test("whatever is asked is answered: with what was wanted, or with a problem of the table", async () => {
  const env = parseEnv(apiEnvSchema, {
    ...inject("stack").environment,
    ...FUZZ_ENVIRONMENT,
    QUEUE_PREFIX: `test-${randomUUID()}`,
  });
  const deps = createDeps(env);
  closeAfter(() => deps.close());
  const parts = [deps.queue, deps.runLog, deps.hub];
  await eventually(() => parts.every((part) => part.isReady()), Boolean);
  const tenants = [await createTenant(), await createTenant()];
  const world = {
    tokens: tenants.map(({ user }) => user.token),
    workspaceIds: tenants.map(({ workspaceId }) => workspaceId),
    tenantIds: tenants.map(({ tenantId }) => tenantId),
    runIds: tenants.map(() => randomUUID()),
  };
  const report = await runFuzz({ deps, world, cases: 200, seed: 1 });
  expect(report.fault).toBeNull();
  expect(report.cases).toBe(200);
  // It proves nothing unless it gets past the first refusal.
  for (const status of [200, 400, 401, 404]) {
    expect(report.statuses[status], String(status)).toBeGreaterThan(0);
  }
});

test("an answer that is a 5xx, of another shape or with another code is a fault", () => {
  const problem = {
    type: "urn:x",
    title: "Not found",
    status: 404,
    detail: "Nothing here.",
    code: "route_not_found",
    error: "Nothing here.",
    request_id: "r",
    retryable: false,
  };
  const fault = (status: number, body: object, contentType = "application/problem+json") =>
    findFault({ status, contentType, text: JSON.stringify(body), tookMs: 1 });
  expect(fault(404, problem)).toBeNull();
  expect(fault(500, problem)).toContain("500");
  expect(fault(403, problem)).toContain("403");
  expect(fault(404, problem, "text/html")).toContain("text/html");
  expect(fault(404, { ...problem, code: "nope" })).toContain("nope");
  expect(fault(404, { ...problem, error: "Other" })).toContain("Other");
  expect(fault(404, { message: "x" })).toContain("not a problem document");
  expect(findFault({ status: 200, contentType: "", text: "", tookMs: 6000 })).toContain("6000 ms");
});
