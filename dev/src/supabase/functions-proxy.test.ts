import { once } from "node:events";
import { createServer, type RequestListener, request, type Server } from "node:http";
import { text } from "node:stream/consumers";
import { afterEach, describe, expect, test } from "vitest";
import { forwardToApi } from "./functions-proxy.ts";

const servers: Server[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

async function listen(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("It has no port.");
  return `http://127.0.0.1:${address.port}`;
}

/** The address of a proxy in front of this API. */
function listenBefore(apiUrl: string | null): Promise<string> {
  return listen((incoming, outgoing) => forwardToApi(incoming, outgoing, apiUrl));
}

describe("a request through the project's address", () => {
  test("reaches the API with its method, path, headers and body", async () => {
    const api = await listen(async (incoming, outgoing) => {
      const body = await text(incoming);
      const { method, url, headers } = incoming;
      const { authorization, "x-twice": twice } = headers;
      outgoing.setHeader("content-type", "application/json");
      outgoing.end(JSON.stringify({ method, url, authorization, twice, body }));
    });
    const answer = await fetch(`${await listenBefore(api)}/functions/v1/cmo-kernel?a=1`, {
      method: "POST",
      headers: [
        ["authorization", "Bearer token"],
        ["x-twice", "one"],
        ["x-twice", "two"],
      ],
      body: '{"mode":"setup"}',
    });
    expect(await answer.json()).toEqual({
      method: "POST",
      url: "/functions/v1/cmo-kernel?a=1",
      authorization: "Bearer token",
      twice: "one, two",
      body: '{"mode":"setup"}',
    });
  });

  test("is answered with the API's status and headers, repeated ones too", async () => {
    const api = await listen((_incoming, outgoing) => {
      outgoing.writeHead(429, { "retry-after": "7", "set-cookie": ["a=1", "b=2"], te: "x" });
      outgoing.end("no");
    });
    const answer = await fetch(`${await listenBefore(api)}/functions/v1/cmo-kernel`);
    expect(answer.status).toBe(429);
    expect(answer.headers.get("retry-after")).toBe("7");
    expect(answer.headers.getSetCookie()).toEqual(["a=1", "b=2"]);
    expect(answer.headers.has("te"), "what belongs to the connection stays with it").toBe(false);
    expect(await answer.text()).toBe("no");
  });

  test("is streamed: the head and each piece arrive while the API still writes", async () => {
    const go = Promise.withResolvers<void>();
    const api = await listen(async (_incoming, outgoing) => {
      outgoing.writeHead(200, { "content-type": "text/event-stream" });
      outgoing.flushHeaders();
      await go.promise;
      outgoing.write("data: one\n\n");
    });
    const answer = await fetch(`${await listenBefore(api)}/functions/v1/cmo-plan-90day`);
    expect(answer.headers.get("content-type")).toBe("text/event-stream");
    go.resolve();
    const piece = await answer.body?.getReader().read();
    expect(new TextDecoder().decode(piece?.value)).toBe("data: one\n\n");
  });

  test("that the client gives up is given up at the API", async () => {
    const ended = Promise.withResolvers<void>();
    const api = await listen((_incoming, outgoing) => {
      outgoing.on("close", () => ended.resolve());
      outgoing.writeHead(200).flushHeaders();
    });
    const controller = new AbortController();
    await fetch(`${await listenBefore(api)}/functions/v1/cmo-kernel`, {
      signal: controller.signal,
    });
    controller.abort();
    await ended.promise;
  });

  test("whose answer the API cuts is cut for the client too, not ended as if complete", async () => {
    const api = await listen((_incoming, outgoing) => {
      outgoing.writeHead(200).write("half");
      setImmediate(() => outgoing.destroy());
    });
    const answer = await fetch(`${await listenBefore(api)}/functions/v1/cmo-kernel`);
    await expect(answer.text()).rejects.toThrow();
  });

  test("is answered 503, readable from a browser, while the API is away", async () => {
    const gone = await listen(() => {});
    servers.pop()?.close();
    for (const apiUrl of [gone, null]) {
      const answer = await fetch(`${await listenBefore(apiUrl)}/functions/v1/cmo-kernel`);
      expect(answer.status).toBe(503);
      expect(answer.headers.get("access-control-allow-origin")).toBe("*");
      expect(await answer.json()).toMatchObject({ code: "api_unavailable", retryable: true });
    }
  });

  test("may be malformed without ending the front", async () => {
    const front = await listenBefore(await listen((_incoming, outgoing) => outgoing.end("fine")));
    const odd = request(front, { path: "//[", agent: false });
    odd.end();
    const [answer] = await once(odd, "response");
    answer.resume();
    expect((await fetch(`${front}/functions/v1/cmo-kernel`)).status).toBe(200);
  });
});
