import { Redis } from "ioredis";
import { describe, expect, inject, test } from "vitest";
import { closeAfter } from "../support/close-after.ts";
import { eventually } from "../support/eventually.ts";
import { promptOf } from "../support/gateway-record.ts";
import { environmentOf, processesOf } from "../support/processes.ts";
import { query } from "../support/query.ts";
import { readRedis } from "../support/read-redis.ts";
import { callApi, expectProblem, readRun, submitRun, waitForEnd } from "./support/call-api.ts";
import { readLogs } from "./support/process-log.ts";
import { createTwoTenants, expectNothingOf } from "./support/two-tenants.ts";

const { attacker, victim } = await createTwoTenants();
const { token } = attacker.user;
const redis = new Redis(inject("stack").redisUrl);
closeAfter(async () => redis.disconnect());

/** Stops the workers for a moment, so that a job lies where it can be tampered with. */
async function whileWorkersSleep<Value>(tamper: () => Promise<Value>): Promise<Value> {
  const workers = processesOf("worker");
  for (const { pid } of workers) process.kill(pid, "SIGSTOP");
  try {
    return await tamper();
  } finally {
    for (const { pid } of workers) process.kill(pid, "SIGCONT");
  }
}

const jobKey = (runId: string) =>
  eventually(
    async () => (await redis.keys(`*:runs:${runId}-0`))[0] ?? "",
    (key) => key !== "",
  );

describe("S29: a job says which run to look at, and nothing else", () => {
  test("S29: what else is written into it is not read", async () => {
    const { id } = await whileWorkersSleep(async () => {
      const run = await submitRun(token, { payload: { primaryGoal: "Own goal" } });
      const data = {
        runId: run.id,
        tenantId: victim.tenantId,
        tenant_id: victim.tenantId,
        workspaceId: victim.workspaceId,
        workspace_id: victim.workspaceId,
        input: { planId: victim.planId, primaryGoal: "Forged goal" },
        messages: [{ role: "system", content: "Forged" }],
      };
      await redis.hset(await jobKey(run.id), "data", JSON.stringify(data));
      return run;
    });
    const ended = await waitForEnd(token, id);
    expect(ended).toMatchObject({ status: "completed", workspace_id: attacker.workspaceId });
    const prompt = await promptOf(id);
    expect(prompt).toContain("Own goal");
    expect(prompt).not.toContain("Forged");
    expectNothingOf(victim, prompt);
  });

  test("S29: pointed at another's finished run or at none, it is dropped, and its own run still ends", async () => {
    const theirs = await submitRun(victim.user.token, { payload: {} });
    const before = await waitForEnd(victim.user.token, theirs.id);
    const runs = await whileWorkersSleep(() =>
      Promise.all(
        [theirs.id, crypto.randomUUID(), "../../etc", 7, null].map(async (runId) => {
          const run = await submitRun(token, { payload: {} });
          await redis.hset(await jobKey(run.id), "data", JSON.stringify({ runId }));
          return run;
        }),
      ),
    );
    const ends = await Promise.all(runs.map(({ id }) => waitForEnd(token, id)));
    expect(new Set(ends.map(({ status }) => status))).toEqual(new Set(["completed"]));
    expect(await readRun(victim.user.token, theirs.id)).toEqual(before);
  });
});

describe("S28: the API holds no key that could see more than its user", () => {
  test("S28: neither the service key nor the gateway's is in its environment", () => {
    const [api] = processesOf("api");
    const environment = environmentOf(api?.pid ?? 0);
    expect(environment.get("SUPABASE_PUBLISHABLE_KEY")).toBe(inject("stack").publishableKey);
    expect([...environment.keys()]).not.toContain("SUPABASE_SECRET_KEY");
    expect([...environment.keys()]).not.toContain("LOVABLE_API_KEY");
    expect([...environment.values()]).not.toContain(inject("stack").secretKey);
  });

  test("S28: users whose requests mix in one process never see through each other's session", async () => {
    const runs = await Promise.all(
      [attacker, victim].map(({ user }) => submitRun(user.token, { payload: {} })),
    );
    const [mine, theirs] = runs.map(({ id }) => id);
    const looks = Array.from({ length: 60 }, (_, index) =>
      index % 2 === 0
        ? callApi(`/v1/runs/${theirs}`, { token }).then(({ status }) => status)
        : callApi(`/v1/runs/${mine}`, { token: victim.user.token }).then(({ status }) => status),
    );
    expect(new Set(await Promise.all(looks))).toEqual(new Set([404]));
  });
});

describe("S67: secrets stay where they are needed (leaks 12, 13)", () => {
  test("S67: no key, token or brand is in a log, and Redis knows ids and text of runs only", async () => {
    const word = `Goal${crypto.randomUUID()}`;
    const json = { mode: "strategy", payload: { primaryGoal: `${word} [[fault:invalid-output]]` } };
    const answer = await callApi("/functions/v1/cmo-kernel", { token, json });
    expect(answer.text).not.toContain(word);
    for (const path of ["/v1/runs/x", "/v1/runs?limit=x", "/nowhere"])
      await callApi(path, { token });

    const { secretKey, jwtSecret, environment } = inject("stack");
    const secrets = [secretKey, jwtSecret, environment["LOVABLE_API_KEY"] ?? "", token];
    expect(secrets.every((secret) => secret.length >= 8)).toBe(true);
    const [logs, stored] = [await readLogs(), await readRedis(redis)];
    const textOf = (entries: typeof stored) => entries.map(({ text }) => text).join("\n");
    const everything = textOf(stored);
    const queue = textOf(stored.filter(({ key }) => !key.startsWith("{run:")));
    for (const secret of secrets) {
      expect(logs.includes(secret)).toBe(false);
      expect(everything.includes(secret)).toBe(false);
    }
    for (const text of [word, victim.word]) {
      expect(logs.includes(text)).toBe(false);
      expect(queue.includes(text)).toBe(false);
    }
  });
});

describe("S70: what is for operators is not on the API's port (leak 9)", () => {
  test.each([
    "/metrics",
    "/admin",
    "/admin/queues",
    "/queues",
    "/bull-board",
    "/debug",
    "/debug/pprof",
    "/env",
    "/.env",
    "/.git/config",
    "/config",
    "/health/details",
    "/actuator",
    "/server-status",
    "/functions/v1/cmo-cron-weekly",
    "/functions/v1/cmo-optimizer-cron",
  ])("S70: %s", async (path) => {
    for (const call of [{}, { token }, { token, json: { cron: true } }]) {
      expectProblem(await callApi(path, call), 404, "route_not_found");
    }
  });

  test("S70: health says whether, not what", async () => {
    for (const path of ["/livez", "/readyz"]) {
      const { text } = await callApi(path);
      expect(text).not.toMatch(/\d+\.\d+\.\d+|postgres|redis|http:|127\.0\.0\.1/i);
    }
  });
});

test("S29: the rows of all runs here say the tenant of their creator (leak 16)", async () => {
  const sql = `select count(*)::int as n from public.agent_runs r join public.workspaces w on w.id = r.workspace_id
    where r.workspace_id = any ($1) and (r.tenant_id <> w.tenant_id or r.created_by <> w.owner_id)`;
  expect(await query(sql, [[attacker.workspaceId, victim.workspaceId]])).toEqual([{ n: 0 }]);
});
