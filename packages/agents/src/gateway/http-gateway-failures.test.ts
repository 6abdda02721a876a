import { createGzip } from "node:zlib";
import { afterEach, describe, expect, test } from "vitest";
import {
  askOnce,
  chunk,
  createTestGateway,
  done,
  finish,
  type Script,
  sse,
  type TestGateway,
  textOf,
} from "../../test/test-gateway.ts";

const gateways: TestGateway[] = [];
afterEach(async () => {
  for (const gateway of gateways.splice(0)) await gateway.close();
});

async function serve(script: Script): Promise<TestGateway> {
  const gateway = await createTestGateway(script);
  gateways.push(gateway);
  return gateway;
}

async function endOf(script: Script, options = {}) {
  const { url } = await serve(script);
  return (await askOnce(url, options)).at(-1);
}

const status =
  (code: number, body = "", headers = {}): Script =>
  (response) => {
    response.writeHead(code, headers).end(body);
  };
const stream =
  (text: string): Script =>
  (response) => {
    response.writeHead(200, sse).end(text);
  };

describe("a status decides what follows", () => {
  test.each([
    [429, "rate_limited", true],
    [402, "payment_required", false],
    [408, "gateway_error", true],
    [409, "gateway_error", true],
    [500, "gateway_error", true],
    [502, "gateway_error", true],
    [503, "gateway_error", true],
    [400, "gateway_refused", false],
    [401, "gateway_refused", false],
    [403, "gateway_refused", false],
    [404, "gateway_refused", false],
    [422, "gateway_refused", false],
  ])("%i is %s", async (code, expected, retryable) => {
    const end = await endOf(status(code, '{"error":"no"}'));
    expect(end).toMatchObject({ type: "failed", code: expected, retryable, retryAfterMs: null });
  });

  test("and how long to wait", async () => {
    const end = await endOf(status(429, "", { "retry-after": "7" }));
    expect(end).toMatchObject({ code: "rate_limited", retryAfterMs: 7000 });
  });

  test("even when the body breaks off", async () => {
    const end = await endOf((response) => {
      response.writeHead(402, { "content-length": "100" });
      response.write("{", () => response.destroy());
    });
    expect(end).toMatchObject({ code: "payment_required" });
  });

  test.each([
    ["an object", '{"error":{"message":"no credits","type":"x"}}', "402: no credits"],
    ["a string", '{"error":"no credits"}', "402: no credits"],
    ["flat", '{"type":"payment","message":"no credits","details":""}', "402: no credits"],
    ["flat without a message", '{"type":"unauthorized","message":""}', "402: unauthorized"],
    ["a web page", "<html>\n  <h1>no credits</h1>", "402: <html> <h1>no credits</h1>"],
    ["empty", "", "402: (nothing)"],
  ])("and its error, when the body is %s, is for the log", async (_shape, body, quoted) => {
    const end = await endOf(status(402, body));
    expect(end).toMatchObject({ message: `The gateway answered ${quoted}` });
  });

  test("but the log never contains the key", async () => {
    const end = await endOf(status(401, '{"error":"bad key k-secret"}'), { apiKey: "k-secret" });
    expect(JSON.stringify(end)).not.toContain("k-secret");
  });
});

