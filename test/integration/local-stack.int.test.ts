/** What a hosted project does, and code here relies on, the local stand-in does too. */
import { randomUUID } from "node:crypto";
import { DEMO_LOGIN } from "@cmo/dev/demo-login";
import { newRunId } from "@cmo/shared/runtime";
import { createClient, type SupabaseClient } from "@supabase/supabase-js";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { z } from "zod";

const PERMISSION_DENIED = "42501";

const stack = inject("stack");
const database = new Client({ connectionString: stack.databaseUrl });
let demo: SupabaseClient;

/** Nothing is retried: an answer here is the first answer. */
function connect(key: string): SupabaseClient {
  return createClient(stack.supabaseUrl, key, {
    auth: { persistSession: false, autoRefreshToken: false },
  });
}

async function signIn(credentials: typeof DEMO_LOGIN): Promise<SupabaseClient> {
  const client = connect(stack.publishableKey);
  const { error } = await client.auth.signInWithPassword(credentials);
  expect(error).toBeNull();
  return client;
}

async function signUp(): Promise<SupabaseClient> {
  const credentials = { email: `${randomUUID()}@cmo-kernel.test`, password: randomUUID() };
  const { error } = await connect(stack.publishableKey).auth.signUp({
    ...credentials,
    options: { data: { name: "Stranger" } },
  });
  expect(error).toBeNull();
  return signIn(credentials);
}

async function createDemoRun(payload: Record<string, unknown>): Promise<string> {
  const id = newRunId();
  const { error } = await demo.rpc("create_run", {
    p_id: id,
    p_mode: "strategy",
    p_input: payload,
  });
  expect(error).toBeNull();
  return id;
}

beforeAll(async () => {
  await database.connect();
  demo = await signIn(DEMO_LOGIN);
});
afterAll(() => database.end());

describe("identity", () => {
  test("the seeded user signs in and is confirmed by the token", async () => {
    const { data } = await demo.auth.getUser();
    expect(data.user?.email).toBe(DEMO_LOGIN.email);
  });

  test("what a user says of themselves is stored as an object", async () => {
    const stranger = await signUp();
    const { data } = await stranger.auth.getUser();
    const { rows } = await database.query(
      "select raw_user_meta_data ->> 'name' as name from auth.users where id = $1",
      [data.user?.id],
    );
    expect(rows).toEqual([{ name: "Stranger" }]);
  });
});

describe("access", () => {
  test("a user reads the rows of their workspaces, and a stranger none of them", async () => {
    const own = await demo.from("workspaces").select("id");
    const foreign = await (await signUp()).from("workspaces").select("id");
    expect(own.data?.length).toBeGreaterThan(0);
    expect(foreign).toMatchObject({ data: [], error: null });
  });

  test("what migrations revoke stays revoked, from the service too, after requests were served", async () => {
    const service = connect(stack.secretKey);
    expect((await service.from("agent_runs").select("id").limit(1)).error).toBeNull();
    const answers = await Promise.all([
      service.from("agent_runs").update({ status: "failed" }).eq("id", randomUUID()),
      service.from("agent_runs").delete().eq("id", randomUUID()),
      demo.from("agent_runs").delete().eq("id", randomUUID()),
    ]);
    expect(answers.map(({ error }) => error?.code)).toEqual(
      Array.from(answers, () => PERMISSION_DENIED),
    );
  });

  test("a request without a project key is refused", async () => {
    const answer = await fetch(`${stack.supabaseUrl}/rest/v1/workspaces`);
    expect(answer.status).toBe(401);
  });
});

describe("values", () => {
  test("a jsonb argument of a function is stored as the object that it is", async () => {
    const payload = { primaryGoal: "Grow", nested: { list: [1, "two", null] } };
    const id = await createDemoRun(payload);
    const { rows } = await database.query(
      "select jsonb_typeof(input) as type, input from public.agent_runs where id = $1",
      [id],
    );
    expect(rows).toEqual([{ type: "object", input: payload }]);
  });

  test("timestamps arrive as ISO 8601 with an offset", async () => {
    const id = await createDemoRun({ primaryGoal: "Grow" });
    const { data } = await demo.from("agent_runs").select("created_at").eq("id", id).single();
    expect(() => z.iso.datetime({ offset: true }).parse(data?.created_at)).not.toThrow();
  });

  test("what a function raises arrives with its own status, code and message", async () => {
    const { error, status } = await demo.rpc("create_run", {
      p_id: newRunId(),
      p_mode: "dance",
      p_input: {},
    });
    expect({ status, message: error?.message }).toEqual({ status: 400, message: "unknown_mode" });
  });
});

describe("the processes", () => {
  test("functions answer 503 with a reason while the API is away", async () => {
    const answer = await fetch(`${stack.supabaseUrl}/functions/v1/cmo-kernel`, { method: "POST" });
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({ code: "api_unavailable", retryable: true });
  });
});
