import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { closedRequest, framesOf, hear, KEY, post } from "../test/test-client.ts";
import { newInterview, newPrompt } from "../test/test-prompt.ts";
import { answerTo } from "./answers/answer-to.ts";
import { FAULTS, findFault } from "./faults.ts";
import { createDemoGateway, type DemoGateway } from "./server.ts";

const PIECES = 30;
const TODAY = "2026-11-23";
let gateway: DemoGateway;

beforeAll(async () => {
  gateway = createDemoGateway({ key: KEY, piecesPerSecond: 0 });
  await gateway.listen();
});
afterAll(() => gateway.close());

function ask(fault: string, requestId = `${randomUUID()}-1-1`, signal?: AbortSignal) {
  const messages = newPrompt("cmo-plan-90day", {
    request: { today: TODAY, prompt: `[[fault:${fault}]]` },
  });
  return post(gateway.url, { messages, requestId, ...(signal ? { signal } : {}) });
}

const healthyAnswer = () =>
  answerTo(newPrompt("cmo-plan-90day", { request: { today: TODAY } }), TODAY);

describe("refusals", () => {
  test.each([
    ["429", 429],
    ["402", 402],
    ["500", 500],
    ["502-html", 502],
    ["503", 503],
    ["model-not-found", 404],
  ])("%s", async (fault, status) => {
    const response = await ask(fault);
    expect(response.status).toBe(status);
    expect(response.headers.get("retry-after")).toBeNull();
    await response.body?.cancel();
  });

  test("429-retry-after says when to come back", async () => {
    expect((await ask("429-retry-after")).headers.get("retry-after")).toBe("2");
    expect((await ask("429-retry-after@7")).headers.get("retry-after")).toBe("7");
  });

  test("429-retry-after-date says it as a date that is not too early", async () => {
    const askedAt = Date.now();
    const date = (await ask("429-retry-after-date@7")).headers.get("retry-after") ?? "";
    expect(date).toMatch(/^\w{3}, \d{2} \w{3} \d{4} .* GMT$/);
    expect(Date.parse(date) - askedAt).toBeGreaterThanOrEqual(7_000);
    expect(Date.parse(date) - Date.now()).toBeLessThanOrEqual(8_000);
  });

  test.each([
    ["429-retry-after-negative", "-1"],
    ["429-retry-after-garbage", "soon, maybe"],
  ])("%s says what nobody can wait for", async (fault, said) => {
    expect((await ask(fault)).headers.get("retry-after")).toBe(said);
  });
});

describe("hostile answers", () => {
  test("gzip-bomb: small on the wire, large when it is opened", async () => {
    const response = await ask("gzip-bomb@2");
    expect(Number(response.headers.get("content-length"))).toBeLessThan(20_000);
    expect((await response.arrayBuffer()).byteLength).toBe(2 * 1024 * 1024);
  });
});

describe("streams that break", () => {
  test.each(["reset-mid-stream", "cut-mid-stream"])(
    "%s: the client sees the failure",
    async (fault) => {
      const { text, error, others } = await hear(await ask(fault));
      expect(error).toBeInstanceOf(Error);
      expect(others).toEqual([]);
      expect(healthyAnswer().startsWith(text)).toBe(true);
    },
  );

  test("truncated: the client sees a normal end", async () => {
    const { chunks, others, error } = await hear(await ask("truncated"));
    expect(error).toBeNull();
    expect(others).toEqual([]);
    expect(chunks).toHaveLength(1 + PIECES);
    expect(chunks.every(({ choices }) => choices[0]?.finish_reason === null)).toBe(true);
  });

  test("hang-mid-stream: falls silent until the reader leaves", async () => {
    const runId = randomUUID();
    const frames = framesOf(await ask("hang-mid-stream@3", `${runId}-1-1`));
    for (let seen = 0; seen < 4; seen += 1) await frames.next();
    await frames.return(undefined);
    const entry = await closedRequest(gateway.url, runId);
    expect(entry).toMatchObject({ piecesSent: 3, closedBy: "client", fault: "hang-mid-stream@3" });
  });

  test("hang-before-headers: takes the request and never answers", async () => {
    const runId = randomUUID();
    const leave = new AbortController();
    const asked = ask("hang-before-headers", `${runId}-1-1`, leave.signal);
    const left = expect(asked).rejects.toThrow();
    await expect.poll(() => recordedFault(runId), { timeout: 5_000 }).toBe("hang-before-headers");
    leave.abort();
    await left;
    expect(await closedRequest(gateway.url, runId)).toMatchObject({ status: null, bytesSent: 0 });
  });

  test("error-mid-stream: reports an error, then ends", async () => {
    const { others, error } = await hear(await ask("error-mid-stream"));
    expect(error).toBeNull();
    expect(others).toHaveLength(1);
    expect(others[0]).toContain('"error"');
  });

  test.each([
    ["length", "length"],
    ["content-filter", "content_filter"],
    ["error-reason", "error"],
  ])("%s: says why it stopped", async (fault, reason) => {
    const { chunks, others } = await hear(await ask(fault));
    expect(chunks.at(-1)?.choices[0]?.finish_reason).toBe(reason);
    expect(others).toEqual(["[DONE]"]);
  });
});