describe("another model is asked", () => {
  const options = { models: ["g/old-1", "g/new-2"] as const };

  async function askedModels(code: number, body: string) {
    const gateway = await serve((response, call) => {
      if (JSON.stringify(call.body).includes("old-1")) response.writeHead(code).end(body);
      else response.writeHead(200, sse).end(chunk("b") + finish("stop"));
    });
    const events = await askOnce(gateway.url, options);
    return { calls: gateway.calls.length, end: events.at(-1) };
  }

  test.each([
    [400, '{"error":{"message":"unknown model g/old-1"}}'],
    [404, '{"error":{"code":"model_not_found","message":"gone"}}'],
    [404, '{"error":"The model does not exist"}'],
    [410, ""],
    [503, '{"error":"old-1 has been retired"}'],
  ])("when %i refuses the first", async (code, body) => {
    expect(await askedModels(code, body)).toMatchObject({ calls: 2, end: { reason: "stop" } });
  });

  test.each([
    [400, '{"error":"messages must not be empty"}'],
    [404, "<html>"],
    [503, '{"error":"The model is overloaded"}'],
    [429, '{"error":"old-1 is busy"}'],
  ])("but not when %i is about something else", async (code, body) => {
    expect(await askedModels(code, body)).toMatchObject({ calls: 1, end: { type: "failed" } });
  });

  test("until none is left, and then the last refusal is returned", async () => {
    const gateway = await serve(status(410, "gone"));
    expect(await askOnce(gateway.url, options)).toMatchObject([{ code: "gateway_refused" }]);
    expect(gateway.calls).toHaveLength(2);
  });
});

describe("a stream that breaks is never an answer", () => {
  test.each([
    ["it ends without a finish reason", chunk("a"), "incomplete_stream"],
    ["it is empty", "", "incomplete_stream"],
    ["its last line is half", `${chunk("a")}data: {"choices":[{"delta":`, "incomplete_stream"],
    ["four lines are garbled", "data: x\n\n".repeat(4) + finish("stop"), "incomplete_stream"],
    ["it reports an error", `${chunk("a")}data: {"error":{"message":"boom"}}\n\n`, "gateway_error"],
    ["it reports an error event", 'event: error\ndata: {"message":"boom"}\n\n', "gateway_error"],
    ["it reports a rate limit", 'data: {"error":{"code":429}}\n\n', "rate_limited"],
    ["it reports a status in words", 'data: {"error":"boom"}\n\n', "gateway_error"],
    ["it finishes with an error", chunk("a") + finish("error") + done, "gateway_error"],
  ])("%s", async (_what, text, code) => {
    expect(await endOf(stream(text))).toMatchObject({ type: "failed", code, retryable: true });
  });

  test.each([
    ["garbled lines", "data: x\n\n".repeat(4), { retryOnce: true }],
    ["an aborted answer", finish("abort"), { retryOnce: true }],
    ["a stream that just ends", "", expect.not.objectContaining({ retryOnce: true })],
    ["an error", 'data: {"error":"boom"}\n\n', expect.not.objectContaining({ retryOnce: true })],
  ])("and is tried once more if the reason is probably lasting: %s", async (_, text, expected) => {
    expect(await endOf(stream(text))).toMatchObject(expected);
  });

  test("the connection is reset in the middle", async () => {
    const end = await endOf((response) => {
      response.writeHead(200, sse).write(chunk("a"), () => response.socket?.resetAndDestroy());
    });
    expect(end).toMatchObject({ code: "gateway_error", retryable: true });
  });

  test("no reader is connected", async () => {
    const gateway = await serve(stream(""));
    await gateway.close();
    expect(await askOnce(gateway.url)).toMatchObject([
      { type: "failed", code: "gateway_error", retryable: true },
    ]);
  });

  test("unknown encodings, or a thousand of them, fail the run and not the process", async () => {
    const uncaught: unknown[] = [];
    const keep = (error: unknown) => void uncaught.push(error);
    process.on("uncaughtException", keep);
    for (const encoding of ["rot13", Array.from({ length: 1000 }, () => "gzip").join(", ")]) {
      const gateway = await serve((response) => {
        response.writeHead(200, { ...sse, "content-encoding": encoding });
        response.end(chunk("a") + finish("stop"));
      });
      const end = (await askOnce(gateway.url)).at(-1);
      expect(end).toMatchObject({ type: "failed", code: "incomplete_stream", retryable: true });
      await gateway.calls[0]?.closed;
    }
    process.off("uncaughtException", keep);
    expect(uncaught).toEqual([]);
  });

  test("a redirect is refused, and its target never called", async () => {
    const target = await serve(stream(done));
    const end = await endOf(status(307, "", { location: `${target.url}/chat/completions` }));
    expect(end).toMatchObject({ code: "gateway_refused", retryable: false });
    expect(target.calls).toHaveLength(0);
  });
});

