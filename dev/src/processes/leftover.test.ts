import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { endLeftover, parsePid } from "./leftover.ts";

const folder = mkdtempSync(join(tmpdir(), "leftover-"));
const pidFile = join(folder, "server.pid");
afterAll(() => rmSync(folder, { recursive: true }));

/** A process with this text in its command line that waits to be ended. */
async function spawnServer(argument: string) {
  const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)", argument]);
  await once(child, "spawn");
  writeFileSync(pidFile, `${child.pid}\n`);
  return child;
}

test.each([
  ["123\n/data\n", 123],
  [" 42 ", 42],
  ["", null],
  ["1", null],
  ["-5", null],
  ["abc", null],
])("the pid in %j is %s", (text, pid) => {
  expect(parsePid(text)).toBe(pid);
});

test("a server of this folder is ended, and its file removed", async () => {
  const server = await spawnServer(folder);
  const exit = once(server, "exit");
  await endLeftover(pidFile, folder, "SIGTERM");
  expect((await exit)[1]).toBe("SIGTERM");
  expect(existsSync(pidFile)).toBe(false);
});

test("a process that only has the number of one is left alone", async () => {
  const stranger = await spawnServer("elsewhere");
  await endLeftover(pidFile, folder, "SIGTERM");
  expect({ exit: stranger.exitCode, signal: stranger.signalCode }).toEqual({
    exit: null,
    signal: null,
  });
  const exit = once(stranger, "exit");
  stranger.kill();
  await exit;
});
