import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { closedRequest, framesOf, hear, KEY, MODEL, post, recordOf } from "../test/test-client.ts";
import { FULL_BLOCKS, newPrompt } from "../test/test-prompt.ts";
import { answerTo } from "./answers/answer-to.ts";
import { createDemoGateway, type DemoGateway } from "./server.ts";

const messages = newPrompt("cmo-plan-90day", FULL_BLOCKS);
const today = "2026-11-23";
let gateway: DemoGateway;

beforeAll(async () => {
  gateway = createDemoGateway({ key: KEY, piecesPerSecond: 0 });
  await gateway.listen();
});
afterAll(() => gateway.close());

/** Sends a request unchanged, to test refusals. */
function send(headers: Record<string, string>, body: string): Promise<Response> {
  return fetch(`${gateway.url}/v1/chat/completions`, { method: "POST", headers, body });
}

const HEADERS = { authorization: `Bearer ${KEY}`, "content-type": "application/json" };

describe("a stream", () => {
  test("opens with the role, carries the answer, and ends with its reason, usage and [DONE]", async () => {
    const response = await post(gateway.url, { messages });
    expect(response.headers.get("content-type")).toBe("text/event-stream");
    expect(response.headers.get("x-demo-gateway")).toBe("scripted answers, not a model");

    const { text, chunks, others, error } = await hear(response);
    expect(error).toBeNull();
    expect(others).toEqual(["[DONE]"]);
    expect(chunks[0]?.choices[0]?.delta.role).toBe("assistant");
    expect(chunks.at(-2)?.choices[0]?.finish_reason).toBe("stop");
    expect(chunks.at(-1)?.choices).toEqual([]);
    expect(chunks.at(-1)?.usage?.total_tokens).toBeGreaterThan(0);
    expect(chunks.every(({ model }) => model === MODEL)).toBe(true);
    expect(text).toBe(answerTo(messages, today));
  });

  test("goes at the set speed: a piece is never early, and a late one is made up for", async () => {
    const steady = createDemoGateway({ key: KEY, piecesPerSecond: 500, pieceChars: 40 });
    await steady.listen();
    const startedAt = performance.now();
    const { chunks } = await hear(await post(steady.url, { messages }));
    const seconds = (performance.now() - startedAt) / 1_000;
    await steady.close();

    const pieces = chunks.length - 3;
    expect(pieces).toBeGreaterThan(100);
    expect(seconds).toBeGreaterThanOrEqual(pieces / 500);
    // Generous, for busy machines: a timer for each piece would take over 1 ms more for each.
    expect(seconds).toBeLessThan((pieces / 500) * 1.5 + 0.2);
  });

  test("waits for a reader who does not read, and loses nothing", async () => {
    // More than all the buffers between the two hold.
    const wide = createDemoGateway({ key: KEY, piecesPerSecond: 0, pieceChars: 4_000 });
    await wide.listen();
    const runId = randomUUID();
    const asked = newPrompt("cmo-plan-90day", { request: { prompt: "[[fault:huge@16]]" } });
    const frames = framesOf(await post(wide.url, { messages: asked, requestId: `${runId}-1-1` }));
    await frames.next();
    const [waiting] = await recordOf(wide.url, runId);

    let heard = "";
    for await (const data of frames) heard += contentOf(data);
    const { textSent } = await closedRequest(wide.url, runId);
    await wide.close();
    expect(heard === textSent).toBe(true);
    expect(waiting?.closedAt).toBeNull();
    expect(waiting?.textSent.length).toBeLessThan(textSent.length);
  });

  test("of a stranger is a plain sentence that says what this is", async () => {
    const stranger = [{ role: "user", content: "Hello" }] as const;
    const { text } = await hear(await post(gateway.url, { messages: stranger }));
    expect(text).toContain("demo gateway");
  });
});