describe("a silence is cut", () => {
  const timeouts = { firstDataMs: 150, idleMs: 60 };
  const timedOut = { type: "failed", code: "gateway_timeout", retryable: true };

  test.each<[string, Script]>([
    ["before the headers", () => undefined],
    ["after the headers", (response) => void response.writeHead(200, sse).flushHeaders()],
    ["in the middle", (response) => void response.writeHead(200, sse).write(chunk("a"))],
    ["in an error", (response) => void response.writeHead(500).write("{")],
  ])("%s, and the connection is closed", async (where, script) => {
    const gateway = await serve(script);
    const end = (await askOnce(gateway.url, { timeouts })).at(-1);
    expect(end).toMatchObject(where === "in an error" ? { code: "gateway_error" } : timedOut);
    await gateway.calls[0]?.closed;
  });

  test.each([
    ["comments", ": working\n\n"],
    ["pieces of nothing", chunk("")],
    ["chunks that say nothing", "data: {}\n\n"],
  ])("that %s fill for ever", async (_, filler) => {
    const end = await endOf(
      (response) => {
        response.writeHead(200, sse).write(chunk("a"));
        const timer = setInterval(() => response.write(filler), 10);
        response.on("close", () => clearInterval(timer));
      },
      { timeouts },
    );
    expect(end).toMatchObject(timedOut);
  });
});

test("a model that sends thoughts before its text is not silent", async () => {
  const timeouts = { firstDataMs: 1_000, idleMs: 1_000 };
  const thought = 'data: {"choices":[{"delta":{"role":"assistant","reasoning":"Hm."}}]}\n\n';
  const end = await endOf(
    (response) => {
      response.writeHead(200, sse);
      let thoughts = 0;
      const timer = setInterval(() => {
        thoughts += 1;
        if (thoughts < 30) return void response.write(thought);
        clearInterval(timer);
        response.end(chunk("a") + finish("stop") + done);
      }, 75);
    },
    { timeouts },
  );
  expect(end).toMatchObject({ type: "finished", reason: "stop" });
});

describe("memory is limited", () => {
  test("a line of 100 MB is cut after one", async () => {
    let sentBytes = 0;
    const end = await endOf((response) => {
      response.writeHead(200, sse).write("data: ");
      const part = Buffer.alloc(64 * 1024, "x");
      const send = () => {
        while (sentBytes < 100e6 && !response.destroyed) {
          sentBytes += part.length;
          if (!response.write(part)) return void response.once("drain", send);
        }
      };
      send();
    });
    expect(end).toMatchObject({
      code: "incomplete_stream",
      message: expect.stringContaining("line that is too long"),
    });
    expect(sentBytes).toBeLessThan(20e6);
  });

  test("a text of 1 MiB arrives whole, however small its pieces", async () => {
    const pieces = Math.ceil((1024 * 1024) / 12);
    const { url } = await serve((response) => {
      response.writeHead(200, sse);
      response.end(chunk("Twelve chars").repeat(pieces) + finish("stop") + done);
    });
    const events = await askOnce(url);
    expect(textOf(events)).toHaveLength(pieces * 12);
    expect(events.at(-1)).toMatchObject({ type: "finished", reason: "stop" });
  });

  test("a body beyond its limit is an answer that was cut off", async () => {
    const end = await endOf(stream(chunk("word ").repeat(100)), { caps: { maxBodyBytes: 2000 } });
    expect(end).toMatchObject({ type: "finished", reason: "length" });
  });

  test("a body is cut at its cap, counted after decompression", async () => {
    const end = await endOf((response) => {
      response.writeHead(200, { ...sse, "content-encoding": "gzip" });
      const gzip = createGzip();
      gzip.pipe(response);
      gzip.end(Buffer.alloc(80e6, ": filler\n\n"));
    });
    expect(end).toMatchObject({
      code: "incomplete_stream",
      message: expect.stringContaining("67108864 bytes"),
    });
  });
});
