/** Answers that are whole, in unusual shapes and with unusual ends. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { hear, KEY, post } from "../test/test-client.ts";
import { newPrompt } from "../test/test-prompt.ts";
import { answerTo } from "./answers/answer-to.ts";
import { createDemoGateway, type DemoGateway } from "./server.ts";

const TODAY = "2026-11-23";
let gateway: DemoGateway;

beforeAll(async () => {
  gateway = createDemoGateway({ key: KEY, piecesPerSecond: 0 });
  await gateway.listen();
});
afterAll(() => gateway.close());

function promptWith(fault: string) {
  const prompt = fault && `[[fault:${fault}]]`;
  return newPrompt("cmo-plan-90day", { request: { today: TODAY, ...(prompt ? { prompt } : {}) } });
}

const ask = (fault: string) => post(gateway.url, { messages: promptWith(fault) });
const healthyAnswer = () => answerTo(promptWith(""), TODAY);

test("bad-json-lines: as many as asked for", async () => {
  const { text, others } = await hear(await ask("bad-json-lines@5"));
  expect(others).toHaveLength(6);
  expect(text).toBe(healthyAnswer());
});

test.each([
  ...["empty-choices", "null-delta", "early-usage", "extra-members", "no-space", "multi-line"],
  ...["unknown-reason", "done-only"],
])("%s: the text is whole, and [DONE] follows it", async (fault) => {
  const { text, others, error } = await hear(await ask(fault));
  expect(text).toBe(healthyAnswer());
  expect(others.at(-1)).toBe("[DONE]");
  expect(error).toBeNull();
});

test.each([
  ["no-space", /^data:\{.*"content":"./m],
  ["multi-line", /^data: {2}"choices": \[$/m],
  ["extra-members", /"native_finish_reason":null/],
  ["null-delta", /"delta":null/],
  ["early-usage", /"choices":\[\],"usage":\{"prompt_tokens":1,/],
  ["unknown-reason", /"finish_reason":"end_of_turn"/],
])("%s: so it stands on the wire", async (fault, shape) => {
  expect(await (await ask(fault)).text()).toMatch(shape);
});

test("done-only and finish-only: each of the two marks of an end without the other", async () => {
  const reasons = async (fault: string) => {
    const { chunks, others } = await hear(await ask(fault));
    const said = chunks.map(({ choices }) => choices[0]?.finish_reason ?? null);
    return [said.filter((reason) => reason !== null), others];
  };
  expect(await reasons("done-only")).toEqual([[], ["[DONE]"]]);
  expect(await reasons("finish-only")).toEqual([["stop"], []]);
});
