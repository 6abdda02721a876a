import { once } from "node:events";
import { createServer } from "node:net";
import { expect, test } from "vitest";
import { findPort } from "./ports.ts";

test("a preferred port is taken when it is free, and left when somebody has it", async () => {
  const free = await findPort(0, new Set());
  expect(await findPort(free, new Set())).toBe(free);

  const server = createServer().listen(free, "127.0.0.1");
  await once(server, "listening");
  expect(await findPort(free, new Set())).not.toBe(free);
  server.close();
});

test("a port that was given out before is not given out again", async () => {
  const first = await findPort(0, new Set());
  expect(await findPort(first, new Set([first]))).not.toBe(first);
});
