/** What goes out to a gateway, and what is kept of its words. */
import { describe, expect, test } from "vitest";
import {
  type AskOptions,
  answer,
  askOnce,
  askScript,
  chunk,
  createTestGateway,
  done,
  finish,
  json,
} from "../../test/test-gateway.ts";

describe("what a gateway says is well-formed and bounded where it enters", () => {
  const HOSTILE = "\0\ud800x".repeat(1_000_000);

  test("the model's name", async () => {
    const { end } = await askScript(answer(finish("stop", { model: "m\0x\ud800" })));
    expect(end).toMatchObject({ model: "m\ufffdx\ufffd" });
    const long = await askScript(answer(finish("stop", { model: "m".repeat(500_000) })));
    expect(long.end).toMatchObject({ model: "m".repeat(200) });
  });

  test.each([
    ["a finish reason", answer(finish(HOSTILE.slice(0, 100_000)))],
    [
      "an error in the stream",
      answer(`data: {"error":${JSON.stringify(HOSTILE.slice(0, 9e4))}}\n\n`),
    ],
    ["an error body", answer(HOSTILE, json, 500)],
    ["a body of no kind", answer(HOSTILE, { "content-type": "text/plain" })],
    ["an encoding", answer("", { "content-encoding": "x".repeat(5_000) })],
  ])("%s", async (_name, script) => {
    const { end } = await askScript(script);
    const words = JSON.stringify(end);
    expect(words.length).toBeLessThan(1_000);
    expect(words).not.toMatch(/\\u0000|\\ud800/);
  });

  test("the delay that it asks for", async () => {
    const { end } = await askScript(answer("", { "retry-after": "9".repeat(400) }, 429));
    expect(end).toMatchObject({ retryAfterMs: 86_400_000 });
  });
});

describe("an operator's headers", () => {
  const headers = {
    Authorization: "Basic own-secret-1",
    "X-Gateway-Config": '{"api_key":"sk-inside-2"}',
    "content-type": "text/plain",
    "X-Request-Id": "mine",
  };

  async function headersOf(options: AskOptions) {
    const { calls } = await askScript(answer(chunk("a") + done), options);
    return calls[0]?.headers;
  }

  test("are sent, and never replace those that describe the call", async () => {
    expect(await headersOf({ headers })).toMatchObject({
      authorization: "Basic own-secret-1",
      "x-gateway-config": '{"api_key":"sk-inside-2"}',
      "content-type": "application/json",
      "x-request-id": "run-1-1",
    });
  });

  test("without a key no Authorization is sent", async () => {
    expect(await headersOf({ apiKey: "" })).not.toHaveProperty("authorization");
  });

  test("their values are never quoted, not even in part", async () => {
    const said = `Basic own-secret-1, sk-inside-2 and ${"-".repeat(200)}k-secret-key-of-twenty`;
    for (const script of [
      answer(JSON.stringify({ error: said }), json, 401),
      answer(`data: ${JSON.stringify({ error: said })}\n\n`),
      answer(said, { "content-type": "text/plain" }),
    ]) {
      const { end } = await askScript(script, { headers, apiKey: "k-secret-key-of-twenty" });
      const message = end?.type === "failed" ? end.message : "";
      expect(message).toContain("[secret]");
      expect(message).not.toMatch(/own-secret|sk-inside|k-sec/);
    }
  });
});

test("a query in the address stays behind the path", async () => {
  const gateway = await createTestGateway(answer(chunk("a") + done));
  await askOnce(`${gateway.url}/?api-version=1`);
  expect(gateway.calls[0]?.url).toBe("/v1/chat/completions?api-version=1");
  await gateway.close();
});

test("a request that is too large for a limit by itself is refused, not limited", async () => {
  const error = {
    message:
      "Request too large for gpt-4o in organization org-x on tokens per min (TPM): Limit 30000, Requested 31538. The input or output tokens must be reduced in order to run successfully.",
    type: "tokens",
    param: null,
    code: "rate_limit_exceeded",
  };
  const { end } = await askScript(answer(JSON.stringify({ error }), json, 429));
  expect(end).toMatchObject({ code: "gateway_refused", retryable: false });
});
