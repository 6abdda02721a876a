import { catalogEntry } from "@cmo/agents/catalog";
import type { ReaderEvent } from "@cmo/shared/contract";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { newOpenaiEncoder } from "./openai.ts";
import { sampleRun } from "./sample-run.ts";

const run = sampleRun();
const plan = catalogEntry("strategy");
const intake = catalogEntry("setup");

/** An event of an attempt. This format ignores its position in the log. */
function attemptEvent(attempt: number): ReaderEvent {
  return { type: "attempt", id: "1-0", data: { attempt, reset: attempt > 1, reason: null } };
}

function deltas(pieces: readonly string[]): ReaderEvent[] {
  let offset = 0;
  return pieces.map((text) => {
    const event: ReaderEvent = { type: "delta", id: "1-1", data: { text, offset } };
    offset += text.length;
    return event;
  });
}

function completed(output: Record<string, unknown>): ReaderEvent {
  const data = { output, usage: null, duration_ms: 1, artifacts: [], warnings: [], text_length: 0 };
  return { type: "completed", id: "1-999999999", data };
}

/** What one connection receives. */
function encode(events: readonly ReaderEvent[], card = plan): string {
  const encoder = newOpenaiEncoder(run, card);
  return encoder.opening + events.map(encoder.encode).join("") + encoder.close();
}

/**
 * The parser of the front end: `data: ` with its space, one complete JSON object per line. A line
 * that is not JSON stalls it, which must never happen in these tests.
 */
function readAsTheScreensDo(wire: string): string {
  let content = "";
  const lines = wire.split("\n").slice(0, -1);
  for (const line of lines) {
    const text = line.endsWith("\r") ? line.slice(0, -1) : line;
    if (text.startsWith(":") || text.trim() === "" || !text.startsWith("data: ")) continue;
    if (text === "data: [DONE]") continue;
    content += JSON.parse(text.slice("data: ".length)).choices?.[0]?.delta?.content ?? "";
  }
  return content;
}

/** The first block with a tag, as existing clients match it. */
function findBlock(content: string, tag: string): unknown {
  const block = new RegExp(`\`\`\`json:${tag}\\n([\\s\\S]*?)\\n\`\`\``).exec(content);
  return block?.[1] === undefined ? undefined : JSON.parse(block[1]);
}

/** Text that imitates the result. */
const mischief = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.constantFrom(
    "`",
    "``",
    "```",
    "```json:plan\n",
    "```json:brand\n{}\n```",
    '{"plan_name":"false"}',
    "\n```",
    "json",
    ":plan",
    ":brand\n",
    "```json:",
    "data: x\n\n",
  ),
);
const attempts = fc.array(fc.array(mischief, { maxLength: 12 }), { minLength: 1, maxLength: 3 });
const output = fc.dictionary(fc.string(), fc.oneof(mischief, fc.integer(), fc.array(mischief)));

describe("the format of the replaced functions", () => {
  test("whatever a model writes, in whatever pieces and attempts, the screens find the validated output", async () => {
    await fc.assert(
      fc.asyncProperty(attempts, output, async (drafts, result) => {
        const events = drafts.flatMap((pieces, index) => [
          attemptEvent(index + 1),
          ...deltas(pieces),
        ]);
        const content = readAsTheScreensDo(encode([...events, completed(result)]));
        expect(findBlock(content, "plan")).toEqual(JSON.parse(JSON.stringify(result)));
      }),
      { numRuns: 300 },
    );
  });

  test("whatever a conversation says, its blocks are the validated ones", async () => {
    await fc.assert(
      fc.asyncProperty(attempts, output, output, async (drafts, brand, offer) => {
        const events = drafts.flatMap((pieces, index) => [
          attemptEvent(index + 1),
          ...deltas(pieces),
        ]);
        const result = { message: "Hi", brand, offer };
        const content = readAsTheScreensDo(encode([...events, completed(result)], intake));
        expect(findBlock(content, "brand")).toEqual(JSON.parse(JSON.stringify(brand)));
        expect(findBlock(content, "offer")).toEqual(JSON.parse(JSON.stringify(offer)));
        expect(findBlock(content, "icp")).toBeUndefined();
      }),
      { numRuns: 300 },
    );
  });

  test("prose is not changed", async () => {
    const prose = "Say `hi`, then:\n```sh\nls\n```\nand json: done";
    const events = [attemptEvent(1), ...deltas([...prose]), completed({ message: prose })];
    expect(readAsTheScreensDo(encode(events, intake))).toBe(`${prose}\n\n`);
  });

  test("a snapshot adds only new text, and replaces a superseded attempt", async () => {
    const events: ReaderEvent[] = [
      attemptEvent(1),
      ...deltas(["abc"]),
      { type: "snapshot", data: { text: "abcdef", attempt: 1 } },
      { type: "snapshot", data: { text: "new", attempt: 2 } },
      completed({}),
    ];
    const content = readAsTheScreensDo(encode(events));
    expect(content).toMatch(/^```json\nabcdef\n```\n\n.*\n\n```json\nnew\n```\n\n```json:plan\n/);
  });

  test("each ending gives [DONE] once, as the last line", async () => {
    const length = { text_length: 0 };
    const failure = { code: "gateway_error", error: "It failed.", retryable: true, ...length };
    const endings: ReaderEvent[] = [
      completed({}),
      { type: "failed", id: "1-999999999", data: failure },
      { type: "cancelled", id: "1-999999999", data: length },
      { type: "reconnect", data: { reason: "draining", after: null } },
    ];
    for (const ending of endings) {
      const wire = encode([{ type: "run", data: run }, attemptEvent(1), ending]);
      expect(wire.endsWith("data: [DONE]\n\n")).toBe(true);
      expect(wire.split("[DONE]")).toHaveLength(2);
    }
  });

  test("the chunks are those of the OpenAI API, member for member", async () => {
    const head = {
      id: `chatcmpl-${run.id}`,
      object: "chat.completion.chunk",
      created: 1_795_428_000,
      model: "cmo-plan-90day",
    };
    const line = (delta: object, finish_reason: string | null, more: object = {}) =>
      `data: ${JSON.stringify({ ...head, choices: [{ index: 0, delta, finish_reason }], ...more })}\n\n`;
    const text = 'A "quote",\na \u2028 line and half a pair: \ud83d';
    const opening = line({ role: "assistant", content: "" }, null);
    expect(encode([...deltas([text]), completed({ message: "" })], intake)).toBe(
      `${opening}${line({ content: text }, null)}${line({ content: "\n\n" }, null)}${line({}, "stop")}data: [DONE]\n\n`,
    );
    const code = "gateway_error";
    const data = { code, error: "It failed.", retryable: true, text_length: 0 };
    const error = { message: "It failed.", type: code, code };
    expect(encode([{ type: "failed", id: "1-999999999", data }])).toBe(
      `${opening}${line({ content: "\n\nIt failed.\n" }, null)}${line({}, "error", { error, run_id: run.id })}data: [DONE]\n\n`,
    );
  });

  test("every data line before [DONE] has `choices`, which OpenAI clients require", async () => {
    const wire = encode([{ type: "run", data: run }, ...deltas(["x"]), completed({})]);
    const lines = wire.split("\n").filter((line) => line.startsWith("data: {"));
    expect(lines.length).toBeGreaterThan(2);
    for (const line of lines) expect(JSON.parse(line.slice(6)).choices).toHaveLength(1);
  });
});
