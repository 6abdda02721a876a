/** Processes whose code throws, or that may open no more files. */
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import type { AppProcess } from "../app-process.ts";
import type { Scenario, Stage } from "../scenario.ts";
import { expect, startRun, startRuns, untilEnded, untilSeen } from "../steps.ts";

const THROWS = new URL("../throw-anything.ts", import.meta.url).href;
const ATTEMPTS = 3;

async function throwAnything({ arena, client }: Stage): Promise<void> {
  const [worker] = arena.workers;
  const pid = worker?.pid;
  const runs = await startRuns(client, 3);
  for (const { runId } of runs) {
    const { status, errorCode, attempt, appRetries } = await untilEnded(arena, runId);
    expect(
      status === "failed" && errorCode === "internal" && attempt === ATTEMPTS,
      `it fails with internal in attempt ${ATTEMPTS}, not ${status} ${errorCode ?? ""} in ${attempt}`,
    );
    expect(appRetries === ATTEMPTS, `each attempt is counted, and not ${appRetries}`);
    const { length } = await arena.gateway.callsOf(runId);
    expect(length === ATTEMPTS, `the gateway is called once an attempt, not ${length} times`);
  }
  expect(worker?.pid === pid, "the worker lives on");
}

function whyNoFileLimit(): string | null {
  if (!existsSync("/proc/self/fd")) return "needs Linux, which lists the open files of a process";
  try {
    execFileSync("prlimit", ["--version"]);
    return null;
  } catch {
    return "needs prlimit, from util-linux";
  }
}

/** Takes the right to open more than a few files. The returned function gives it back. */
function limitFiles({ pid }: AppProcess, more: number): () => void {
  if (pid === null) throw new Error("It does not run.");
  const open = readdirSync(`/proc/${pid}/fd`).map(Number);
  const prlimit = (...args: string[]) =>
    execFileSync("prlimit", ["--pid", String(pid), ...args], { encoding: "utf8" });
  const before = prlimit("--nofile", "--output=SOFT", "--noheadings", "--raw").trim();
  // Only numbers above the highest one are refused, so those below are counted as free.
  const used = Math.max(...open) + 1;
  prlimit(`--nofile=${used + more}:`);
  return () => {
    prlimit(`--nofile=${before}:`);
  };
}

const READERS = 60;
const MORE_FILES = 20;
const EXHAUSTED_MS = 4_000;

async function exhaustFiles({ arena, client, report }: Stage): Promise<void> {
  const [, api] = arena.apis;
  const [worker] = arena.workers;
  if (!api || !worker) return;
  const pids = [api.pid, worker.pid];
  const run = await startRun(client, { fault: "slow@20" });
  await untilSeen(run, 5);
  const early = client.read(run.runId, { api: 1 });
  await untilSeen({ runId: run.runId, reader: early }, 5);
  const late = await arena.fault("an API may open no more files", async () => {
    const free = limitFiles(api, MORE_FILES);
    const readers = Array.from({ length: READERS }, () => client.read(run.runId, { api: 1 }));
    await delay(EXHAUSTED_MS);
    const before = early.count;
    const open = readers.filter(({ isOpen }) => isOpen).length;
    report(`${open} of ${READERS} more readers got a stream with ${MORE_FILES} more files`);
    expect(open < READERS, "some find no place");
    await delay(1_000);
    expect(early.count > before, "those that have a stream continue");
    free();
    return readers;
  });
  await arena.fault("a worker may open no more files", async () => {
    const free = limitFiles(worker, 0);
    const more = await startRuns(client, 4);
    await delay(1_500);
    free();
    for (const { runId } of more) {
      const { status, errorCode } = await untilEnded(arena, runId);
      expect(status === "completed", `runs complete, not ${status} ${errorCode ?? ""}`);
    }
  });
  for (const reader of late) expect((await reader.done) === "ending", "all receive the end");
  expect(api.pid === pids[0] && worker.pid === pids[1], "no process dies of it");
}

export const PROCESS_FAULTS: readonly Scenario[] = [
  {
    id: "F66",
    title: "an API and a worker may open no more files",
    guarantees: ["G1", "G8", "G24"],
    obstacle: whyNoFileLimit,
    arena: { apis: 2 },
    play: exhaustFiles,
  },
  {
    id: "F74",
    title: "the code of an agent throws values that are no errors",
    guarantees: ["G1", "G25"],
    arena: { workers: 1, environment: { NODE_OPTIONS: `--import=${THROWS}` } },
    bounds: { mayFailWith: ["internal"] },
    play: throwAnything,
  },
];
