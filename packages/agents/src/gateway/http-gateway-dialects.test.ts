/** What OpenAI-compatible gateways say of ends and errors that OpenAI does not. */
import { describe, expect, test } from "vitest";
import { answer, askScript, chunk, done, finish, json } from "../../test/test-gateway.ts";

describe("a finish reason is understood in any dialect", () => {
  test.each([
    ["stop", ["STOP", "end_turn", "eos", "stop_sequence", "COMPLETE", "tool_calls"]],
    ["length", ["length", "max_tokens", "MAX_TOKENS", "model_length", "max_output_tokens"]],
    [
      "content_filter",
      ["SAFETY", "PROHIBITED_CONTENT", "RECITATION", "BLOCKLIST", "SPII", "refusal"],
    ],
  ])("%s: %j", async (reason, words) => {
    for (const word of words) {
      const { end } = await askScript(answer(chunk("a") + finish(word) + done));
      expect(end, word).toEqual({ type: "finished", reason, model: "used/model" });
    }
  });

  test.each(["OTHER", "LANGUAGE", "FINISH_REASON_UNSPECIFIED", "end_of_turn"])(
    "%s is unknown, and named for the log",
    async (word) => {
      const { end } = await askScript(answer(chunk("a") + finish(word) + done));
      expect(end).toMatchObject({
        type: "finished",
        reason: "unknown",
        detail: `The gateway finished with an unknown reason: ${word}`,
      });
    },
  );

  test.each(["ERROR", "abort", "TIMEOUT", "insufficient_system_resource"])(
    "%s is a failure that may pass",
    async (word) => {
      const { end } = await askScript(answer(chunk("a") + finish(word) + done));
      expect(end).toMatchObject({ type: "failed", code: "gateway_error", retryable: true });
    },
  );

  test("a refusal in a member of its own is a filtered answer", async () => {
    const refused = chunk("", { choices: [{ delta: { refusal: "I cannot help with that." } }] });
    const { end } = await askScript(answer(refused + finish("stop") + done));
    expect(end).toMatchObject({ type: "finished", reason: "content_filter" });
  });
});

const ERRORS = [
  ['{"error":{"code":429,"status":"RESOURCE_EXHAUSTED"}}', "rate_limited", true],
  ['[{"error":{"code":429,"status":"RESOURCE_EXHAUSTED"}}]', "rate_limited", true],
  ['{"error":{"message":"slow down","code":"rate_limit_exceeded"}}', "rate_limited", true],
  ['{"error":{"message":"x","type":"requests","code":null}}', "rate_limited", true],
  ['{"error":{"message":"x","type":"throttling_error","code":"429"}}', "rate_limited", true],
  ['{"error":{"code":402,"message":"More credits are needed"}}', "payment_required", false],
  ['{"error":{"code":"insufficient_quota","type":"x"}}', "payment_required", false],
  ['{"error":{"message":"x","type":"budget_exceeded","code":"400"}}', "payment_required", false],
  ['{"type":"payment_required","message":"Not enough credits"}', "payment_required", false],
  ['{"error":{"code":400,"status":"INVALID_ARGUMENT"}}', "gateway_refused", false],
  ['{"error":{"type":"BadRequestError","message":"x","code":400}}', "gateway_refused", false],
  ['{"error":{"type":"invalid_request_error","message":"x"}}', "gateway_refused", false],
  ['{"object":"error","type":"NotFoundError","message":"x","code":404}', "gateway_refused", false],
  ['{"error":{"code":503,"status":"UNAVAILABLE"}}', "gateway_error", true],
  ['{"error":{"type":"server_error","message":"x"}}', "gateway_error", true],
  ['{"detail":"Internal trouble"}', "gateway_error", true],
  ['{"detail":[{"msg":"Internal trouble"}]}', "gateway_error", true],
  ['{"message":"Internal trouble"}', "gateway_error", true],
  ['{"success":false,"errors":[{"code":5021,"message":"Trouble"}]}', "gateway_error", true],
  ['{"choices":[{"delta":{},"error":{"code":502,"message":"x"}}]}', "gateway_error", true],
] as const;

describe("an error is classified by whichever member names a class", () => {
  test.each(ERRORS)("in the stream: %s is %s", async (error, code, retryable) => {
    const { end } = await askScript(answer(`${chunk("a")}data: ${error}\n\n${done}`));
    expect(end).toMatchObject({ type: "failed", code, retryable });
  });

  test.each(ERRORS)("in a body of status 200: %s is %s", async (error, code, retryable) => {
    const { end } = await askScript(answer(error, json));
    expect(end).toMatchObject({ type: "failed", code, retryable });
  });

  test.each([
    [429, '{"error":{"code":"insufficient_quota","message":"x"}}', "payment_required", false],
    [400, '[{"error":{"code":400,"status":"RESOURCE_EXHAUSTED"}}]', "rate_limited", true],
    [500, '{"error":{"type":"invalid_request_error"}}', "gateway_error", true],
    [400, '{"error":{"type":"server_error","message":"x"}}', "gateway_refused", false],
  ])("in a response of status %i: %s is %s", async (status, body, code, retryable) => {
    const { end } = await askScript(answer(body, json, status));
    expect(end).toMatchObject({ type: "failed", code, retryable });
  });

  test.each([
    ['{"detail":"Not here"}', "Not here"],
    ['{"detail":[{"loc":["body"],"msg":"Field required"}]}', "Field required"],
    ['{"success":false,"errors":[{"code":7,"message":"No such model"}]}', "No such model"],
    ['{"success":false,"error":[{"code":2001,"message":"Configure it"}]}', "Configure it"],
    ['[{"error":{"message":"API key not valid"}}]', "API key not valid"],
  ])("and its message is quoted: %s", async (body, quoted) => {
    const { end } = await askScript(answer(body, json, 400));
    expect(end).toMatchObject({ message: `The gateway answered 400: ${quoted}` });
  });

  test("a prompt that the content rules refuse is filtered", async () => {
    const body = '{"error":{"code":"content_filter","message":"x","status":400}}';
    const { end } = await askScript(answer(body, json, 400));
    expect(end).toMatchObject({ code: "gateway_refused", retryable: false, isFiltered: true });
  });
});
