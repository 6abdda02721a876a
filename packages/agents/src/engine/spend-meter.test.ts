import type { AttemptCall } from "@cmo/shared/contract";
import { describe, expect, test } from "vitest";
import { finished, planner, runScripted, text, textOfDeltas } from "../../test/scripted-run.ts";
import { type DrawReply, newSpendMeter, type SpendMeter } from "./spend-meter.ts";

const granted = (tokens: number | null): DrawReply => ({ kind: "granted", tokens });
const refused: DrawReply = { kind: "refused", message: "Today's budget is used up." };

/** A ledger that gives these replies, in order, and the last one again and again. */
function newLedger(...replies: readonly DrawReply[]) {
  const draws: (readonly AttemptCall[])[] = [];
  const draw = async (calls: readonly AttemptCall[]) => {
    await Promise.resolve();
    draws.push(calls);
    return replies[Math.min(draws.length, replies.length) - 1] ?? refused;
  };
  return { draws, meter: newSpendMeter({ draw, model: "m-1" }) };
}

const call: AttemptCall = { call: 1, purpose: "answer", model: null, usage: null };
const messages = [{ role: "user", content: "x".repeat(400) }] as const;
/** Draws that are under way have been answered. */
const settled = () => new Promise((resolve) => setImmediate(resolve));
const tokens = (count: number) => "x".repeat(4 * count);
const answered = (draws: readonly (readonly AttemptCall[])[]) =>
  draws.map((calls) => calls.at(-1)?.usage?.completion_tokens);

describe("a meter", () => {
  test("draws for the prompt before the call, under the name of the model", async () => {
    const { meter, draws } = newLedger(granted(10));
    expect(await meter.begin([call], messages)).toBe(true);
    const usage = { prompt_tokens: 104, completion_tokens: 0, total_tokens: 104 };
    expect(draws).toEqual([[{ ...call, model: "m-1", usage }]]);
  });

  test("draws under the name of the model that is asked", async () => {
    const { meter, draws } = newLedger(granted(10), refused);
    await meter.begin([call], messages);
    meter.asked("m-2");
    await meter.take(tokens(10));
    expect(draws.map(([only]) => only?.model)).toEqual(["m-1", "m-2"]);
  });

  test("lets pieces pass without a draw while half of what was granted is left", async () => {
    const { meter, draws } = newLedger(granted(100));
    await meter.begin([call], messages);
    for (let n = 0; n < 4; n += 1) expect(meter.take(tokens(12))).toBe(true);
    expect(draws).toHaveLength(1);
  });

  test("draws once when half is used, and the pieces of that time need not wait", async () => {
    const { meter, draws } = newLedger(granted(100), granted(200));
    await meter.begin([call], messages);
    for (let n = 0; n < 9; n += 1) expect(meter.take(tokens(10))).toBe(true);
    await settled();
    expect(answered(draws)).toEqual([0, 50]);
    expect(meter.take(tokens(50))).toBe(true);
  });

  test("holds a piece that exceeds what was granted until more is, and ends the answer if none is", async () => {
    const { meter, draws } = newLedger(granted(10), granted(20), refused);
    await meter.begin([call], messages);
    expect(await meter.take(tokens(10))).toBe(true);
    expect(await meter.take(tokens(10))).toBe(false);
    expect(meter.refusal).toBe("Today's budget is used up.");
    expect(answered(draws)).toEqual([0, 10, 20]);
    expect(await meter.take("x")).toBe(false);
  });

  test("asks no more after a draw that added nothing, until all is used", async () => {
    const { meter, draws } = newLedger(granted(100), granted(100), refused);
    await meter.begin([call], messages);
    for (let n = 0; n < 99; n += 1) expect(await meter.take(tokens(1))).toBe(true);
    expect(answered(draws)).toEqual([0, 50]);
    expect(await meter.take(tokens(1))).toBe(false);
    expect(answered(draws)).toEqual([0, 50, 100]);
  });

  test("counts the bytes of text, not its characters", async () => {
    const { meter, draws } = newLedger(granted(10), refused);
    await meter.begin([call], messages);
    expect(await meter.take("日".repeat(14))).toBe(false);
    expect(answered(draws)).toEqual([0, 11]);
  });

  test("counts with the tokenizer at each draw, and guesses too much rather than too little between", async () => {
    const draws: (number | undefined)[] = [];
    const replies = [granted(100), granted(200), refused];
    const meter = newSpendMeter({
      model: "m",
      // Two bytes a token, as in an answer that is full of signs.
      countTokens: async (counted) => counted.length / 2,
      draw: async (calls) => {
        draws.push(calls.at(-1)?.usage?.completion_tokens);
        return replies.shift() ?? refused;
      },
    });
    await meter.begin([call], messages);
    // 150 bytes are guessed as 50 tokens, which is where it draws, and are 75.
    expect(await meter.take("x".repeat(150))).toBe(true);
    await settled();
    expect(draws).toEqual([0, 75]);
    await meter.take("x".repeat(250));
    await settled();
    expect(draws).toEqual([0, 75, 200]);
    expect(await meter.take("x")).toBe(false);
  });

  test("of a budget without limits in tokens asks once a call", async () => {
    const { meter, draws } = newLedger(granted(null));
    await meter.begin([call], messages);
    for (let n = 0; n < 100; n += 1) expect(meter.take(tokens(1000))).toBe(true);
    expect(draws).toHaveLength(1);
  });

  test("throws what the ledger throws, at a piece that comes later too", async () => {
    const replies = [() => granted(10), () => Promise.reject(new Error("A bug."))];
    const meter = newSpendMeter({ model: "m", draw: async () => replies.shift()?.() ?? refused });
    await meter.begin([call], messages);
    expect(meter.take(tokens(6))).toBe(true);
    await expect(async () => {
      for (;;) if (!(await meter.take("x"))) return;
    }).rejects.toThrow("A bug.");
  });
});

