import { expect, test } from "vitest";
import { newCallTally } from "./call-tally.ts";

const usage = (n: number) => ({ prompt_tokens: n, completion_tokens: 2 * n, total_tokens: 3 * n });

test("within a call the last report counts, over the calls they are added up", () => {
  const tally = newCallTally();
  expect([tally.usage, tally.calls]).toEqual([null, []]);

  expect(tally.begin("answer")).toBe(1);
  tally.report({ usage: usage(1) });
  tally.report({ usage: usage(4), model: "m" });
  expect(tally.begin("repair")).toBe(2);
  tally.report({ usage: usage(10) });

  expect(tally.usage).toEqual(usage(14));
  expect(tally.calls).toEqual([
    { call: 1, purpose: "answer", model: "m", usage: usage(4) },
    { call: 2, purpose: "repair", model: null, usage: usage(10) },
  ]);
});

test("a call without usage does not change the usage of others", () => {
  const tally = newCallTally();
  tally.begin("answer");
  tally.begin("answer");
  tally.report({ usage: usage(3) });
  tally.begin("repair");
  expect(tally.usage).toEqual(usage(3));
});
