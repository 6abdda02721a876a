import { createServer } from "node:net";
import { describe, expect, test } from "vitest";
import { closeAfter } from "../support/close-after.ts";
import { eventually } from "../support/eventually.ts";
import { gatewayCalls } from "../support/gateway-record.ts";
import { peakMemoryMiB } from "../support/processes.ts";
import { createTenant } from "../support/tenant.ts";
import { callApi, readRun, submitRun, waitForEnd } from "./support/call-api.ts";
import { addBrand } from "./support/two-tenants.ts";

const tenant = await createTenant();
await addBrand(tenant, { brand_name: "Fernhill" });
const { token } = tenant.user;
const run = (primaryGoal: string) => submitRun(token, { payload: { primaryGoal }, save: false });

/** Runs through the function's route, where members that mean nothing are ignored. */
async function callFunction(json: Record<string, unknown>, headers: Record<string, string> = {}) {
  const answer = await callApi("/functions/v1/cmo-plan-90day", { token, json, headers });
  expect(answer.status).toBe(200);
  return answer.headers.get("x-run-id") ?? "";
}

/** Counts whoever knocks: nobody may. */
async function openTrap(): Promise<{ port: number; visits: () => number }> {
  let visits = 0;
  const server = createServer((socket) => {
    visits += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closeAfter(() => new Promise((resolve) => server.close(() => resolve(undefined))));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The trap has no port.");
  return { port: address.port, visits: () => visits };
}

describe("S51: a caller does not set what a run may cost", () => {
  test("S51: the gateway is asked with the contract's members, whatever the payload brings", async () => {
    const id = await callFunction({
      max_tokens: 1_000_000,
      n: 100,
      temperature: 9,
      stream: false,
      tools: [{}],
    });
    const [call] = await gatewayCalls(id);
    expect(call?.members.toSorted()).toEqual(["messages", "model", "stream"]);
  });

  test("S51: the largest request makes a bounded prompt", async () => {
    const long = "repeat for ever ".repeat(200);
    const payload = {
      primaryGoal: long,
      prompt: long,
      focusAreas: Array(30).fill("x".repeat(200)),
    };
    const { id } = await submitRun(token, { payload });
    await waitForEnd(token, id);
    const [call] = await gatewayCalls(id);
    const length = (call?.messages ?? []).reduce((sum, { content }) => sum + content.length, 0);
    expect(length).toBeGreaterThan(0);
    expect(length).toBeLessThan(100_000);
  });

  test("S51: an answer without an end is cut at a mebibyte, and the connection closed", async () => {
    const { id } = await run("Repeat for ever [[fault:huge@3]]");
    const ended = await waitForEnd(token, id);
    expect(ended).toMatchObject({
      status: "failed",
      error_code: "invalid_output",
      truncated: true,
    });
    expect(Buffer.byteLength(ended.output_text ?? "")).toBeLessThanOrEqual(1024 * 1024);
    const [call] = await gatewayCalls(id);
    expect(call?.closedBy).toBe("client");
  });
});

test("S52: a gateway that always fails is asked a bounded number of times", async () => {
  const { id } = await run("Fail [[fault:500]]");
  expect(await waitForEnd(token, id)).toMatchObject({
    status: "failed",
    error_code: "gateway_error",
  });
  const calls = await gatewayCalls(id);
  expect(calls.length).toBeGreaterThan(1);
  expect(calls.length).toBeLessThanOrEqual(9);
});

describe("S54: the gateway's address and model are settings, never a caller's", () => {
  test("S54: neither members nor headers move them", async () => {
    const { port, visits } = await openTrap();
    const url = `http://127.0.0.1:${port}`;
    const id = await callFunction(
      { base_url: url, baseUrl: url, gateway: url, model: "../../admin", provider: { url } },
      { "x-base-url": url, "x-model": "evil", "x-gateway-url": url, "openai-base-url": url },
    );
    const [call] = await gatewayCalls(id);
    expect(call?.model).toBe("google/gemini-2.5-flash");
    expect(JSON.stringify(call)).not.toContain(url);
    expect(visits()).toBe(0);
  });

  test("S54: the payload of the kernel does not either", async () => {
    const json = {
      mode: "strategy",
      model: "evil",
      payload: { model: "evil", base_url: "http://evil.test" },
    };
    const answer = await callApi("/functions/v1/cmo-kernel", { token, json });
    const { run_id: id } = JSON.parse(answer.text);
    expect((await gatewayCalls(id)).map(({ model }) => model)).toEqual(["google/gemini-2.5-flash"]);
  });
});

test("S55: a redirect of the gateway's is not followed, and takes the key nowhere", async () => {
  const { port, visits } = await openTrap();
  const { id } = await run(`Go elsewhere [[fault:redirect@${port}]]`);
  const ended = await waitForEnd(token, id);
  expect(ended).toMatchObject({ status: "failed", error_code: "gateway_refused", output_text: "" });
  expect((await gatewayCalls(id)).map(({ status }) => status)).toEqual([307]);
  expect(visits()).toBe(0);
});

describe("S59: a hostile gateway costs a call, never a worker", () => {
  test.each(["many-headers", "encoded-often", "gzip-bomb", "endless-line"])(
    "S59: %s, and the next call is as good as ever",
    async (fault) => {
      const { id } = await run(`Bear it [[fault:${fault}-once]]`);
      expect(await waitForEnd(token, id)).toMatchObject({ status: "completed" });
      const calls = await gatewayCalls(id);
      expect(calls).toHaveLength(2);
      expect(calls[0]?.headers["accept-encoding"]).toBe("identity");
      // What was read up to the body's cap is garbage that is not collected at once.
      expect(peakMemoryMiB("worker")).toBeLessThan(512);
    },
  );
});

describe("S65: a model has no tools, whatever it asks for", () => {
  test("S65: a hundred calls of tools change nothing, and the answer is taken", async () => {
    const { id } = await run("Act [[fault:tool-calls-once@100]]");
    const ended = await waitForEnd(token, id);
    expect(ended).toMatchObject({ status: "completed", attempt: 1 });
    expect(ended.output_text).not.toContain("read_workspace");
    const calls = await gatewayCalls(id);
    expect(calls).toHaveLength(1);
    expect(calls[0]?.messages.map(({ role }) => role)).toEqual(["system", "user"]);
  });
});

describe("S66: an answer of the wrong form is not used, and not shown as an error", () => {
  test("S66: after what repair there is, the run fails with a sentence of ours", async () => {
    const { id } = await run("Odd [[fault:invalid-output]]");
    const ended = await waitForEnd(token, id);
    expect(ended).toMatchObject({ status: "failed", error_code: "invalid_output", output: null });
    expect(ended.error_message).not.toContain("Not the members");
    expect(ended.artifacts).toEqual([]);
    expect((await gatewayCalls(id)).length).toBeLessThanOrEqual(2);
  });

  test("S66: what a provider says in its errors stays inside (leak 12)", async () => {
    const { id } = await run("Fail [[fault:502-html]]");
    await eventually(
      () => gatewayCalls(id),
      ({ length }) => length > 0,
    );
    await callApi(`/v1/runs/${id}/cancel`, { token, method: "POST" });
    await waitForEnd(token, id);
    const { text } = await callApi(`/v1/runs/${id}/events`, { token });
    for (const told of [JSON.stringify(await readRun(token, id)), text]) {
      expect(told).not.toMatch(/Bad Gateway|<html>/);
    }
  });
});
