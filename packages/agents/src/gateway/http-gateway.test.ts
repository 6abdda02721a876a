import { setImmediate as nextTurn } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { afterEach, describe, expect, test } from "vitest";
import {
  askOnce,
  askWith,
  chunk,
  createTestGateway,
  done,
  finish,
  type Script,
  sse,
  type TestGateway,
  textOf,
} from "../../test/test-gateway.ts";

let gateway: TestGateway;
afterEach(() => gateway.close());

async function serve(script: Script): Promise<string> {
  gateway = await createTestGateway(script);
  return gateway.url;
}

const answer =
  (text: string): Script =>
  (response) => {
    response.writeHead(200, sse).end(text);
  };
const finished = { type: "finished", reason: "stop", model: "used/model" };

test("the request is the contract's, and extra members cannot replace it", async () => {
  const url = await serve(answer(done));
  await askOnce(`${url}/`, { extraBody: { temperature: 0.2, stream: false, model: "x" } });

  const [call] = gateway.calls;
  expect(call?.url).toBe("/v1/chat/completions");
  expect(call?.body).toEqual({
    model: "g/m-1",
    messages: [{ role: "user", content: "Hi é" }],
    stream: true,
    temperature: 0.2,
  });
  expect(call?.headers).toMatchObject({
    authorization: "Bearer k-1",
    "content-type": "application/json",
    "accept-encoding": "identity",
    "x-request-id": "run-1-1",
  });
});

describe("an answer is the same", () => {
  const usage = { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 };
  const stream = chunk("Café ") + chunk("😀!") + finish("stop", { usage }) + done;
  const expected = [{ type: "usage", usage }, finished];

  async function expectWhole(url: string) {
    const events = await askOnce(url);
    expect(textOf(events)).toBe("Café 😀!");
    expect(events.filter(({ type }) => type !== "text")).toEqual(expected);
  }

  test("when each byte arrives alone", async () => {
    const url = await serve(async (response) => {
      response.writeHead(200, sse);
      for (const byte of Buffer.from(stream)) {
        await new Promise((resolve) => response.write(Buffer.of(byte), resolve));
      }
      response.end();
    });
    await expectWhole(url);
  });

  test("with CRLF, a byte order mark and comments", async () => {
    const text = `\ufeff: hello\n\n${stream.replaceAll("data:", ": still here\ndata:")}`;
    await expectWhole(await serve(answer(text.replaceAll("\n", "\r\n"))));
  });

  test("without a space after `data:`, and with data over several lines", async () => {
    const text = stream.replaceAll("data: ", "data:").replace('{"id"', '{\ndata:"id"');
    await expectWhole(await serve(answer(text)));
  });

  test("without the blank line at the end", async () => {
    await expectWhole(await serve(answer(stream.trimEnd())));
  });

  test("when it is compressed although that was not asked for", async () => {
    const url = await serve((response) => {
      response.writeHead(200, { ...sse, "content-encoding": "gzip" }).end(gzipSync(stream));
    });
    await expectWhole(url);
  });

  test("between empty chunks", async () => {
    const silent =
      chunk("", { choices: [] }) +
      chunk("", { choices: null }) +
      chunk("", { choices: [{ delta: null }] }) +
      chunk("", { choices: [{ delta: { content: null }, finish_reason: "" }] }) +
      chunk("", { error: null, usage: null, obfuscation: "x" }) +
      "data:\n\n";
    await expectWhole(await serve(answer(silent + stream)));
  });

  test("with up to three malformed lines", async () => {
    await expectWhole(await serve(answer(`data: {"cho\n\ndata: 7\n\ndata: x\n\n${stream}`)));
  });
});

