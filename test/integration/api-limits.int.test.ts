/** What callers of the API are told about limits: headers of accepted submits, and refusals. */
import { randomUUID } from "node:crypto";
import { problemSchema, runSchema } from "@cmo/shared/contract";
import { describe, expect, test } from "vitest";
import { startApi } from "../support/api.ts";
import { limitTenant, withinMinute } from "../support/limits.ts";
import { query } from "../support/query.ts";
import { createTenant, type Tenant } from "../support/tenant.ts";

const api = await startApi();

const ROUTES = {
  native: ["/v1/runs", { mode: "strategy", payload: { primaryGoal: "Grow" } }],
  kernel: ["/functions/v1/cmo-kernel", { mode: "strategy", payload: { primaryGoal: "Grow" } }],
  pipeline: ["/v1/pipelines", { steps: ["strategy"], payload: { primaryGoal: "Grow" } }],
} as const;
type Route = keyof typeof ROUTES;

function submit(route: Route, { user }: Tenant, headers: Record<string, string> = {}) {
  const [path, json] = ROUTES[route];
  return api.fetch(path, user.token, {
    json,
    headers: { prefer: "respond-async", origin: "https://app.example.com", ...headers },
  });
}

function limitsOf({ headers }: Response): (string | null)[] {
  return [headers.get("ratelimit"), headers.get("ratelimit-policy"), headers.get("retry-after")];
}

const POLICY =
  '"tenant-minute";q=2;w=60, "tenant-hour";q=900;w=3600, "tenant-day";q=9000;w=86400, "user-minute";q=60;w=60, "user-hour";q=600;w=3600, "user-day";q=6000;w=86400, "queue";q=50;qu="concurrent-requests"';
const LIMITS = {
  max_queued: 50,
  runs_per_minute: 2,
  runs_per_hour: 900,
  runs_per_day: 9000,
  user_runs_per_minute: 60,
  user_runs_per_hour: 600,
  user_runs_per_day: 6000,
};

async function limitedTenant(limits = LIMITS): Promise<Tenant> {
  const tenant = await createTenant();
  await limitTenant(query, tenant.tenantId, limits);
  return tenant;
}

describe.each(["native", "kernel", "pipeline"] as const)("the %s route", (route) => {
  test("says with an accepted submit what is left, and refuses the next with a sentence", () =>
    withinMinute(async () => {
      const tenant = await limitedTenant();
      const accepted = [await submit(route, tenant), await submit(route, tenant)];
      expect(accepted.map(({ status }) => status)).toEqual([202, 202]);
      expect(accepted.map((one) => limitsOf(one)[0])).toEqual([
        expect.stringMatching(/^"tenant-minute";r=1;t=\d+$/),
        expect.stringMatching(/^"tenant-minute";r=0;t=\d+$/),
      ]);
      const exposed = accepted[0]?.headers.get("access-control-expose-headers");
      expect(exposed).toMatch(/\bRateLimit\b.*\bRateLimit-Policy\b/);

      const refused = await submit(route, tenant);
      const problem = problemSchema.parse(await refused.json());
      expect(problem).toMatchObject({
        status: 429,
        code: "rate_limited",
        error: "Rate limits exceeded",
        retryable: true,
        scope: "tenant",
        window: "minute",
        limit: 2,
        remaining: 0,
      });
      expect(problem.detail).toMatch(
        /^The users of this tenant have started as many runs as allowed in this minute: 2\. The next minute begins at [\d-]+ [\d:]+ UTC: retry in \d+ s\.$/,
      );
      const seconds = String(problem.retry_after);
      expect(limitsOf(refused)).toEqual([`"tenant-minute";r=0;t=${seconds}`, POLICY, seconds]);
    }));

  test("says that the queue is full", async () => {
    const tenant = await limitedTenant({ ...LIMITS, max_queued: 0 });
    const refused = await submit(route, tenant);
    expect(problemSchema.parse(await refused.json())).toMatchObject({
      status: 429,
      code: "queue_full",
      error: "Rate limits exceeded",
      window: "queue",
      detail: expect.stringMatching(/^As many runs of this tenant wait .*: 0\. Retry when/),
    });
    const [limit, policy, retryAfter] = limitsOf(refused);
    expect(limit).toBe(`"queue";r=0;t=${retryAfter}`);
    expect(policy).toContain('"queue";q=0;qu="concurrent-requests"');
  });

  test("answers a repeat although nothing is left", () =>
    withinMinute(async () => {
      const tenant = await limitedTenant();
      const headers = { "idempotency-key": randomUUID() };
      await submit(route, tenant, headers);
      await submit(route, tenant);
      expect((await submit(route, tenant)).status).toBe(429);
      const repeat = await submit(route, tenant, headers);
      expect(repeat.status).toBe(202);
      expect(repeat.headers.get("idempotency-replayed")).toBe("true");
    }));
});

test("a limit that an operator changes holds from the next request on", async () => {
  const tenant = await limitedTenant({ ...LIMITS, runs_per_minute: 0 });
  expect((await submit("native", tenant)).status).toBe(429);
  await limitTenant(query, tenant.tenantId, LIMITS);
  expect((await submit("native", tenant)).status).toBe(202);
});

test("of parallel retries of one run one is accepted, and the others name it", async () => {
  const { user } = await createTenant();
  const post = (path: string) => api.fetch(path, user.token, { method: "POST" });
  const [path, json] = ROUTES.native;
  const run = runSchema.parse(await (await api.fetch(path, user.token, { json })).json());
  await post(`/v1/runs/${run.id}/cancel`);
  const answers = await Promise.all(
    Array.from({ length: 8 }, () => post(`/v1/runs/${run.id}/retry`)),
  );
  const accepted = answers.filter(({ status }) => status === 202);
  expect(accepted).toHaveLength(1);
  const retry = accepted[0]?.headers.get("x-run-id");
  for (const refused of answers.filter(({ status }) => status !== 202)) {
    expect(problemSchema.parse(await refused.json())).toMatchObject({
      status: 409,
      code: "retry_in_flight",
      run_id: retry,
      detail: `Run ${retry} is already a retry of this run. Wait for it to end, or cancel it.`,
    });
  }
});
