import { randomUUID } from "node:crypto";
import { runSchema } from "@cmo/shared/contract";
import { newRunId } from "@cmo/shared/runtime";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import type { HttpCall } from "../support/http.ts";
import { query } from "../support/query.ts";
import { callRest } from "../support/rest.ts";
import { waitForEnd } from "./support/call-api.ts";
import { createTwoTenants, expectNothingOf } from "./support/two-tenants.ts";

const { attacker, victim } = await createTwoTenants();
const { token } = attacker.user;
const rpc = (name: string, json: object, as: string | undefined = token) =>
  callRest(`rpc/${name}`, as === undefined ? { json } : { json, token: as });

const createdSchema = z.object({ created: z.boolean(), run: runSchema });
const newRun = (members: Record<string, unknown> = {}) => ({
  p_id: newRunId(),
  p_mode: "strategy",
  p_input: {},
  ...members,
});
const theirs = createdSchema.parse(
  JSON.parse((await rpc("create_run", newRun(), victim.user.token)).text),
).run;
await waitForEnd(victim.user.token, theirs.id);
const mine = createdSchema.parse(JSON.parse((await rpc("create_run", newRun())).text)).run;

/** PostgREST's words for "you may not", to a user and to nobody. */
const DENIED = [401, 403, 404];

describe("S22: runs are written by nobody but the ledger's functions", () => {
  const writes: readonly [string, string, HttpCall][] = [
    [
      "a row of one's own invention",
      "agent_runs",
      { json: { id: randomUUID(), mode: "strategy" } },
    ],
    [
      "an own run's ending",
      `agent_runs?id=eq.${mine.id}`,
      { method: "PATCH", json: { status: "completed" } },
    ],
    [
      "an own run's owner",
      `agent_runs?id=eq.${mine.id}`,
      { method: "PATCH", json: { tenant_id: victim.tenantId } },
    ],
    ["another's run", `agent_runs?id=eq.${theirs.id}`, { method: "PATCH", json: { output: {} } }],
    ["the disappearance of all", "agent_runs?id=not.is.null", { method: "DELETE" }],
    [
      "an upsert over another's",
      "agent_runs",
      {
        // A generated column cannot be written by anybody, which is no refusal of this caller.
        json: { ...theirs, cost: undefined, status: "failed" },
        headers: { prefer: "resolution=merge-duplicates" },
      },
    ],
  ];
  test.each(writes)("S22: %s", async (_, path, call) => {
    const before = await query("select * from public.agent_runs where id = any ($1)", [
      [mine.id, theirs.id],
    ]);
    for (const who of [{ token }, {}]) {
      const answer = await callRest(path, { ...call, ...who });
      expect(DENIED).toContain(answer.status);
      expectNothingOf(victim, answer.text);
    }
    const after = await query("select * from public.agent_runs where id = any ($1)", [
      [mine.id, theirs.id],
    ]);
    expect(
      after.map(({ id, tenant_id, status, output }) => [id, tenant_id, status, output]),
    ).toEqual(before.map(({ id, tenant_id, status, output }) => [id, tenant_id, status, output]));
  });

  test("S22: nobody joins a workspace or a tenant by their own hand (leaks 5, 6)", async () => {
    const member = { workspace_id: victim.workspaceId, user_id: attacker.user.id, role: "owner" };
    const attempts: readonly [string, HttpCall][] = [
      ["workspace_members", { json: member }],
      [
        `workspace_members?user_id=eq.${attacker.user.id}`,
        { method: "PATCH", json: { workspace_id: victim.workspaceId } },
      ],
      [
        `workspaces?id=eq.${attacker.workspaceId}`,
        { method: "PATCH", json: { tenant_id: victim.tenantId } },
      ],
      [
        `workspaces?id=eq.${victim.workspaceId}`,
        { method: "PATCH", json: { owner_id: attacker.user.id } },
      ],
      ["tenants", { json: { name: "Mine", slug: randomUUID() } }],
    ];
    for (const [path, call] of attempts) {
      expect(DENIED).toContain((await callRest(path, { ...call, token })).status);
    }
    const sql = "select user_id from public.workspace_members where workspace_id = $1";
    expect(await query(sql, [victim.workspaceId])).toEqual([{ user_id: victim.user.id }]);
  });

  test("S22: no row is put into another tenant's workspace", async () => {
    const { workspaceId: workspace_id, tenantId: tenant_id } = victim;
    const tables = {
      cmo_brand_profiles: "brand_name",
      cmo_icp_segments: "segment_name",
      cmo_marketing_plans: "plan_name",
    };
    for (const [table, name] of Object.entries(tables)) {
      for (const ids of [
        { workspace_id },
        { workspace_id, tenant_id },
        { workspace_id, tenant_id: attacker.tenantId },
      ]) {
        const answer = await callRest(table, { token, json: { ...ids, [name]: "planted" } });
        expect(answer.status).toBeGreaterThanOrEqual(400);
        expectNothingOf(
          { ...victim, workspaceId: victim.word, tenantId: victim.word },
          answer.text,
        );
      }
      const sql = `select count(*)::int as n from public.${table} where ${name} = 'planted'`;
      expect(await query(sql)).toEqual([{ n: 0 }]);
    }
  });
});

