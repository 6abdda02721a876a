/** Who may no longer read is told nothing more, and an outage takes the stream from nobody. */
import { type Run, runSchema } from "@cmo/shared/contract";
import { createClient } from "@supabase/supabase-js";
import { describe, expect, inject, test } from "vitest";
import { createTcpProxy } from "../faults/tcp-proxy.ts";
import { startApi, type TestApi } from "../support/api.ts";
import { closeAfter } from "../support/close-after.ts";
import { DEMO_WORKSPACE, signInDemoUser } from "../support/demo-user.ts";
import { eventually } from "../support/eventually.ts";
import { query } from "../support/query.ts";
import { createScriptedWorker } from "../support/scripted-worker.ts";
import { readSse } from "../support/sse.ts";
import { addMember, createTenant, createUser, mintToken } from "../support/tenant.ts";

const stack = inject("stack");
const SHORTLY = { SSE_REAUTHORIZE_MS: "200" };
const api = await startApi(SHORTLY);
const worker = await createScriptedWorker();
const { user: owner, workspaceId } = await createTenant();

/** As the API gateway of a hosted project answers it. */
const INVALID_KEY = JSON.stringify({
  message: "Invalid API key",
  hint: "Double check your Supabase `anon` or `service_role` API key.",
});

async function submit(token = owner.token, workspace_id = workspaceId): Promise<Run> {
  const json = { mode: "strategy", workspace_id };
  return runSchema.parse(await (await api.fetch("/v1/runs", token, { json })).json());
}

/** Reads up to the first text: from then on the stream is known to flow. */
async function follow(run: Run, token: string, from: TestApi = api) {
  const stream = readSse(await from.fetch(`/v1/runs/${run.id}/events`, token));
  const attempt = await worker.claim(run.id);
  await attempt.say("a");
  await stream.until(({ event }) => event === "delta");
  return { stream, attempt };
}

const cancel = (run: Run, token = owner.token) =>
  api.fetch(`/v1/runs/${run.id}/cancel`, token, { method: "POST" });

describe("a stream", () => {
  test("ends when its reader's token expires, and a fresh one takes it up where it was", async () => {
    const run = await submit();
    const exp = Math.floor(Date.now() / 1000) + 2;
    const { stream, attempt } = await follow(run, await mintToken({ sub: owner.id, exp }));
    const rest = await stream.rest();
    expect(Date.now()).toBeGreaterThanOrEqual(exp * 1000);
    expect(rest.map(({ event, data }) => [event, JSON.parse(data)])).toEqual([
      ["reconnect", { type: "reconnect", reason: "expired", after: "1-1" }],
    ]);

    const path = `/v1/runs/${run.id}/events?after=1-1`;
    const resumed = readSse(await api.fetch(path, owner.token));
    await attempt.complete({});
    expect((await resumed.rest()).map(({ event }) => event)).toEqual(["run", "completed"]);
  });

  test("ends when its reader's membership is taken away, and says nothing more", async () => {
    const member = await createUser();
    await addMember(workspaceId, member.id, "member");
    const run = await submit();
    const { stream } = await follow(run, member.token);
    await query("delete from public.workspace_members where user_id = $1", [member.id]);
    expect(await stream.rest()).toEqual([]);
    const again = await api.fetch(`/v1/runs/${run.id}/events`, member.token);
    expect(again.status).toBe(404);
    await cancel(run);
  });

  test("ends when its reader signs out, though the token has long to live", async () => {
    const { token } = await signInDemoUser();
    const run = await submit(token, DEMO_WORKSPACE);
    const { stream } = await follow(run, token);
    const { supabaseUrl: url, secretKey } = stack;
    const supabase = createClient(url, secretKey, { auth: { persistSession: false } });
    expect(await supabase.auth.admin.signOut(token, "local")).toMatchObject({ error: null });
    expect(await stream.rest()).toEqual([]);
    // The refusal is news to everybody: what was remembered of the session is forgotten.
    expect((await api.fetch("/v1/runs", token)).status).toBe(401);
    await cancel(run, (await signInDemoUser()).token);
  });

  test.each([
    ["an outage of Supabase", "503 Service Unavailable", ""],
    ["an API gateway that refuses the project's key", "401 Unauthorized", INVALID_KEY],
  ])("outlives %s, whole", async (_, status, body) => {
    const proxy = await createTcpProxy(Number(new URL(stack.supabaseUrl).port));
    closeAfter(() => proxy.close());
    const SUPABASE_URL = `http://127.0.0.1:${proxy.port}`;
    const behind = await startApi({ ...SHORTLY, SUPABASE_URL });
    const run = await submit();
    const { stream, attempt } = await follow(run, owner.token, behind);

    const asked = { rows: 0, sessions: 0 };
    let isAway = true;
    const away = (kind: keyof typeof asked, request: RegExp) =>
      proxy.answer({
        request,
        reply: `HTTP/1.1 ${status}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`,
        applies() {
          asked[kind] += 1;
          return isAway;
        },
      });
    away("rows", /GET \/rest\/v1\/agent_runs/);
    away("sessions", /GET \/auth\/v1\/user/);
    await eventually(
      () => asked,
      ({ rows, sessions }) => rows >= 3 && sessions >= 3,
    );
    const another = await mintToken({ sub: owner.id });
    const refused = await behind.fetch("/v1/runs", another);
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "2"]);
    await attempt.say("b");
    await stream.until(({ event }) => event === "delta");
    isAway = false;
    await attempt.complete({});
    expect((await stream.rest()).map(({ event }) => event)).toEqual(["completed"]);
  });
});
