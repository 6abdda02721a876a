import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { connect } from "node:net";
import Fastify from "fastify";
import { afterEach, describe, expect, test } from "vitest";
import type { Source, Taken } from "./source.ts";
import { type SseTiming, writeSse } from "./write-sse.ts";

const apps: { close(): PromiseLike<unknown> }[] = [];
afterEach(async () => {
  await Promise.all(apps.splice(0).map((app) => app.close()));
});

/**
 * Serves `frames` at `/`. `written` resolves when `writeSse` has returned; `opened` has the response
 * before anything is written.
 */
async function serve(frames: Source<string>, timing: SseTiming) {
  const written = Promise.withResolvers<void>();
  const opened = Promise.withResolvers<ServerResponse>();
  const app = Fastify();
  apps.push(app);
  app.get("/", async (_request, reply) => {
    reply.header("access-control-allow-origin", "*");
    opened.resolve(reply.raw);
    await writeSse(reply, frames, timing);
    written.resolve();
    return reply;
  });
  const address = await app.listen({ host: "127.0.0.1", port: 0 });
  return { address, written: written.promise, opened: opened.promise };
}

const unhurried: SseTiming = { keepAliveMs: 60_000, writeTimeoutMs: 60_000 };

describe("writing an event stream", () => {
  test("frames arrive whole, with the headers of hooks, and the connection closes", async () => {
    const frames: Source<string> = async (send) => {
      for (const frame of ["data: 1\n\n", "", "data: 2\n\n"]) await send(frame);
    };
    const { address } = await serve(frames, unhurried);
    const response = await fetch(address);
    expect(response.headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
    expect(response.headers.get("access-control-allow-origin")).toBe("*");
    expect(response.headers.get("connection")).toBe("close");
    expect(await response.text()).toBe("data: 1\n\ndata: 2\n\n");
  });

  test("keep-alive comments are sent during silence", async () => {
    const quiet = Promise.withResolvers<void>();
    const frames: Source<string> = async (send) => {
      await quiet.promise;
      await send("data: 1\n\n");
    };
    const { address } = await serve(frames, { ...unhurried, keepAliveMs: 5 });
    const response = await fetch(address);
    const reader = response.body?.getReader();
    const first = new TextDecoder().decode((await reader?.read())?.value);
    expect(first).toMatch(/^(: keep-alive\n\n)+$/);
    quiet.resolve();
    await reader?.cancel();
  });

  test("a reader that takes nothing is cut, and holds up to one frame of memory", async () => {
    let produced = 0;
    // Far more than the buffers hold, but finite: a writer that reads everything fails here.
    const frames: Source<string> = async (send) => {
      while (produced < 2 * 1024) {
        produced += 1;
        if (!(await send(`data: ${"x".repeat(64 * 1024)}\n\n`))) return;
      }
    };
    const { address, written } = await serve(frames, { keepAliveMs: 60_000, writeTimeoutMs: 100 });
    const { port } = new URL(address);
    const socket = connect(Number(port), "127.0.0.1").pause();
    await once(socket, "connect");
    socket.write("GET / HTTP/1.1\r\nhost: x\r\n\r\n");
    await written;
    // The source produced only what the buffers of the kernel accepted.
    expect(produced * 64).toBeLessThan(64 * 1024);
    socket.destroy();
  });

  test("a reader that takes nothing holds up small frames, too, in whatever turns they come", async () => {
    let most = 0;
    const opening = Promise.withResolvers<ServerResponse>();
    const frames: Source<string> = async (send) => {
      const response = await opening.promise;
      for (let produced = 0; produced < 128 * 1024; produced += 1) {
        const taken = send(`data: ${"x".repeat(1024)}\n\n`);
        if (taken !== true && !(await taken)) return;
        most = Math.max(most, response.writableLength);
        if (produced % 50 === 0) await new Promise((resolve) => setImmediate(resolve));
      }
    };
    const timing = { keepAliveMs: 60_000, writeTimeoutMs: 1_000 };
    const { address, written, opened } = await serve(frames, timing);
    void opened.then(opening.resolve);
    const socket = connect(Number(new URL(address).port), "127.0.0.1").pause();
    await once(socket, "connect");
    socket.write("GET / HTTP/1.1\r\nhost: x\r\n\r\n");
    await written;
    expect(most).toBeLessThan(256 * 1024);
    socket.destroy();
  });

  test("a frame larger than any buffer arrives whole, without a comment or a broken character in it", async () => {
    // An odd number of units comes first, so that a part of even length would split a pair.
    const frame = `data: x${"😀".repeat(1024 * 1024)}\n\n`;
    const frames: Source<string> = async (send) => {
      await send(frame);
    };
    const { address } = await serve(frames, { keepAliveMs: 1, writeTimeoutMs: 60_000 });
    expect(await (await fetch(address)).text()).toContain(frame);
  });

  test("a reader that accepts no data of a large frame is sent at most a part of it", async () => {
    const held = Promise.withResolvers<number>();
    const frames: Source<string> = async (send) => {
      await send(`data: ${"x".repeat(64 * 1024 * 1024)}\n\n`);
    };
    const app = Fastify();
    apps.push(app);
    app.get("/", async (_request, reply) => {
      let most = 0;
      const looking = setInterval(() => {
        most = Math.max(most, reply.raw.writableLength);
      }, 5);
      reply.raw.once("close", () => {
        clearInterval(looking);
        held.resolve(most);
      });
      await writeSse(reply, frames, { keepAliveMs: 60_000, writeTimeoutMs: 100 });
      return reply;
    });
    const { port } = new URL(await app.listen({ host: "127.0.0.1", port: 0 }));
    const socket = connect(Number(port), "127.0.0.1").pause();
    await once(socket, "connect");
    socket.write("GET / HTTP/1.1\r\nhost: x\r\n\r\n");
    expect(await held.promise).toBeLessThan(1024 * 1024);
    socket.destroy();
  });

  test("the frames of one turn are one write, and those of the next another", async () => {
    const isCounted = Promise.withResolvers<void>();
    const frames: Source<string> = async (send) => {
      await isCounted.promise;
      for (let turn = 0; turn < 3; turn += 1) {
        for (let frame = 0; frame < 100; frame += 1) expect(send(`data: ${frame}\n\n`)).toBe(true);
        await new Promise((resolve) => setImmediate(resolve));
      }
    };
    const { address, opened } = await serve(frames, unhurried);
    let writes = 0;
    void opened.then((response) => {
      const write = response.write.bind(response);
      response.write = (chunk: unknown) => {
        writes += 1;
        return write(chunk);
      };
      isCounted.resolve();
    });
    const text = await (await fetch(address)).text();
    expect(text.split("\n\n")).toHaveLength(301);
    expect(writes).toBe(3);
  });

  test("what was collected when a reader stops is followed by the rest, in order", async () => {
    const count = 100_000;
    const frames: Source<string> = async (send) => {
      for (let frame = 0; frame < count; frame += 1) {
        const taken = send(`data: ${frame} ${"x".repeat(200)}\n\n`);
        if (taken !== true && !(await taken)) return;
        if (frame % 700 === 0) await new Promise((resolve) => setImmediate(resolve));
      }
    };
    const { address, opened } = await serve(frames, unhurried);
    const response = await fetch(address);
    await expect.poll(async () => (await opened).writableNeedDrain).toBe(true);
    const numbers = [...(await response.text()).matchAll(/^data: (\d+)/gm)].map(([, n]) =>
      Number(n),
    );
    expect(numbers).toEqual(Array.from({ length: count }, (_, index) => index));
  });

  test("a frame is written in the turn in which it is sent", async () => {
    let taken: Taken | null = null;
    const frames: Source<string> = async (send) => {
      taken = send("data: 1\n\n");
    };
    const { address } = await serve(frames, unhurried);
    expect(await (await fetch(address)).text()).toBe("data: 1\n\n");
    expect(taken).toBe(true);
  });

  test("a reader that disconnects ends the reading of the source", async () => {
    const frames: Source<string> = async (send) => {
      while (await send("data: 1\n\n")) await new Promise((resolve) => setImmediate(resolve));
    };
    const { address, written } = await serve(frames, unhurried);
    const left = new AbortController();
    await fetch(address, { signal: left.signal });
    left.abort();
    await written;
  });
});
