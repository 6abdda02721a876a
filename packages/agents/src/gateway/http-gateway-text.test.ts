/** The text and the usage of answers in the dialects of many gateways. */
import { describe, expect, test } from "vitest";
import { answer, askScript, chunk, done, finish } from "../../test/test-gateway.ts";

describe("the text of an answer", () => {
  const delta = (members: object) => chunk("", { choices: [{ index: 0, delta: members }] });
  const textPart = (text: string) => ({ type: "text", text });

  test("is read from parts, and other parts are not", async () => {
    const parts = [
      { type: "thinking", thinking: [textPart("Hm.")] },
      textPart("b"),
      { type: "image_url", image_url: { url: "x" } },
      { type: "text", text: 7 },
      "c",
    ];
    const body = chunk("a") + delta({ content: parts }) + delta({ content: [] }) + chunk("d");
    expect((await askScript(answer(body + finish("stop")))).text).toBe("abcd");
  });

  test("is read from the message of a last chunk, once", async () => {
    const last = (content: string) =>
      chunk("", { choices: [{ message: { content }, finish_reason: "stop" }] });
    expect((await askScript(answer(last("All.") + done))).text).toBe("All.");
    expect((await askScript(answer(chunk("Al") + chunk("l.") + last("All.") + done))).text).toBe(
      "All.",
    );
  });

  test.each(["reasoning_content", "reasoning", "thinking"])(
    "never contains thoughts of the member %s",
    async (member) => {
      const body = delta({ [member]: "Hm." }) + delta({ content: "a", [member]: "Hm!" });
      expect((await askScript(answer(body + finish("stop")))).text).toBe("a");
    },
  );

  const STRIPPED = [
    ["<think>Hm.</think>\n\n{}", "{}"],
    ["\n <think>\nHm {\n</think>{}", "{}"],
    ["<think></think><think>x</think>a", "a"],
    ["<THINKING>Hm.</Thinking>a", "a"],
    ["<thought>Hm.</thought>a", "a"],
    ["Well.\n<think>Hm.</think>\nNow.", "Well.\nNow."],
  ] as const;
  const KEPT = [
    '{"a":"<think>x</think>"}',
    "a <think> b",
    "<thin> a",
    "<",
    "a\n<",
    "</think>",
    "a < b\n<b>c</b>",
  ];
  test.each([...STRIPPED, ...KEPT.map((text) => [text, text] as const)])(
    "%j is shown as %j, however it is cut",
    async (wire, shown) => {
      for (const size of [1, 3, 1_000]) {
        const pieces = wire.match(new RegExp(`[^]{1,${size}}`, "g")) ?? [];
        const body = pieces.map((piece) => chunk(piece)).join("") + finish("stop") + done;
        expect((await askScript(answer(body))).text.trimStart()).toBe(shown);
      }
    },
  );

  test("is empty if it is a thought that never ends", async () => {
    const { text, end } = await askScript(answer(chunk("<think>Hm") + finish("length") + done));
    expect([text, end]).toMatchObject(["", { reason: "length" }]);
  });
});

describe("usage is kept", () => {
  test.each([
    [{ prompt_tokens: 5 }, [5, 0, 5]],
    [{ completion_tokens: 5 }, [0, 5, 5]],
    [{ prompt_tokens: 5, total_tokens: 8 }, [5, 3, 8]],
    [{ completion_tokens: 5, total_tokens: 8 }, [3, 5, 8]],
    [{ total_tokens: 8 }, [0, 0, 8]],
    [{ prompt_tokens: 5, completion_tokens: null, total_tokens: 9.5 }, [5, 0, 5]],
    [{ input_tokens: 5, output_tokens: 6 }, [5, 6, 11]],
    [{ prompt_tokens: 5, completion_tokens: 6, total_tokens: 20, other: {} }, [5, 6, 20]],
  ])("%j", async (wire, [prompt_tokens, completion_tokens, total_tokens]) => {
    const { events } = await askScript(answer(chunk("a") + finish("stop", { usage: wire }) + done));
    const usage = { prompt_tokens, completion_tokens, total_tokens };
    expect(events).toContainEqual({ type: "usage", usage });
  });

  test("from a chunk that reports an error", async () => {
    const usage = { prompt_tokens: 5, completion_tokens: 6, total_tokens: 11 };
    const error = { code: 400, message: "Token limit reached" };
    const { events, end } = await askScript(answer(chunk("a") + chunk("", { error, usage })));
    expect(events).toContainEqual({ type: "usage", usage });
    expect(end).toMatchObject({ type: "failed", code: "gateway_refused" });
  });

  test("from the member that Groq puts it into", async () => {
    const usage = { prompt_tokens: 5, completion_tokens: 6, total_tokens: 11 };
    const { events } = await askScript(answer(finish("stop", { x_groq: { usage } }) + done));
    expect(events).toContainEqual({ type: "usage", usage });
  });
});
