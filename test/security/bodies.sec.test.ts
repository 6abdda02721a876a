import { describe, expect, test } from "vitest";
import { countRuns, query } from "../support/query.ts";
import { rawExchange } from "../support/raw-http.ts";
import { createTenant } from "../support/tenant.ts";
import { apiUrl, callApi, expectProblem, submit, submitRun } from "./support/call-api.ts";

const { user, workspaceId } = await createTenant();
const { token } = user;

describe("S21: what a caller may not decide is refused by name", () => {
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

describe("S35: size is bounded before work is done (leak 18)", () => {
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

test("S21: after all of it the API accepts an honest request as before", async () => {
  expect(await submitRun(token, { payload: { primaryGoal: "Grow" } })).toMatchObject({
    workspace_id: workspaceId,
  });
});
