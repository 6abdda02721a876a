import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { countRuns, query } from "../support/query.ts";
import { rawExchange } from "../support/raw-http.ts";
import { createTenant } from "../support/tenant.ts";
import { apiUrl, callApi, expectProblem, submit, submitRun } from "./support/call-api.ts";

const { user, workspaceId } = await createTenant();
const { token } = user;

const post = (body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) =>
  callApi("/v1/runs", { token, body, headers });
const kernel = (json: unknown) => callApi("/functions/v1/cmo-kernel", { token, json });

describe("S21: what a caller may not decide is refused by name", () => {
  test.each([
    ["status", "completed"],
    ["attempt", 9],
    ["output", { plan_name: "mine" }],
    ["output_text", "mine"],
    ["usage", { total_tokens: 0 }],
    ["created_by", "d0000000-0000-4000-8000-000000000001"],
    ["id", "d0000000-0000-4000-8000-000000000001"],
    ["priority", 1],
    ["jobId", "1"],
    ["on_rate_limit", "fail"],
    ["model", "expensive"],
    ["base_url", "http://evil.test"],
    ["max_tokens", 1_000_000],
  ])("S21: %s beside the payload and in it", async (name, value) => {
    for (const body of [{ [name]: value }, { payload: { [name]: value } }]) {
      const answer = await submit(token, body);
      expectProblem(answer, 400, "invalid_request");
      expect(answer.text).toContain(name);
    }
    expect(await countRuns(workspaceId)).toBe(0);
  });

  test("S21: on the routes of the first clients they change nothing", async () => {
    const answer = await callApi("/functions/v1/cmo-kernel", {
      token,
      headers: { prefer: "respond-async" },
      json: {
        mode: "strategy",
        status: "completed",
        created_by: "d0000000-0000-4000-8000-000000000001",
        payload: { attempt: 9, status: "completed", created_by: "x", model: "expensive" },
      },
    });
    expect(answer.status).toBe(202);
    const { run_id: id } = JSON.parse(answer.text);
    const [row] = await query("select created_by, input from public.agent_runs where id = $1", [
      id,
    ]);
    expect(row).toEqual({ created_by: user.id, input: {} });
    await query("delete from public.agent_runs where id = $1", [id]);
  });
});

describe("S33: a mode is one of the table's own, never a member of an object", () => {
  test.each([
    "__proto__",
    "constructor",
    "toString",
    "hasOwnProperty",
    "STRATEGY",
    "strategy ",
    "",
    "../cmo-kernel",
    "cmo-plan-90day\0",
    "strategy\n",
    "x".repeat(100_000),
  ])("S33: %j", async (mode) => {
    for (const answer of [await submit(token, { mode }), await kernel({ mode, payload: {} })]) {
      expect(answer.status).toBe(400);
      expect(["unknown_mode", "invalid_request"]).toContain(JSON.parse(answer.text).code);
      expect(answer.text.length).toBeLessThan(2_000);
    }
  });

  test("S33: a mode that is no text", async () => {
    for (const mode of [null, 7, {}, ["strategy"], true]) {
      expectProblem(await submit(token, { mode }), 400, "invalid_request");
    }
  });
});

describe("S34: keys that poison prototypes are refused wherever they stand", () => {
  test.each([
    '{"__proto__": {"isAdmin": true}, "mode": "strategy"}',
    '{"mode": "strategy", "payload": {"__proto__": {"isAdmin": true}}}',
    '{"mode": "strategy", "payload": {"targetMetrics": {"a": {"__proto__": 1}}}}',
    '{"mode": "strategy", "payload": {"constructor": {"prototype": {"isAdmin": true}}}}',
    '{"mode": "strategy", "payload": {"\\u005f_proto__": {"isAdmin": true}}}',
    '{"mode": "strategy", "payload": [{"constructor": {"prototype": {}}}]}',
  ])("S34: %s", async (body) => {
    expectProblem(await post(body), 400, "invalid_request");
    const answer = await callApi("/functions/v1/cmo-kernel", { token, body });
    expectProblem(answer, 400, "invalid_request");
  });
});

