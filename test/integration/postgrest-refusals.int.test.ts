/** A short refusal by PostgREST costs no result, stops no worker, and sends no user to sign in. */
import { randomUUID } from "node:crypto";
import { problemSchema } from "@cmo/shared/contract";
import { startWorker } from "@cmo/worker";
import type { WorkerDeps } from "@cmo/worker/deps";
import { describe, expect, inject, test } from "vitest";
import { heartbeat } from "../../apps/worker/src/heartbeat.ts";
import { createTcpProxy, type TcpProxy } from "../faults/tcp-proxy.ts";
import { startApi } from "../support/api.ts";
import { closeAfter } from "../support/close-after.ts";
import { eventually } from "../support/eventually.ts";
import { handleById } from "../support/handle-by-id.ts";
import { newLogLines } from "../support/log-lines.ts";
import { query } from "../support/query.ts";
import { createTenant, mintToken } from "../support/tenant.ts";
import { openUserRuns } from "../support/user-run.ts";
import { openWorkerDeps } from "../support/worker.ts";

interface Refusal {
  readonly status: number;
  readonly body: unknown;
}

const refusal = (status: number, code: string, message: string): Refusal => ({
  status,
  body: { code, message, details: null, hint: null },
});

const FUTURE = refusal(401, "PGRST303", "JWT issued at future");
const EXPIRED = refusal(401, "PGRST303", "JWT expired");
const UNKNOWN_FUNCTION = refusal(404, "PGRST202", "Could not find the function");

/** What a hosted project answers for a moment after a deployment or a restart. */
const REFUSALS: [string, Refusal][] = [
  ["PGRST202", UNKNOWN_FUNCTION],
  ["PGRST203", refusal(300, "PGRST203", "Could not choose the best candidate function")],
  ["PGRST204", refusal(400, "PGRST204", "Could not find the column")],
  ["PGRST205", refusal(404, "PGRST205", "Could not find the table")],
  ["42883", refusal(404, "42883", "function private.mark_finalized(uuid) does not exist")],
  ["PGRST303", FUTURE],
  ["PGRST301", refusal(401, "PGRST301", "No suitable key or wrong key type")],
  ["401", { status: 401, body: { message: "Invalid API key" } }],
  ["PGRST300", refusal(500, "PGRST300", "Server lacks JWT secret")],
  ["520", { status: 520, body: "<html>Web server is returning an unknown error</html>" }],
];

async function openProxy(): Promise<{ proxy: TcpProxy; url: string }> {
  const proxy = await createTcpProxy(Number(new URL(inject("stack").supabaseUrl).port));
  closeAfter(() => proxy.close());
  return { proxy, url: `http://127.0.0.1:${proxy.port}` };
}

/** Answers requests that match in place of the server, the first `times` of them. */
function refuse(proxy: TcpProxy, path: RegExp, { status, body }: Refusal, times = Infinity) {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const seen = { count: 0 };
  const stop = proxy.answer({
    request: path,
    reply: [
      `HTTP/1.1 ${status} Refused`,
      `content-type: ${typeof body === "string" ? "text/html" : "application/json"}`,
      `content-length: ${Buffer.byteLength(text)}`,
      "connection: close",
      "",
      text,
    ].join("\r\n"),
    applies: () => {
      seen.count += 1;
      return seen.count <= times;
    },
  });
  return { seen, stop };
}

describe("a worker whose result is refused for a moment", () => {
  test.each(REFUSALS)("%s: keeps it and sends it again", async (code, refused) => {
    const { submit, runs } = await openUserRuns();
    const { proxy, url } = await openProxy();
    const worker = await openLeasedWorker(url);
    const id = await submit();
    const { seen } = refuse(proxy, /POST \/rest\/v1\/rpc\/finalize_run/, refused, 3);
    const { log, lines } = newLogLines();
    await handleById({ ...worker, log }, id);

    expect(await runs.find(id)).toMatchObject({ status: "completed", attempt: 1 });
    expect(seen.count).toBe(4);
    const attempts = await query("select outcome from agent_run_attempts where run_id = $1", [id]);
    expect(attempts).toEqual([{ outcome: "completed" }]);
    const began = lines.filter(({ msg }) => msg?.includes("The result is kept and sent again."));
    expect(began).toEqual([expect.objectContaining({ level: "warn", code })]);
    expect(began[0]?.msg).toContain("finalize_run");
    const ended = lines.filter(({ msg }) => msg === "The ledger answered again");
    expect(ended).toEqual([expect.objectContaining({ failures: 3, codes: [code] })]);
  });

  test("an expired key of the project is an outage for a worker, and no user's token", async () => {
    const { proxy, url } = await openProxy();
    const worker = await openWorkerDeps({ SUPABASE_URL: url });
    refuse(proxy, /claim_run/, EXPIRED);
    const claim = worker.ledger.claim(randomUUID(), worker.identity.id);
    await expect(claim).rejects.toMatchObject({ code: "database_unavailable" });
  });

  test("a refusal of its context is an outage", async () => {
    const { proxy, url } = await openProxy();
    const worker = await openWorkerDeps({ SUPABASE_URL: url });
    refuse(proxy, /cmo_offers/, FUTURE);
    const rows = worker.workspaceDb(randomUUID()).list("cmo_offers");
    await expect(rows).rejects.toMatchObject({ code: "database_unavailable" });
  });
});

