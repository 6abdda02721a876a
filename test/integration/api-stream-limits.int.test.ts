/** Open streams of the API: how many a user, a tenant and a process may have, and what refusals say. */
import { problemSchema, runSchema } from "@cmo/shared/contract";
import { describe, expect, test } from "vitest";
import { startApi, type TestApi } from "../support/api.ts";
import { eventually } from "../support/eventually.ts";
import { type Limits, limitTenant } from "../support/limits.ts";
import { countRuns, query } from "../support/query.ts";
import { createMember, createTenant, type Tenant, type TestUser } from "../support/tenant.ts";

const [api, beside] = await Promise.all([startApi(), startApi()]);
const submission = { mode: "strategy", payload: { primaryGoal: "Grow" } };

interface Limited extends Tenant {
  readonly runId: string;
}

/** A tenant with a run that waits for a worker. */
async function limitedTenant(limits: Limits): Promise<Limited> {
  const tenant = await createTenant();
  await limitTenant(query, tenant.tenantId, limits);
  const response = await api.fetch("/v1/runs", tenant.user.token, { json: submission });
  return { ...tenant, runId: runSchema.parse(await response.json()).id };
}

const open: AbortController[] = [];
async function openStream(
  { runId, user }: { readonly runId: string; readonly user: TestUser },
  at: TestApi = api,
): Promise<Response> {
  const abort = new AbortController();
  open.push(abort);
  const headers = { accept: "text/event-stream" };
  const { signal } = abort;
  return at.fetch(`/v1/runs/${runId}/events`, user.token, { headers, signal });
}

function closeAll(): void {
  for (const abort of open.splice(0)) abort.abort();
}

function statusesOf(responses: readonly Response[]): number[] {
  return responses.map(({ status }) => status);
}

test("a user may open so many streams over all processes, and another one when one is closed", async () => {
  const tenant = await limitedTenant({ max_user_streams: 2 });
  const streams = [await openStream(tenant), await openStream(tenant, beside)];
  const refused = await openStream(tenant);
  expect(statusesOf([...streams, refused])).toEqual([200, 200, 429]);
  expect(problemSchema.parse(await refused.json())).toMatchObject({
    code: "too_many_streams",
    error: "Rate limits exceeded",
    detail: "You have as many streams open as allowed: 2. Close one of them and retry.",
    scope: "user",
    window: "streams",
    limit: 2,
    remaining: 0,
    retry_after: 5,
  });
  expect(refused.headers.get("retry-after")).toBe("5");
  expect(refused.headers.get("ratelimit")).toBe('"user-streams";r=0;t=5');
  expect(refused.headers.get("ratelimit-policy")).toBe(
    '"user-streams";q=2;qu="concurrent-requests"',
  );
  closeAll();
  await eventually(
    async () => (await openStream(tenant)).status,
    (status) => status === 200,
  );
  closeAll();
});

test("the users of a tenant share its streams", async () => {
  const tenant = await limitedTenant({ max_streams: 2 });
  const colleague = await createMember(tenant.workspaceId, "viewer");
  const streams = [
    await openStream(tenant),
    await openStream({ ...tenant, user: colleague }),
    await openStream(tenant),
  ];
  expect(statusesOf(streams)).toEqual([200, 200, 429]);
  expect(problemSchema.parse(await streams[2]?.json())).toMatchObject({
    scope: "tenant",
    detail: expect.stringContaining("The users of this tenant have as many streams open"),
  });
  closeAll();
});

describe("without a free place", () => {
  test.each([
    ["/v1/runs", { accept: "text/event-stream" }],
    ["/functions/v1/cmo-kernel", { accept: "text/event-stream" }],
    ["/functions/v1/cmo-kernel", {}],
    ["/functions/v1/cmo-plan-90day", {}],
  ])("%s with %j is refused before a run exists", async (path, headers) => {
    const tenant = await limitedTenant({ max_user_streams: 0 });
    const json = path === "/functions/v1/cmo-plan-90day" ? submission.payload : submission;
    const refused = await api.fetch(path, tenant.user.token, { json, headers });
    expect(problemSchema.parse(await refused.json())).toMatchObject({
      status: 429,
      code: "too_many_streams",
      error: "Rate limits exceeded",
    });
    expect(await countRuns(tenant.workspaceId)).toBe(1);
  });

  test("a submit and a read that would wait are answered at once", async () => {
    const tenant = await limitedTenant({ max_user_streams: 0 });
    const { token } = tenant.user;
    const headers = { prefer: "wait=30" };
    const accepted = await api.fetch("/v1/runs", token, { json: submission, headers });
    expect(accepted.status).toBe(202);
    const read = await api.fetch(`/v1/runs/${tenant.runId}?wait=30`, token);
    expect(read.status).toBe(200);
    expect(runSchema.parse(await read.json()).status).toBe("running");
    const json = { steps: ["strategy"], payload: submission.payload };
    const submitted = await api.fetch("/v1/pipelines", token, { json });
    const pipeline = await api.fetch(`${submitted.headers.get("location")}?wait=30`, token);
    expect(pipeline.status).toBe(200);
    const headersOf = { accept: "text/event-stream" };
    const events = `${submitted.headers.get("location")}/events`;
    expect((await api.fetch(events, token, { headers: headersOf })).status).toBe(429);
  });
});

test("a process with too many streams answers 503 and says when to come again", async () => {
  const small = await startApi({ MAX_STREAMS: "1" });
  const tenant = await limitedTenant({});
  expect((await openStream(tenant, small)).status).toBe(200);
  const refused = await openStream(await limitedTenant({}), small);
  expect(refused.status).toBe(503);
  expect(refused.headers.get("retry-after")).toBe("5");
  expect(problemSchema.parse(await refused.json())).toMatchObject({ code: "streams_exhausted" });
  closeAll();
});

test("a limit that an operator changes takes effect within seconds", async () => {
  const tenant = await limitedTenant({ max_user_streams: 0 });
  expect((await openStream(tenant)).status).toBe(429);
  await limitTenant(query, tenant.tenantId, { max_user_streams: 1 });
  await eventually(
    async () => (await openStream(tenant)).status,
    (status) => status === 200,
  );
  closeAll();
});