describe("S35: size is bounded before work is done (leak 18)", () => {
  test("S35: 256 KiB and one byte", async () => {
    const frame = '{"mode":"strategy","payload":{"primaryGoal":""}}';
    expectProblem(
      await post(frame.replace('""', `"${"x".repeat(256 * 1024 + 1 - frame.length)}"`)),
      413,
      "body_too_large",
    );
  });

  test.each([
    ["lists in lists", "[".repeat(10_000) + "]".repeat(10_000)],
    ["objects in objects", `${'{"a":'.repeat(10_000)}1${"}".repeat(10_000)}`],
    ["levels that never close", "[".repeat(100_000)],
  ])("S35: %s", async (_, nested) => {
    const startedAt = performance.now();
    const answer = await post(`{"mode":"strategy","payload":{"constraints":${nested}}}`);
    expectProblem(answer, 400, "invalid_request");
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  });

  test("S35: tens of thousands of members", async () => {
    const members = Array.from({ length: 20_000 }, (_, index) => `"m${index}":1`).join();
    const answer = await post(`{"mode":"strategy","payload":{${members}}}`);
    expectProblem(answer, 400, "invalid_request");
    expect(answer.text.length).toBeLessThan(20_000);
  });

  test("S35: ten megabytes in chunks that never say how many", async () => {
    let sentBytes = 0;
    const chunk = `10000\r\n${"x".repeat(0x10000)}\r\n`;
    const answer = await rawExchange(apiUrl(), (write, signal) => {
      write(
        `POST /v1/runs HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n`,
      );
      const more = () => {
        if (signal.aborted || sentBytes > 10_000_000) return;
        write(chunk);
        sentBytes += 0x10000;
        setImmediate(more);
      };
      more();
    });
    expect([413, null]).toContain(answer.status);
    expect(await countRuns(workspaceId)).toBe(0);
  });

  test("S35: a history of any length is refused or bounded before a model reads it (leak 11)", async () => {
    const message = { role: "user", content: "word ".repeat(4_000) };
    const answer = await submit(token, { mode: "setup", payload: { messages: [message] } });
    expectProblem(answer, 400, "invalid_request");
    const many = Array.from({ length: 1_001 }, () => ({ role: "user", content: "x" }));
    expectProblem(
      await submit(token, { mode: "setup", payload: { messages: many } }),
      400,
      "invalid_request",
    );
  });
});

describe("S37: a body is JSON in UTF-8, and nothing that only resembles it", () => {
  const bytes = (...values: number[]) => new Uint8Array(values);
  test.each([
    ["invalid UTF-8", bytes(0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d)],
    ["an overlong slash", bytes(0x22, 0xc0, 0xaf, 0x22)],
    ["UTF-16", new Uint8Array(Buffer.from('{"mode":"strategy"}', "utf16le"))],
    ["NaN", '{"mode":"strategy","payload":{"budget":NaN}}'],
    ["a comment", '{"mode":"strategy" /* x */}'],
    ["a trailing comma", '{"mode":"strategy",}'],
    ["half of it", '{"mode":"strat'],
    ["two values", '{"mode":"strategy"}{"mode":"strategy"}'],
  ])("S37: %s", async (_, body) => expectProblem(await post(body), 400, "malformed_json"));

  test.each([
    ["an endless number", '{"mode":"strategy","payload":{"budget":1e999}}'],
    ["NUL", '{"mode":"strategy","payload":{"primaryGoal":"a\\u0000b"}}'],
    ["half a surrogate pair", '{"mode":"strategy","payload":{"primaryGoal":"a\\ud83d"}}'],
    ["a list", "[]"],
    ["a text", '"strategy"'],
    ["null", "null"],
    ["nothing", ""],
  ])("S37: %s", async (_, body) => expectProblem(await post(body), 400, "invalid_request"));

  test("S37: of two members of one name the last counts, for every check as for the run", async () => {
    const other = crypto.randomUUID();
    const answer = await post(
      `{"mode":"strategy","workspace_id":"${workspaceId}","workspace_id":"${other}"}`,
    );
    expectProblem(answer, 403, "workspace_forbidden");
  });
});

describe("S39: compressed bodies are refused before anything is inflated", () => {
  test.each(["gzip", "deflate", "br", "gzip, gzip", "GZIP"])("S39: %s", async (encoding) => {
    const bomb = new Uint8Array(gzipSync(Buffer.alloc(10_000_000)));
    expect(bomb.length).toBeLessThan(20_000);
    const answer = await post(bomb, { "content-encoding": encoding });
    expectProblem(answer, 415, "unsupported_media_type");
  });
});

test("S21: after all of it the API accepts an honest request as before", async () => {
  expect(await submitRun(token, { payload: { primaryGoal: "Grow" } })).toMatchObject({
    workspace_id: workspaceId,
  });
});
