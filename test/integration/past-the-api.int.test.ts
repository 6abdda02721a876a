/** What the API refuses, its function refuses: whoever calls it past the API gains nothing. */
import { randomUUID } from "node:crypto";
import { problemSchema } from "@cmo/shared/contract";
import { newRunId } from "@cmo/shared/runtime";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { startApi } from "../support/api.ts";
import { callRest } from "../support/rest.ts";
import { addMember, addWorkspace, createTenant, createUser } from "../support/tenant.ts";
import { sql } from "../support/user-run.ts";

const api = await startApi();
const [mine, theirs] = [await createTenant(), await createTenant()];
const viewer = await createUser();
await addMember(mine.workspaceId, viewer.id, "viewer");
const foreign = await placeForeignRows();
const theirRun = await createRun(theirs.user.token, {});

async function placeForeignRows() {
  const ids = {
    plan: randomUUID(),
    funnel: randomUUID(),
    stage: randomUUID(),
    campaign: randomUUID(),
  };
  const { workspaceId } = theirs;
  await sql(
    "insert into public.cmo_marketing_plans (id, workspace_id, plan_name) values ($1, $2, 'P')",
    [ids.plan, workspaceId],
  );
  await sql("insert into public.cmo_funnels (id, workspace_id, funnel_name) values ($1, $2, 'F')", [
    ids.funnel,
    workspaceId,
  ]);
  await sql(
    "insert into public.cmo_funnel_stages (id, funnel_id, stage_name, stage_type) values ($1, $2, 'S', 's')",
    [ids.stage, ids.funnel],
  );
  await sql(
    "insert into public.cmo_campaigns (id, workspace_id, campaign_name, campaign_type) values ($1, $2, 'C', 'c')",
    [ids.campaign, workspaceId],
  );
  return ids;
}

interface Asked {
  readonly token: string;
  readonly mode: string;
  /** JSON, so that it can say what no JavaScript value can. */
  readonly payload: string;
  readonly workspaceId: string | undefined;
  readonly tenantId: string | undefined;
  readonly key: string | undefined;
}

const ordinary: Asked = {
  token: mine.user.token,
  mode: "strategy",
  payload: "{}",
  workspaceId: undefined,
  tenantId: undefined,
  key: undefined,
};

