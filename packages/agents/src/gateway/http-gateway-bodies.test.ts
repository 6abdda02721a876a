/** Successful responses that are no stream, and streams that say nothing. */
import { describe, expect, test } from "vitest";
import {
  answer,
  askScript,
  chunk,
  done,
  finish,
  json,
  type Script,
  sse,
} from "../../test/test-gateway.ts";

describe("a successful response that is no stream", () => {
  const usage = { prompt_tokens: 3, completion_tokens: 4, total_tokens: 7 };
  const message = { role: "assistant", content: "Whole.", reasoning_content: "Hm." };
  const whole = JSON.stringify({
    object: "chat.completion",
    model: "used/model",
    choices: [{ index: 0, message, finish_reason: "stop" }],
    usage,
  });

  test.each([
    ["JSON", json, whole],
    ["JSON with blanks before it", json, `\ufeff \n\n${whole}`],
    ["JSON that claims to be a stream", sse, whole],
    ["JSON without a type", {}, whole],
    ["JSON without a finish reason", json, whole.replace('"finish_reason":"stop"', '"a":1')],
  ])("is an answer if it is a whole completion: %s", async (_name, headers, body) => {
    const { events } = await askScript(answer(body, headers));
    expect(events).toEqual([
      { type: "text", text: "Whole." },
      { type: "usage", usage },
      { type: "finished", reason: "stop", model: "used/model" },
    ]);
  });

  test("may have no text and no reason for its end", async () => {
    const body = '{"choices":[{"message":{"content":""},"finish_reason":""}]}';
    expect((await askScript(answer(body, json))).end).toMatchObject({ reason: "stop" });
  });

  test("may have been cut off", async () => {
    const { end } = await askScript(answer(whole.replace('"stop"', '"MAX_TOKENS"'), json));
    expect(end).toMatchObject({ type: "finished", reason: "length" });
  });

  test.each(["application/json", "text/plain", "application/octet-stream"])(
    "is a stream all the same if its body is one: %s",
    async (type) => {
      const body = chunk("a") + finish("stop") + done;
      const { text, end } = await askScript(answer(body, { "content-type": type }));
      expect([text, end]).toMatchObject(["a", { type: "finished", reason: "stop" }]);
    },
  );

  test.each([
    ["a web page", "<!doctype html><h1>Sign in</h1>", { "content-type": "text/html" }, 200],
    ["a web page", "\n<html>", sse, 200],
    ["200 and nothing else", "", json, 200],
    ["204 and nothing else", "", {}, 204],
    ["text that is no stream of events", "Welcome", { "content-type": "text/plain" }, 200],
    ["JSON that is no chat completion", '{"status":"ok"}', json, 200],
    ["JSON that is no chat completion", "[1]", json, 200],
    [
      "NDJSON, as Ollama does outside of /v1",
      '{"message":{"content":"a"},"done":false}\n{"done":true}\n',
      { "content-type": "application/x-ndjson" },
      200,
    ],
    ["NDJSON, as Ollama does outside of /v1", '{"a":1}\n{"b":2}\n', json, 200],
    ["a redirect (308)", "", { location: "http://127.0.0.1:9/" }, 308],
  ])("is refused with a sentence that names it: %s", async (what, body, headers, status) => {
    const { events, end } = await askScript(answer(body, headers, status));
    const sentence = `The gateway answered ${what}; check AI_GATEWAY_URL.`;
    expect(end).toMatchObject({ code: "gateway_refused", retryable: false, sentence });
    expect(end).toMatchObject({ message: expect.stringContaining(sentence) });
    expect(events).toHaveLength(1);
  });

  test("that breaks off is incomplete, and may be asked for again", async () => {
    const { end } = await askScript((response) => {
      response.writeHead(200, { ...json, "content-length": "1000" });
      response.write(whole, () => response.destroy());
    });
    expect(end).toMatchObject({ type: "failed", code: "gateway_error", retryable: true });
  });

  test("that is JSON without an end is not held", async () => {
    const { end } = await askScript((response) => {
      response.writeHead(200, json).write("[");
      const send = () => {
        while (!response.destroyed && response.write(" ".repeat(65_536)));
        if (!response.destroyed) response.once("drain", send);
      };
      send();
    });
    expect(end).toMatchObject({ code: "incomplete_stream", message: /8388608 bytes/ });
  });
});

describe("a gateway that only sends comments", () => {
  const commenting =
    (line: string): Script =>
    (response) => {
      response.writeHead(200, sse);
      const timer = setInterval(() => response.write(line), 10);
      response.on("close", () => clearInterval(timer));
    };

  test.each([": OPENROUTER PROCESSING\n\n", 'data: {"choices":[]}\n\n', "\n"])(
    "%j is given up after one first-byte time, and not asked again",
    async (line) => {
      const { end } = await askScript(commenting(line), { timeouts: { firstDataMs: 800 } });
      expect(end).toMatchObject({ code: "gateway_timeout", retryable: false });
    },
  );

  test.each([
    ["says nothing at all", () => undefined],
    [
      "begins to answer and falls silent",
      (response) => {
        response
          .writeHead(200, sse)
          .write('data: {"choices":[{"delta":{"role":"assistant"}}]}\n\n');
      },
    ],
  ] satisfies [string, Script][])(
    "is told from one that %s, which is asked once more",
    async (_what, script) => {
      // What it begins with must come in the first half, also on a busy machine.
      const { end } = await askScript(script, { timeouts: { firstDataMs: 2_000 } });
      expect(end).toMatchObject({ code: "gateway_timeout", retryable: true, retryOnce: true });
    },
  );
});
