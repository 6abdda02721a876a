/** Clients that are slow, broken or hostile below the level of requests. */
import type { Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { problemSchema, runSchema } from "@cmo/shared/contract";
import { describe, expect, test } from "vitest";
import { startApi } from "../support/api.ts";
import { closeAfter } from "../support/close-after.ts";
import { eventually } from "../support/eventually.ts";
import { newLogLines } from "../support/log-lines.ts";
import { connectRaw, parseRaw, type RawConnection } from "../support/raw-http.ts";
import { createTenant } from "../support/tenant.ts";

const { log, lines } = newLogLines();
// Long enough that a process on a busy machine keeps its own requests within them.
const timeouts = { HEADERS_TIMEOUT_MS: "2000", REQUEST_TIMEOUT_MS: "3000" };
const api = await startApi(timeouts, log);
const { user } = await createTenant();
const POST = [
  "POST /v1/runs HTTP/1.1",
  "host: api",
  `authorization: Bearer ${user.token}`,
  "content-type: application/json",
].join("\r\n");

/** Sends `head`, then a byte at a time, until the server has had enough. */
async function drip({ socket }: RawConnection, head: string): Promise<void> {
  socket.write(head);
  while (!socket.destroyed) {
    socket.write("x");
    await delay(50);
  }
}

async function expectProblem(answer: string, status: number, code: string): Promise<void> {
  const { head, body, ...rest } = parseRaw(answer);
  expect(rest.status).toBe(status);
  expect(head).toContain("content-type: application/problem+json");
  expect(head).toContain("x-content-type-options: nosniff");
  expect(problemSchema.parse(body)).toMatchObject({ status, code });
}

/** Never rejects: whoever waits for it also waits for the close. */
function drained(socket: Socket): Promise<void> {
  return new Promise((resolve) => socket.once("drain", resolve));
}

describe("a client", () => {
  test("that sends its headers or body a byte at a time is cut off, and holds nobody up", async () => {
    const heads = ["GET /livez HTTP/1.1\r\nx: ", `${POST}\r\ncontent-length: 9999\r\n\r\n`];
    const slow = Array.from({ length: 100 }, (_, at) => ({
      head: heads[at % heads.length] ?? "",
      connection: connectRaw(api.url),
    }));
    const dripping = Promise.all(slow.map(({ connection, head }) => drip(connection, head)));
    await eventually(
      () => slow.filter(({ connection }) => connection.socket.bytesWritten > 100).length,
      (count) => count === slow.length / 2,
    );
    expect((await api.fetch("/livez", null)).status).toBe(200);
    for (const { connection } of slow) {
      await expectProblem(await connection.closed, 408, "request_timeout");
    }
    await dripping;
    // A limit that is looked at every half minute would be none.
  }, 25_000);

  test("that does not speak HTTP gets a problem", async () => {
    for (const nonsense of ["\x16\x03\x01\x02\r\n\r\n", "GET / HTTP/9.9\r\n\r\n"]) {
      const { socket, closed } = connectRaw(api.url);
      socket.write(nonsense);
      await expectProblem(await closed, 400, "invalid_request");
    }
  });

  test("that sends a length and chunks, or a length twice, is not guessed about", async () => {
    for (const framing of [
      "content-length: 2\r\ntransfer-encoding: chunked",
      "content-length: 2\r\ncontent-length: 3",
      "transfer-encoding: chunked, identity",
    ]) {
      const { socket, closed } = connectRaw(api.url);
      socket.write(`${POST}\r\n${framing}\r\n\r\n{}`);
      await expectProblem(await closed, 400, "invalid_request");
    }
  });

  test("that sends 64 KiB of headers, in one or in many, gets a problem that names the limit", async () => {
    for (const headers of [`x: ${"y".repeat(65_536)}`, "x: y\r\n".repeat(10_000)]) {
      const { socket, closed } = connectRaw(api.url);
      socket.write(`GET /livez HTTP/1.1\r\nhost: api\r\n${headers}\r\n\r\n`);
      await expectProblem(await closed, 431, "headers_too_large");
    }
  });

  test("that sends a body without an end is cut off where the limit is", async () => {
    const { socket, closed } = connectRaw(api.url);
    socket.write(`${POST}\r\ntransfer-encoding: chunked\r\n\r\n`);
    const piece = `10000\r\n${"x".repeat(65_536)}\r\n`;
    let sent = 0;
    while (sent < 160 && !socket.destroyed) {
      sent += 1;
      if (!socket.write(piece)) await Promise.race([drained(socket), closed]);
    }
    await expectProblem(await closed, 413, "body_too_large");
    expect(sent).toBeLessThan(160);
  });

  test("that speaks into the midst of its own stream gets nothing but the stream", async () => {
    const response = await api.fetch("/v1/runs", user.token, { json: { mode: "strategy" } });
    const { id } = runSchema.parse(await response.json());
    closeAfter(() => api.fetch(`/v1/runs/${id}/cancel`, user.token, { method: "POST" }));
    const { socket, heard, closed } = connectRaw(api.url);
    const lines = [`GET /v1/runs/${id}/events HTTP/1.1`, "host: api"];
    socket.write(`${[...lines, `authorization: Bearer ${user.token}`].join("\r\n")}\r\n\r\n`);
    await eventually(heard, (text) => text.includes("event: run"));
    socket.write("this is no request\r\n\r\n");
    const answer = await closed;
    expect(answer.match(/HTTP\/1\.1/g)).toHaveLength(1);
  });

  test("that leaves in the midst of its body is no error of ours", async () => {
    const { socket, heard } = connectRaw(api.url);
    const requestId = crypto.randomUUID();
    const headers = [`x-request-id: ${requestId}`, "content-length: 100", "expect: 100-continue"];
    socket.write(`${[POST, ...headers].join("\r\n")}\r\n\r\n{`);
    await eventually(heard, (text) => text.includes("100 Continue"));
    socket.destroy();
    const own = () => lines.filter((line) => line["requestId"] === requestId);
    await eventually(own, (seen) => seen.some(({ msg }) => msg === "Request finished"));
    expect(own().map(({ level }) => level)).not.toContain("error");
  });
});

test("nothing that clients did was taken for an error of ours", () => {
  expect(lines.filter(({ level }) => level === "error" || level === "fatal")).toEqual([]);
});