async function askApi({ token, mode, payload, workspaceId, tenantId, key }: Asked) {
  const scope = JSON.stringify({ mode, workspace_id: workspaceId, tenant_id: tenantId });
  const response = await fetch(`${api.url}/v1/runs`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${token}`,
      "content-type": "application/json",
      ...(key === undefined ? {} : { "idempotency-key": key }),
    },
    body: `${scope.slice(0, -1)},"payload":${payload}}`,
  });
  const { status, code, workspaces } = z
    .looseObject({ status: z.int(), code: z.string(), workspaces: z.unknown().optional() })
    .parse(await response.json());
  return { status, code, workspaces };
}

async function askFunction({ token, mode, payload, workspaceId, tenantId, key }: Asked) {
  const args = JSON.stringify({
    p_id: newRunId(),
    p_mode: mode,
    p_workspace_id: workspaceId,
    p_tenant_claim: tenantId,
    p_idempotency_key: key,
  });
  const body = `${args.slice(0, -1)},"p_input":${payload}}`;
  return callRest("rpc/create_run", { token, body });
}

async function createRun(token: string, args: Readonly<Record<string, unknown>>): Promise<string> {
  const request = { p_id: newRunId(), p_mode: "strategy", p_input: {}, ...args };
  const { body } = await callRest("rpc/create_run", { token, body: JSON.stringify(request) });
  return z.object({ run: z.object({ id: z.guid() }) }).parse(body).run.id;
}

const nested = (levels: number) => `${'{"a":'.repeat(levels)}1${"}".repeat(levels)}`;

describe("refused with one code, through the API and past it", () => {
  const refused: [what: string, asked: Partial<Asked>, status: number, code: string][] = [
    ["an unknown mode", { mode: "poetry" }, 400, "unknown_mode"],
    ["a mode that every object has", { mode: "constructor" }, 400, "unknown_mode"],
    ["a payload that is a list", { payload: "[1]" }, 400, "invalid_request"],
    ["a payload that is too deep", { payload: nested(33) }, 400, "invalid_request"],
    ["a name that poisons", { payload: '{"__proto__":{"a":1}}' }, 400, "invalid_request"],
    ["an id that is none", { mode: "funnels", payload: '{"planId":"x"}' }, 400, "invalid_request"],
    ["a foreign workspace", { workspaceId: theirs.workspaceId }, 403, "workspace_forbidden"],
    ["an unknown workspace", { workspaceId: randomUUID() }, 403, "workspace_forbidden"],
    ["another's tenant", { tenantId: theirs.tenantId }, 403, "tenant_mismatch"],
    ["an unknown tenant", { tenantId: randomUUID() }, 403, "tenant_mismatch"],
    ["a viewer", { token: viewer.token }, 403, "role_forbidden"],
    ["a key of another alphabet", { key: "cl\u00e9" }, 400, "invalid_idempotency_key"],
    ["a key too long", { key: "k".repeat(256) }, 400, "invalid_idempotency_key"],
  ];
  test.each(refused)("%s", async (_, asked, status, code) => {
    const request = { ...ordinary, ...asked };
    expect(await askApi(request)).toMatchObject({ status, code });
    expect(await askFunction(request)).toMatchObject({ status, code });
  });

  const parents: [field: string, mode: string, id: string][] = [
    ["planId", "funnels", foreign.plan],
    ["funnelId", "optimization", foreign.funnel],
    ["stageId", "campaigns", foreign.stage],
    ["campaignId", "content", foreign.campaign],
  ];
  test.each(parents)("a foreign %s, which looks like an unknown one", async (field, mode, id) => {
    const answers = [];
    for (const named of [id, randomUUID()]) {
      const request = { ...ordinary, mode, payload: JSON.stringify({ [field]: named }) };
      const through = await askApi(request);
      expect(through).toMatchObject({ status: 400, code: "invalid_input" });
      const past = await askFunction(request);
      expect(past).toMatchObject({ status: 400, code: "invalid_input" });
      answers.push({ through, past: past.body });
    }
    expect(answers[0]).toEqual(answers[1]);
  });

  test("a key that was used for another request", async () => {
    const used = { ...ordinary, key: randomUUID() };
    await askFunction(used);
    const again = { ...used, payload: '{"budget":7}' };
    expect(await askApi(again)).toMatchObject({ status: 422, code: "idempotency_mismatch" });
    expect(await askFunction(again)).toMatchObject({ status: 422, code: "idempotency_mismatch" });
  });

  test("several workspaces and none named: both name the caller's, and no others", async () => {
    const { id, token } = await createUser();
    const workspaceIds = [
      await addWorkspace({ tenantId: mine.tenantId, ownerId: id }),
      await addWorkspace({ tenantId: theirs.tenantId, ownerId: id }),
    ];
    const through = await askApi({ ...ordinary, token });
    const past = await askFunction({ ...ordinary, token });
    expect(through).toMatchObject({ status: 400, code: "workspace_required" });
    expect(past).toMatchObject({ status: 400, code: "workspace_required" });
    const named = z.array(z.object({ id: z.guid() })).parse(through.workspaces);
    expect(named.map((one) => one.id).sort()).toEqual(workspaceIds.sort());
    const { details } = z.object({ details: z.string() }).parse(past.body);
    expect(JSON.parse(details)).toEqual({ workspaces: through.workspaces });
  });
});

describe("refused by whoever stands before the function, with the same status", () => {
  test.each([
    ["too large an input", JSON.stringify({ primaryGoal: "x".repeat(300_000) }), 413],
    ["a NUL", '{"primaryGoal":"a\\u0000b"}', 400],
    ["half a surrogate pair", '{"primaryGoal":"\\ud800"}', 400],
  ])("%s", async (_, payload, status) => {
    expect(await askApi({ ...ordinary, payload })).toMatchObject({ status });
    expect(await askFunction({ ...ordinary, payload })).toMatchObject({ status });
  });
});

describe("a foreign run and an unknown one", () => {
  const [known, unknown] = [theirRun, randomUUID()];
  /** The moment, the request's own id, and the address that was asked. */
  const DATED = ["date", "x-request-id", "content-location"];
  const headersOf = (headers: Headers) => [...headers].filter(([name]) => !DATED.includes(name));

  test.each([
    ["GET", ""],
    ["GET", "/events"],
    ["POST", "/cancel"],
    ["POST", "/retry"],
  ])(
    "%s /v1/runs/:id%s: body and headers are the same but for the request's id",
    async (method, suffix) => {
      const answers = [];
      for (const id of [known, unknown]) {
        const response = await api.fetch(`/v1/runs/${id}${suffix}`, mine.user.token, { method });
        const problem = problemSchema.parse(await response.json());
        answers.push({ headers: headersOf(response.headers), ...problem, request_id: "" });
      }
      expect(answers[0]).toEqual(answers[1]);
      expect(answers[0]).toMatchObject({ status: 404, code: "run_not_found" });
    },
  );

  test.each([
    ["its row", (id: string) => ({ path: `agent_runs?id=eq.${id}` })],
    ["its attempts", (id: string) => ({ path: `agent_run_attempts?run_id=eq.${id}` })],
    ["cancelling it", (id: string) => ({ path: "rpc/cancel_run", args: { p_run_id: id } })],
    [
      "trying it again",
      (id: string) => ({
        path: "rpc/create_run",
        args: { p_id: newRunId(), p_mode: "strategy", p_input: {}, p_retry_of: id },
      }),
    ],
  ])("%s, past the API: the same", async (_, ask) => {
    const { token } = mine.user;
    const answers = [];
    for (const id of [known, unknown]) {
      const { path, args } = { args: undefined, ...ask(id) };
      const body = args === undefined ? {} : { body: JSON.stringify(args) };
      const answer = await callRest(path, { token, ...body });
      answers.push({ ...answer, headers: headersOf(answer.headers) });
    }
    expect(answers[0]).toEqual(answers[1]);
  });
});

test("a brand of five megabytes is refused with the limit that it exceeds", async () => {
  const { token } = mine.user;
  const { workspaceId: workspace_id } = mine;
  const brand = JSON.stringify({ workspace_id, brand_name: "B" });
  await callRest("cmo_brand_profiles", { token, body: brand });
  const path = `cmo_brand_profiles?workspace_id=eq.${workspace_id}`;
  const body = JSON.stringify({ mission_statement: "x".repeat(5_000_000) });

  const answer = await callRest(path, { token, body, method: "PATCH" });

  expect(answer.status).toBe(400);
  expect(answer.body).toMatchObject({
    message: expect.stringContaining("mission_statement_has_at_most_20000_characters"),
  });
});
