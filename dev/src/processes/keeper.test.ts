import type { Clock } from "@cmo/shared/runtime";
import { describe, expect, test, vi } from "vitest";
import type { Child } from "./child.ts";
import { createKeeper, type KeptProcess } from "./keeper.ts";

/** A simulated process: it exits when a test or its keeper ends it. */
function createFakeChild(pid: number): Child & { end(how: string): void } {
  const exit = Promise.withResolvers<string>();
  let ended = false;
  const end = (how: string): void => {
    ended = true;
    exit.resolve(how);
  };
  return {
    pid,
    end,
    exited: exit.promise,
    hasExited: () => ended,
    send: () => {},
    onMessage: () => {},
    kill: (signal) => end(`signal ${signal}`),
    stop: async () => end("exit code 0"),
  };
}

/** A clock that stands still until a test lets a delay pass. It records each delay. */
function createManualClock() {
  const pauses: { ms: number; pass: () => void }[] = [];
  const clock: Clock = {
    now: () => 0,
    sleep: (ms) => new Promise((pass) => pauses.push({ ms, pass })),
  };
  return { clock, pauses };
}

function createScene(start?: KeptProcess["start"]) {
  const children: ReturnType<typeof createFakeChild>[] = [];
  const notes: string[] = [];
  const closing = new AbortController();
  const { clock, pauses } = createManualClock();
  const spawn = () => {
    const child = createFakeChild(100 + children.length);
    children.push(child);
    return child;
  };
  const keeper = createKeeper(
    {
      name: "redis",
      stopWithinMs: 1_000,
      start:
        start ??
        (async (own) => {
          own(spawn());
        }),
    },
    { signal: closing.signal, clock, onNote: (line) => notes.push(line), onChange: () => {} },
  );
  /** Ends the process and lets the keeper's delay pass. */
  const endUnasked = async (how: string) => {
    const waits = pauses.length;
    children.at(-1)?.end(how);
    await vi.waitFor(() => expect(pauses).toHaveLength(waits + 1));
  };
  return { keeper, children, notes, closing, pauses, endUnasked, spawn };
}

describe("a kept process", () => {
  test("that exits unexpectedly is restarted, and both events are reported", async () => {
    const { keeper, notes, pauses, endUnasked } = createScene();
    await keeper.start();
    await endUnasked("signal SIGKILL");
    expect(keeper.pid()).toBeNull();
    pauses[0]?.pass();
    await vi.waitFor(() =>
      expect(notes).toEqual([
        "redis exited unexpectedly (signal SIGKILL); restarting it.",
        "redis is running again.",
      ]),
    );
    expect(keeper.pid()).toBe(101);
  });

  test("that was ended stays ended until it is started", async () => {
    const { keeper, children, notes, pauses } = createScene();
    await keeper.start();
    await keeper.end();
    await vi.waitFor(() => expect(keeper.pid()).toBeNull());
    await keeper.start();
    expect(children.map(({ pid }) => pid)).toEqual([100, 101]);
    expect({ notes, pauses }).toEqual({ notes: [], pauses: [] });
  });

  test("that is ended and started while it waits to come back lives once", async () => {
    const { keeper, children, pauses, endUnasked } = createScene();
    await keeper.start();
    await endUnasked("exit code 1");
    await keeper.end();
    await keeper.start();
    pauses[0]?.pass();
    await new Promise(setImmediate);
    expect(children).toHaveLength(2);
  });

  test("that keeps exiting is restarted less and less often", async () => {
    const { keeper, children, pauses, endUnasked } = createScene();
    await keeper.start();
    for (let round = 1; round <= 7; round += 1) {
      await endUnasked("exit code 1");
      pauses.at(-1)?.pass();
      await vi.waitFor(() => expect(children).toHaveLength(round + 1));
    }
    expect(pauses.map(({ ms }) => ms)).toEqual([200, 400, 800, 1_600, 3_200, 5_000, 5_000]);
  });

  test("whose first start fails rejects, and leaves no process", async () => {
    const scene = createScene(async (own) => {
      own(scene.spawn());
      throw new Error("No port.");
    });
    await expect(scene.keeper.start()).rejects.toThrow("No port.");
    expect(scene.children[0]?.hasExited()).toBe(true);
  });

  test("that was still starting when everything ended is killed as soon as it exists", async () => {
    const go = Promise.withResolvers<void>();
    const scene = createScene(async (own) => {
      await go.promise;
      own(scene.spawn());
    });
    const started = scene.keeper.start();
    scene.closing.abort();
    go.resolve();
    await started;
    expect(scene.children[0]?.hasExited()).toBe(true);
    await expect(scene.keeper.start()).rejects.toThrow();
  });
});