describe("streams that are whole and wrong", () => {
  test("bad-json-line: one line is spoiled, all others are as they were", async () => {
    const { text, others, chunks } = await hear(await ask("bad-json-line"));
    expect(others).toHaveLength(2);
    expect(() => JSON.parse(others[0] ?? "")).toThrow();
    expect(text).toBe(healthyAnswer());
    expect(chunks.at(-2)?.choices[0]?.finish_reason).toBe("stop");
  });

  test("no-text: ends well without having said anything", async () => {
    const { text, others } = await hear(await ask("no-text"));
    expect(text).toBe("");
    expect(others).toEqual(["[DONE]"]);
  });

  test("invalid-output: JSON of another shape, in a block where the answer is prose", async () => {
    const { text } = await hear(await ask("invalid-output"));
    expect(Object.keys(JSON.parse(text))).toEqual(["demo"]);

    const messages = newInterview({}, ["Hello [[fault:invalid-output]]"]);
    const interview = await hear(await post(gateway.url, { messages }));
    expect(interview.text).toMatch(/^```json:brand\n/);
  });

  test("odd-characters: NUL, half a character, and one that two pieces share", async () => {
    const { text, chunks } = await hear(await ask("odd-characters"));
    expect(text).toContain("\u0000");
    expect(text.isWellFormed()).toBe(false);
    expect(text).toContain("\u{1f680}");
    const pieces = chunks.map(({ choices }) => choices[0]?.delta.content ?? "");
    expect(pieces.some((piece) => piece.endsWith("\ud83d"))).toBe(true);
  });

  test("tool-calls: as many as asked for, then the whole answer", async () => {
    const { text, others } = await hear(await ask("tool-calls@3"));
    expect(text).toBe(healthyAnswer());
    expect(others.filter((line) => line.includes("tool_calls"))).toHaveLength(3);
  });

  test("recital: the instructions stand in the answer", async () => {
    const { text } = await hear(await ask("recital"));
    const [system] = newPrompt("cmo-plan-90day", { request: { today: TODAY } });
    expect(text).toContain(system?.content);
  });

  test("slow: at the asked speed", async () => {
    const runId = randomUUID();
    const startedAt = performance.now();
    const frames = framesOf(await ask("slow@20", `${runId}-1-1`));
    for (let seen = 0; seen < 5; seen += 1) await frames.next();
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(200);
    await frames.return(undefined);
    await closedRequest(gateway.url, runId);
  });
});

describe("faults that pass", () => {
  test("NAME-once fails a run's first request and no other", async () => {
    const runId = randomUUID();
    const statuses = [];
    for (const id of [`${runId}-1-1`, `${runId}-1-2`, `${runId}-2-1`]) {
      const response = await ask("500-once", id);
      statuses.push(response.status);
      await response.body?.cancel();
    }
    expect(statuses).toEqual([500, 200, 200]);
    const other = await ask("500-once", `${randomUUID()}-1-1`);
    expect(other.status).toBe(500);
    await other.body?.cancel();
  });

  test("NAME-first-attempt fails every request of the first attempt and none after it", async () => {
    const runId = randomUUID();
    const ends = [];
    for (const id of [`${runId}-1-1`, `${runId}-1-2`, `${runId}-2-1`]) {
      ends.push((await hear(await ask("truncated-first-attempt@2", id))).others);
    }
    expect(ends).toEqual([[], [], ["[DONE]"]]);
  });
});

describe("markers", () => {
  test("the last one of a conversation counts", () => {
    const said = ["[[fault:402]]", "[[fault:429]] and [[fault:slow-once@3]]"];
    const messages = said.map((content) => ({ role: "user", content }) as const);
    expect(findFault(messages)).toEqual({
      marker: "slow-once@3",
      name: "slow",
      n: 3,
      only: "once",
    });
    expect(findFault([{ role: "user", content: "no fault" }])).toBeNull();
  });

  test("are not echoed by an answer, which would spread them", async () => {
    const { text } = await hear(await ask("slow@100000"));
    expect(text).not.toContain("fault");
  });

  test("every fault has a name that a marker can hold, and a sentence for people", () => {
    for (const [name, { description }] of Object.entries(FAULTS)) {
      const found = findFault([{ role: "user", content: `[[fault:${name}]]` }]);
      expect(found).toMatchObject({ name, only: null });
      expect(description).toMatch(/^[A-Z].*\.$/);
    }
  });
});

async function recordedFault(runId: string): Promise<unknown> {
  const response = await fetch(`${gateway.url}/record/${runId}`);
  const entries: unknown = await response.json();
  const [entry]: unknown[] = Array.isArray(entries) ? entries : [];
  return typeof entry === "object" && entry !== null && "fault" in entry ? entry.fault : null;
}

describe("a repair turn, which is sent neither the context nor the marker", () => {
  const correct = (requestId: string) =>
    post(gateway.url, {
      requestId,
      messages: [
        { role: "system", content: "You are cmo-plan-90day, correcting an answer of your own." },
        { role: "user", content: "Here is what was wrong with it." },
      ],
    });

  test("is answered from what its attempt was asked first, and fails like that", async () => {
    const runId = randomUUID();
    const { text } = await hear(await ask("invalid-output", `${runId}-1-1`));
    expect((await hear(await correct(`${runId}-1-2`))).text).toBe(text);
  });

  test("finds a healthy gateway where only the first request should fail", async () => {
    const runId = randomUUID();
    await hear(await ask("invalid-output-once", `${runId}-1-1`));
    expect((await hear(await correct(`${runId}-1-2`))).text).toBe(healthyAnswer());
  });

  test("of a run that was never heard of is answered like any other request", async () => {
    const { text } = await hear(await correct(`${randomUUID()}-1-2`));
    expect(JSON.parse(text)).toHaveProperty("plan_name");
  });
});