describe("S23: the workers' functions are the workers'", () => {
  const run_id = theirs.id;
  const calls: readonly [string, object][] = [
    ["claim_next", { p_worker_id: randomUUID() }],
    ["claim_run", { p_run_id: run_id, p_worker_id: randomUUID() }],
    [
      "finalize_run",
      { p_run_id: run_id, p_attempt: 1, p_result: { status: "completed", output: {} } },
    ],
    ["release_run", { p_run_id: run_id, p_attempt: 1, p_release: { kind: "failed" } }],
    ["sweep_runs", { p_worker_id: randomUUID() }],
    ["heartbeat_worker", { p_worker_id: randomUUID() }],
    ["note_calls", { p_worker_id: randomUUID(), p_noted: [] }],
    ["reconcile_worker", { p_worker_id: randomUUID(), p_held: [] }],
  ];
  test.each(calls)("S23: %s, as a user and as nobody", async (name, json) => {
    for (const as of [token, victim.user.token, undefined]) {
      const answer = await callRest(
        `rpc/${name}`,
        as === undefined ? { json } : { json, token: as },
      );
      expect(DENIED).toContain(answer.status);
    }
  });
});

describe("S24: what can be read past the API is one's own", () => {
  const TABLES = [
    "agent_runs",
    "agent_run_attempts",
    "workspaces",
    "tenants",
    "workspace_members",
    "cmo_brand_profiles",
    "cmo_icp_segments",
    "cmo_marketing_plans",
    "cmo_funnels",
    "cmo_campaigns",
    "cmo_metrics_snapshots",
    "cmo_versions",
  ];

  test.each(TABLES)("S24: %s, rows and counts", async (table) => {
    for (const filter of ["", `&workspace_id=eq.${victim.workspaceId}`, "&limit=1000"]) {
      const headers = { prefer: "count=exact" };
      const answer = await callRest(`${table}?select=*${filter}`, { token, headers });
      expectNothingOf(victim, answer.text);
      if (filter.startsWith("&workspace_id")) {
        expect(answer.status === 200 ? JSON.parse(answer.text) : []).toEqual([]);
        expect(answer.headers.get("content-range") ?? "*/0").toMatch(/\/0$/);
      }
    }
  });

  test("S24: embedded rows obey as rows do", async () => {
    const paths = [
      "workspaces?select=*,agent_runs(*)",
      "tenants?select=*,workspaces(*)",
      "cmo_funnels?select=*,cmo_funnel_stages(*)",
    ];
    for (const path of paths) expectNothingOf(victim, (await callRest(path, { token })).text);
  });

  test("S24: nobody in particular reads nothing at all", async () => {
    for (const table of TABLES) {
      const answer = await callRest(`${table}?select=*`);
      expect(answer.status === 200 ? JSON.parse(answer.text) : []).toEqual([]);
    }
  });
});

test("S26: of the functions that can be called, nobody may call any, and users only what is theirs", async () => {
  const sql = `select p.proname as name, array_remove(p.proargnames, null) as names
    from pg_proc p where p.pronamespace = 'public'::regnamespace and p.prokind = 'f'
      and p.prorettype <> 'trigger'::regtype`;
  const functions = z
    .array(z.object({ name: z.string(), names: z.array(z.string()).nullable() }))
    .parse(await query(sql));
  expect(functions.length).toBeGreaterThan(5);
  const answered: string[] = [];
  for (const { name, names } of functions) {
    const json = Object.fromEntries((names ?? []).map((argument) => [argument, null]));
    const nobody = await callRest(`rpc/${name}`, { json });
    if (nobody.status < 400) answered.push(`nobody: ${name}`);
    const user = await rpc(name, json);
    // Refused by the function itself is refused, but reached; these are the ones made for users.
    if (!DENIED.includes(user.status)) answered.push(name);
  }
  expect(answered.filter((name) => name.startsWith("nobody: ")).sort()).toEqual([
    "nobody: count_workers",
    "nobody: gateway_state",
  ]);
  expect(answered.filter((name) => !name.includes(":")).sort()).toEqual([
    "count_workers",
    "create_pipeline",
    "create_run",
    "create_workspace",
    "gateway_state",
    "import_metrics",
    "list_runs",
    "list_workspaces",
    "move_status",
    "stream_limits",
    "typical_costs",
    "usage_report",
  ]);
});