describe("an answer ends", () => {
  test.each([
    ["stop", "stop"],
    ["length", "length"],
    ["content_filter", "content_filter"],
    ["tool_calls", "stop"],
  ])("with finish reason %s as %s, though [DONE] never comes", async (wire, reason) => {
    const events = await askOnce(await serve(answer(chunk("a") + finish(wire))));
    expect(events.at(-1)).toEqual({ ...finished, reason });
  });

  test("with [DONE] alone as stop", async () => {
    const events = await askOnce(await serve(answer(chunk("a") + done)));
    expect(events).toEqual([{ type: "text", text: "a" }, finished]);
  });

  test("with [DONE], whatever follows it in the same read", async () => {
    const events = await askOnce(await serve(answer(chunk("a") + done + chunk("late"))));
    expect(events).toEqual([{ type: "text", text: "a" }, finished]);
  });

  test("with [DONE] although no line break follows it", async () => {
    const events = await askOnce(await serve(answer(chunk("a") + done.trimEnd())));
    expect(events.at(-1)).toEqual(finished);
  });

  test("with the model that was asked for when the gateway names none", async () => {
    const events = await askOnce(await serve(answer(finish("stop", { model: null }))));
    expect(events).toEqual([{ ...finished, model: "g/m-1" }]);
  });

  test("whole, when the connection breaks or hangs after the finish reason", async () => {
    const text = chunk("a") + finish("stop");
    const broken = await serve((response) => {
      response.writeHead(200, sse).write(text, () => response.destroy());
    });
    expect((await askOnce(broken)).at(-1)).toEqual(finished);
    await gateway.close();

    const hung = await serve((response) => {
      response.writeHead(200, sse).write(text);
    });
    const events = await askOnce(hung, { timeouts: { afterFinishMs: 50 } });
    expect(events.at(-1)).toEqual(finished);
  });

  test("with the last usage the gateway sent, once", async () => {
    const usage = (n: number) => ({ usage: { prompt_tokens: 5, completion_tokens: n } });
    const text = chunk("a", usage(1)) + chunk("b", usage(2)) + finish("stop", usage(3));
    const bad = chunk("", { usage: { prompt_tokens: -1 }, choices: [] });
    const events = await askOnce(await serve(answer(text + bad + done)));
    expect(events.slice(1)).toEqual([
      { type: "usage", usage: { prompt_tokens: 5, completion_tokens: 3, total_tokens: 8 } },
      finished,
    ]);
  });
});

test("no timer outlives an answer", async () => {
  const timers = () => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
  const url = await serve(answer(chunk("a") + finish("stop") + done));
  const before = timers();
  await askOnce(url);
  expect(timers()).toBeLessThanOrEqual(before);
});

describe("an abort", () => {
  test("ends the answer as aborted, with its usage, and closes the connection", async () => {
    const abort = new AbortController();
    const usage = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 };
    const url = await serve((response) => {
      response.writeHead(200, sse).write(chunk("a", { usage }));
    });
    const events = await askOnce(url, {
      signal: abort.signal,
      onEvent: ({ type }) => type === "text" && abort.abort(),
    });
    expect(events).toEqual([
      { type: "text", text: "a" },
      { type: "usage", usage },
      { type: "aborted" },
    ]);
    await gateway.calls[0]?.closed;
  });

  test("before the headers closes the connection too", async () => {
    const abort = new AbortController();
    const url = await serve(() => abort.abort(new Error("shutdown")));
    expect(await askOnce(url, { signal: abort.signal })).toEqual([{ type: "aborted" }]);
    await gateway.calls[0]?.closed;
  });

  test("before the call makes no call", async () => {
    const url = await serve(answer(done));
    expect(await askOnce(url, { signal: AbortSignal.abort() })).toEqual([{ type: "aborted" }]);
    expect(gateway.calls).toHaveLength(0);
  });
});

describe("who takes the text", () => {
  const openStream: Script = (response) => {
    response.writeHead(200, sse).write(chunk("a"));
  };

  test("ends the answer and its connection when no more is wanted", async () => {
    const url = await serve(openStream);
    expect(await askWith(url, () => false)).toMatchObject({
      usage: null,
      end: { type: "aborted" },
    });
    await gateway.calls[0]?.closed;
  });

  test.each([
    [
      "throws",
      () => {
        throw new Error("a bug");
      },
    ],
    ["rejects", () => Promise.reject(new Error("a bug"))],
  ])("and %s has a bug, which is no failure of the gateway", async (_how, onText) => {
    const url = await serve(openStream);
    await expect(askWith(url, onText)).rejects.toThrow("a bug");
    await gateway.calls[0]?.closed;
  });

  test("gets the next text after having handled the last one, and the end after both", async () => {
    const url = await serve((response) => {
      response.writeHead(200, sse).write(chunk("a"), () => response.end(chunk("b") + done));
    });
    const order: string[] = [];
    const { end } = await askWith(url, async (text) => {
      order.push(`begin ${text}`);
      await nextTurn();
      await nextTurn();
      order.push(`handled ${text}`);
      return true;
    });
    expect(order.join()).toMatch(/^(begin (\w+),handled \2,?)+$/);
    expect(end).toEqual(finished);
  });

  test("has handled its text when an abort ends the answer", async () => {
    const abort = new AbortController();
    let isHandled = false;
    const onText = async () => {
      abort.abort();
      await gateway.calls[0]?.closed;
      await nextTurn();
      isHandled = true;
      return true;
    };
    const { end } = await askWith(await serve(openStream), onText, { signal: abort.signal });
    expect({ end, isHandled }).toEqual({ end: { type: "aborted" }, isHandled: true });
  });
});
