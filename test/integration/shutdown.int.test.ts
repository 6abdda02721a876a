/** One reason to stop drains a process; what cuts the drain short is somebody asking again. */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const SLOW_STOP = fileURLToPath(new URL("../support/slow-stop.ts", import.meta.url));

async function start(): Promise<ChildProcess> {
  const child = fork(SLOW_STOP);
  await once(child, "message");
  return child;
}

async function stopping(child: ChildProcess): Promise<void> {
  child.kill("SIGTERM");
  await once(child, "message");
}

test("a parent that goes after it has asked to stop does not cut the drain short", async () => {
  const child = await start();
  await stopping(child);
  child.disconnect();
  expect(await once(child, "exit")).toEqual([0, null]);
});

test("a parent that goes without a word ends its child in order", async () => {
  const child = await start();
  child.disconnect();
  expect(await once(child, "exit")).toEqual([0, null]);
});

test("a second signal ends it at once", async () => {
  const child = await start();
  await stopping(child);
  child.kill("SIGTERM");
  expect(await once(child, "exit")).toEqual([1, null]);
});