async function openLeasedWorker(url: string): Promise<WorkerDeps> {
  const worker = await openWorkerDeps({ SUPABASE_URL: url });
  await eventually(
    () => heartbeat(worker).catch(() => null),
    (held) => held !== null,
  );
  const beating = setInterval(() => void heartbeat(worker).catch(() => {}), 500);
  closeAfter(() => clearInterval(beating));
  return worker;
}

describe("a worker that starts meanwhile", () => {
  test.each([
    [
      UNKNOWN_FUNCTION,
      "The database does not know function heartbeat_worker yet (PGRST202): its schema cache is being reloaded or the migrations are missing. Waiting.",
    ],
    [
      FUTURE,
      "The database refused the token for heartbeat_worker (PGRST303: JWT issued at future). Waiting.",
    ],
  ])("waits and says why, once: %#", async (refused, sentence) => {
    const { proxy, url } = await openProxy();
    const deps = await openWorkerDeps({ SUPABASE_URL: url, WORKER_HEARTBEAT_MS: "100" });
    const { seen } = refuse(proxy, /heartbeat_worker/, refused, 5);
    const { log, lines } = newLogLines();
    const worker = await startWorker({ ...deps, log });
    closeAfter(() => worker.stop());
    expect(seen.count).toBeGreaterThanOrEqual(6);
    expect(lines.filter(({ msg }) => msg?.endsWith("Waiting."))).toEqual([
      expect.objectContaining({ msg: sentence }),
    ]);
    expect(lines.map(({ msg }) => msg)).toContain("The ledger answered again");
    expect(worker.isLeased()).toBe(true);
  });
});

describe("a user meanwhile", async () => {
  const { user, workspaceId } = await createTenant();
  const json = { mode: "strategy", workspace_id: workspaceId };

  async function openApi() {
    const { proxy, url } = await openProxy();
    return { proxy, api: await startApi({ SUPABASE_URL: url }) };
  }

  test.each(REFUSALS)("%s: is told to retry, never to sign in again", async (_, refused) => {
    const { proxy, api } = await openApi();
    refuse(proxy, /\/rest\/v1\/(rpc\/(create|list)_runs?|agent_runs)/, refused);
    for (const answer of [
      await api.fetch("/v1/runs", user.token, { json }),
      await api.fetch("/v1/runs", user.token),
      await api.fetch(`/v1/runs/${randomUUID()}`, user.token),
    ]) {
      expect(answer.status).toBe(503);
      expect(answer.headers.get("retry-after")).toBe("2");
      const problem = problemSchema.parse(await answer.json());
      expect(problem).toMatchObject({ code: "database_unavailable", retryable: true });
      expect(problem.detail).not.toMatch(/sign in/i);
    }
  });

  test.each([EXPIRED, refusal(401, "PGRST301", "JWT expired")])(
    "a token that has really expired is refused with 401: %#",
    async (refused) => {
      const { proxy, api } = await openApi();
      refuse(proxy, /\/rest\/v1\/rpc\/create_run/, refused);
      const answer = await api.fetch("/v1/runs", user.token, { json });
      expect(answer.status).toBe(401);
      expect(await answer.json()).toMatchObject({ code: "expired_token" });
    },
  );

  test("the stand-in's own answers are told apart in the same way", async () => {
    const now = Math.floor(Date.now() / 1000);
    const { supabaseUrl, publishableKey } = inject("stack");
    const ask = async (claims: Record<string, unknown>) => {
      const token = await mintToken({ sub: user.id, ...claims });
      const headers = { apikey: publishableKey, authorization: `Bearer ${token}` };
      const answer = await fetch(`${supabaseUrl}/rest/v1/agent_runs?select=id`, { headers });
      return { status: answer.status, body: await answer.json() };
    };
    expect(await ask({ exp: now - 60 })).toMatchObject({
      status: 401,
      body: { message: "JWT expired" },
    });
    expect(await ask({ iat: now + 600 })).toMatchObject({
      status: 401,
      body: { message: "JWT issued at future" },
    });
  });
});