const good = '{"title": "A plan of some length"}';
const pieces = [...good.matchAll(/.{1,8}/g)].map(([piece]) => text(piece));

describe("a run with a budget", () => {
  test("that lasts completes as any other", async () => {
    const { meter } = newLedger(granted(1000));
    const { outcome } = await runScripted(planner, [[...pieces, finished()]], { meter });
    expect(outcome).toMatchObject({ kind: "completed" });
  });

  test("that is used up ends there: the text is kept, and nothing is tried again", async () => {
    const { meter } = newLedger(granted(3), refused);
    const run = await runScripted(planner, [[...pieces, finished()]], { meter });
    expect(run.outcome).toMatchObject({
      kind: "failed",
      code: "budget_exceeded",
      message: "Today's budget is used up.",
      text: good.slice(0, 16),
      release: null,
    });
    expect(textOfDeltas(run.events)).toBe(good.slice(0, 16));
    expect(run.requests).toHaveLength(1);
    expect(run.deliveredEvents).toBe(2);
  });

  test("that does not cover the prompt makes no call", async () => {
    const { meter } = newLedger(refused);
    const run = await runScripted(planner, [pieces], { meter });
    expect(run.outcome).toMatchObject({ code: "budget_exceeded", text: "", calls: [] });
    expect(run.requests).toEqual([]);
  });

  test("that is used up by the last piece keeps the answer, which has been paid for", async () => {
    const { meter } = newLedger(granted(3), refused);
    const whole = [text(good.slice(0, 8)), text(good.slice(8)), finished()];
    // A gateway that sends a whole answer asks nobody whether more is wanted.
    const deaf: SpendMeter = {
      begin: meter.begin,
      asked: meter.asked,
      take: (piece) => {
        void meter.take(piece);
        return true;
      },
      get refusal() {
        return meter.refusal;
      },
    };
    const { outcome } = await runScripted(planner, [whole], { meter: deaf });
    expect(meter.refusal).not.toBeNull();
    expect(outcome).toMatchObject({ kind: "completed" });
  });

  test("that is used up before a repair keeps an accepted answer, and fails a rejected one", async () => {
    const open = '{"title": "x", "steps": ["…"]}';
    const first = newLedger(granted(1000), refused);
    const kept = await runScripted(planner, [[text(open), finished()]], first);
    expect(kept.outcome).toMatchObject({ kind: "completed" });

    const second = newLedger(granted(1000), refused);
    const lost = await runScripted(planner, [[text('{"name": 1}'), finished()]], second);
    expect(lost.outcome).toMatchObject({ kind: "failed", code: "budget_exceeded" });
    expect(second.draws.at(-1)).toMatchObject([
      { purpose: "answer" },
      { call: 2, purpose: "repair" },
    ]);
  });
});
