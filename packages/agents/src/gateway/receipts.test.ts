/** What is due for an answer, and what gateways say that it costs. */
import { describe, expect, test } from "vitest";
import {
  answer,
  askWith,
  chunk,
  createTestGateway,
  done,
  finish,
  json,
  type Script,
  sse,
} from "../../test/test-gateway.ts";
import { readCostMicros, readUsage } from "./read-usage.ts";

async function receiptOf(script: Script, options: Parameters<typeof askWith>[2] = {}) {
  const gateway = await createTestGateway(script);
  try {
    return (await askWith(gateway.url, () => true, options)).receipt;
  } finally {
    await gateway.close();
  }
}

const error = (code: number) => `data: ${JSON.stringify({ error: { code, message: "No." } })}\n\n`;

describe("nothing is due for a request that", () => {
  test.each([400, 401, 402, 404, 429, 500, 503])("is answered with status %i", async (status) => {
    const refusal = answer(JSON.stringify({ error: { message: "No." } }), json, status);
    expect(await receiptOf(refusal)).toMatchObject({ isDue: false });
  });

  test.each([402, 429, 502])("is refused as %i in the stream before any text", async (code) => {
    expect(await receiptOf(answer(error(code)))).toMatchObject({ isDue: false });
  });

  test("is answered with a web page", async () => {
    const page = answer("<!doctype html><p>Hi", { "content-type": "text/html" });
    expect(await receiptOf(page)).toMatchObject({ isDue: false });
  });

  test("never arrives", async () => {
    const { url, close } = await createTestGateway(() => {});
    await close();
    expect((await askWith(url, () => true)).receipt).toMatchObject({ isDue: false });
  });
});

describe("something is due for a request that", () => {
  test.each([
    ["is answered whole", chunk("a") + finish("stop") + done],
    ["is cut off", chunk("a")],
    ["fails after some text", chunk("a") + error(429)],
    [
      "fails after some thoughts",
      chunk("", { choices: [{ delta: { reasoning: "Hm." } }] }) + error(502),
    ],
  ])("%s", async (_, body) => {
    expect(await receiptOf(answer(body))).toMatchObject({ isDue: true });
  });

  test("was sent and is not answered", async () => {
    const silent: Script = () => {};
    const timeouts = { firstDataMs: 50 };
    expect(await receiptOf(silent, { timeouts })).toMatchObject({ isDue: true });
    const cut: Script = (response) => void response.destroy();
    expect(await receiptOf(cut)).toMatchObject({ isDue: true });
  });

  test("is aborted while it streams", async () => {
    const abort = new AbortController();
    const stream: Script = (response) => void response.writeHead(200, sse).write(chunk("a"));
    const gateway = await createTestGateway(stream);
    const take = () => {
      abort.abort();
      return true;
    };
    const asked = askWith(gateway.url, take, { signal: abort.signal });
    expect(await asked).toMatchObject({ end: { type: "aborted" }, receipt: { isDue: true } });
    await gateway.close();
  });
});

test("thoughts are counted, though nobody is shown them", async () => {
  const thought = { reasoning: "x".repeat(30), reasoning_content: "x".repeat(30) };
  const body =
    chunk("", { choices: [{ delta: thought }] }) +
    chunk(`<think>${"y".repeat(40)}</think>`) +
    chunk("Hello") +
    finish("stop") +
    done;
  const { hiddenLength } = await receiptOf(answer(body));
  expect(hiddenLength).toBe(30 + "<think></think>".length + 40);
});

describe("prompt tokens that were read from a cache", () => {
  test.each([
    ["OpenAI, chat", { prompt_tokens: 9, prompt_tokens_details: { cached_tokens: 4 } }, [9, 4]],
    ["OpenAI, responses", { input_tokens: 9, input_tokens_details: { cached_tokens: 4 } }, [9, 4]],
    ["DeepSeek", { prompt_tokens: 9, prompt_cache_hit_tokens: 4 }, [9, 4]],
    [
      "Anthropic",
      { input_tokens: 2, cache_read_input_tokens: 4, cache_creation_input_tokens: 3 },
      [9, 4],
    ],
    ["LiteLLM before Anthropic", { prompt_tokens: 9, cache_read_input_tokens: 4 }, [9, 4]],
    ["more than there were", { prompt_tokens: 9, prompt_cache_hit_tokens: 40 }, [9, 9]],
    [
      "nonsense",
      { prompt_tokens: 9, prompt_tokens_details: { cached_tokens: -4 } },
      [9, undefined],
    ],
  ])("%s", (_, wire, [prompt_tokens, cached_tokens]) => {
    const usage = readUsage({ ...wire, completion_tokens: 1 });
    expect([usage?.prompt_tokens, usage?.cached_tokens]).toEqual([prompt_tokens, cached_tokens]);
  });
});

test.each([
  [
    { prompt_tokens: 1e15, completion_tokens: 5 },
    { prompt_tokens: 0, completion_tokens: 5 },
  ],
  [{ prompt_tokens: 5, completion_tokens: 2, total_tokens: 1e300 }, { total_tokens: 7 }],
  [{ prompt_tokens: -1, completion_tokens: -1 }, null],
  [{ prompt_tokens: "5" }, null],
])("a number that no call can have counts as missing: %j", (wire, usage) => {
  if (usage === null) expect(readUsage(wire)).toBeNull();
  else expect(readUsage(wire)).toMatchObject(usage);
});

test.each([
  [{ cost: 0.0123 }, 12_300],
  [{ cost: 0.0000005 }, 1],
  [{ cost: 0 }, 0],
  [{ cost: 0.001, is_byok: true, cost_details: { upstream_inference_cost: 0.02 } }, 21_000],
  [{ cost: 0.001, is_byok: true }, null],
  [{ cost: -1 }, null],
  [{ cost: 1e9 }, null],
  [{ cost: { total_cost: 1 } }, null],
  [{}, null],
])("what a gateway says that it has charged: %j", (usage, micros) => {
  expect(readCostMicros(usage)).toBe(micros);
});

test("the cost is the last that the gateway said", async () => {
  const body = chunk("a", { usage: { cost: 0.001 } }) + finish("stop", { usage: { cost: 0.002 } });
  expect(await receiptOf(answer(body))).toMatchObject({ costMicros: 2_000 });
});