describe("a request is refused", () => {
  test("without the key, in the gateway's flat shape", async () => {
    const response = await send({ ...HEADERS, authorization: "Bearer wrong" }, "{}");
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ type: "unauthorized", details: "" });
  });

  test("with another content type", async () => {
    const response = await send({ ...HEADERS, "content-type": "text/plain" }, "{}");
    expect(response.status).toBe(415);
  });

  test.each([
    ["no JSON", "nonsense"],
    ["no model", JSON.stringify({ messages, stream: true })],
    ["no messages", JSON.stringify({ model: MODEL, messages: [], stream: true })],
    ["no stream", JSON.stringify({ model: MODEL, messages, stream: false })],
    ["an unknown role", JSON.stringify({ model: MODEL, messages: [{ role: "x" }], stream: true })],
  ])("with %s", async (_, body) => {
    const response = await send(HEADERS, body);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { code: "invalid_request" } });
  });

  test("with a fault that there is not, naming those that there are", async () => {
    const asked = [{ role: "user", content: "[[fault:nonsense]]" }] as const;
    const response = await post(gateway.url, { messages: asked });
    expect(response.status).toBe(400);
    expect(await response.text()).toContain("hang-mid-stream");
  });

  test("but not for further members of its body", async () => {
    const body = JSON.stringify({ model: MODEL, messages, stream: true, temperature: 0.2 });
    const response = await send(HEADERS, body);
    expect(response.status).toBe(200);
    await response.body?.cancel();
  });
});

describe("the record", () => {
  test("holds what was asked and the text that was sent, without the key", async () => {
    const runId = randomUUID();
    const response = await post(gateway.url, { messages, requestId: `${runId}-2-1` });
    const { text } = await hear(response);

    const entry = await closedRequest(gateway.url, runId);
    expect(entry).toMatchObject({ requestId: `${runId}-2-1`, model: MODEL, fault: null });
    expect(entry).toMatchObject({ status: 200, closedBy: "gateway", messages });
    expect(entry.textSent).toBe(text);
    expect(entry.bytesSent).toBeGreaterThan(text.length);
    expect(JSON.stringify(entry)).not.toContain(KEY);
  });

  test("keeps the requests of a run apart from all others, oldest first", async () => {
    const runId = randomUUID();
    for (const id of [`${runId}-1-1`, `${runId}x-1-1`, `${runId}-1-2`]) {
      await hear(await post(gateway.url, { messages, requestId: id }));
    }
    const ids = (await recordOf(gateway.url, runId)).map(({ requestId }) => requestId);
    expect(ids).toEqual([`${runId}-1-1`, `${runId}-1-2`]);
  });

  test("is deleted on request", async () => {
    const own = createDemoGateway({ key: KEY, piecesPerSecond: 0 });
    await own.listen();
    const runId = randomUUID();
    await hear(await post(own.url, { messages, requestId: `${runId}-1-1` }));
    expect((await fetch(`${own.url}/record`, { method: "DELETE" })).status).toBe(204);
    expect(await recordOf(own.url, runId)).toEqual([]);
    await own.close();
  });
});

describe("the gateway", () => {
  test("is live and describes itself and its faults", async () => {
    expect((await fetch(`${gateway.url}/livez`)).status).toBe(200);
    const text = await (await fetch(gateway.url)).text();
    expect(text).toContain("It is not a model");
    expect(text).toContain("reset-mid-stream");
    expect((await fetch(`${gateway.url}/nowhere`)).status).toBe(404);
  });

  test("closes while streams are open, and closing twice is fine", async () => {
    const slow = createDemoGateway({ key: KEY, piecesPerSecond: 1 });
    await slow.listen();
    const frames = framesOf(await post(slow.url, { messages }));
    await frames.next();
    await slow.close();
    await slow.close();
    await expect(hearRest(frames)).rejects.toThrow();
  });
});

async function hearRest(frames: AsyncGenerator<string>): Promise<void> {
  for await (const _ of frames);
}

function contentOf(data: string): string {
  return data === "[DONE]" ? "" : (JSON.parse(data).choices[0]?.delta.content ?? "");
}
