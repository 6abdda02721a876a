/** Answers that could fill a worker's memory, and a worker without memory. */
import { setTimeout as delay } from "node:timers/promises";
import { eventually } from "../../support/eventually.ts";
import type { AppProcess } from "../app-process.ts";
import type { Arena } from "../arena.ts";
import { createMemoryLimit, type MemoryLimit, whyNoMemoryLimit } from "../memory-limit.ts";
import { watchMemory, whyNoProcessMemory } from "../process-memory.ts";
import type { Scenario, Stage } from "../scenario.ts";
import { expect, startRun, startRuns, untilEnded } from "../steps.ts";

const MIB = 1024 * 1024;
/** More than any normal run needs, far less than what the gateway sends. */
const ROOM_BYTES = 96 * MIB;
const NORMAL_RUNS = 20;
/** The codes of a run that makes its worker use too much memory. */
const SIZE_CODES = ["worker_lost", "incomplete_stream", "gateway_error"];
const FLOODS = ["huge-line", "endless", "gzip-bomb", "encoded-often"];
const GROWTH_MAX_BYTES = 50 * MIB;
/**
 * Without a limit V8 lets garbage pile up while there is memory, and the peak would say nothing about
 * what the worker holds. With these, it collects early; a worker that holds more than them dies.
 */
const SMALL_HEAP = "--max-semi-space-size=2 --max-old-space-size=96";

interface LimitedWorker {
  readonly worker: AppProcess;
  readonly limit: MemoryLimit;
}

/** Starts each worker again in a group of its own, with some memory above what it uses. */
async function limitWorkers(arena: Arena): Promise<LimitedWorker[]> {
  return Promise.all(
    arena.workers.map(async (worker) => {
      const limit = createMemoryLimit(`cmo-kernel-${worker.name}`);
      arena.onClose(limit.close);
      worker.signal("SIGKILL");
      await worker.ended();
      await worker.start({ prefix: limit.prefix });
      limit.set(limit.usedBytes() + ROOM_BYTES);
      return { worker, limit };
    }),
  );
}

/** Until the run has ended, takes the memory of each worker that claims it, and starts it again. */
async function starveHoldersOf(
  { arena }: Stage,
  runId: string,
  limited: readonly LimitedWorker[],
): Promise<void> {
  const ended = untilEnded(arena, runId).then(() => null);
  for (let attempt = 1; ; attempt += 1) {
    const claimed = eventually(
      () => (arena.holders.attemptOf(runId) >= attempt ? arena.holders.of(runId) : null),
      (name) => name !== null,
      40_000,
    );
    const name = await Promise.race([claimed, ended]);
    claimed.catch(() => undefined);
    const held = limited.find(({ worker }) => worker.name === name);
    if (!held) return;
    await starve(arena, held);
  }
}

/** The limit can only be lowered to what can be freed at once; further memory is then refused. */
async function starve(arena: Arena, { worker, limit }: LimitedWorker): Promise<void> {
  const before = limit.kills();
  const ended = worker.ended();
  await arena.fault(`${worker.name} runs out of memory`, async () => {
    let isOver = false;
    void ended.then(() => {
      isOver = true;
    });
    while (!isOver) {
      try {
        limit.set(limit.usedBytes() - MIB);
      } catch {
        // This much cannot be freed: the limit stays at what is used.
        leaveWhatIsUsed(limit);
      }
      await delay(5);
    }
  });
  expect(limit.kills() > before, `the kernel killed ${worker.name} for its memory`);
  limit.set(Number.MAX_SAFE_INTEGER);
  await worker.start({ prefix: limit.prefix });
  limit.set(limit.usedBytes() + ROOM_BYTES);
}

function leaveWhatIsUsed(limit: MemoryLimit): void {
  try {
    limit.set(limit.usedBytes());
  } catch {
    // The group has grown in between; the next turn follows at once.
  }
}

export const MEMORY_FAULTS: readonly Scenario[] = [
  {
    id: "F07",
    title: "a run exhausts its worker's memory repeatedly",
    guarantees: ["G1", "G3", "G11"],
    obstacle: whyNoMemoryLimit,
    // One run for each worker: a run that shares a worker with it three times would be lost too.
    arena: { workers: 3, piecesPerSecond: 400, environment: { WORKER_CONCURRENCY: "1" } },
    bounds: { endWithinMs: 90_000 },
    async play(stage) {
      const { arena, client } = stage;
      const limited = await limitWorkers(arena);
      // The gateway sends more than the worker may hold.
      const flood = await startRun(client, { fault: "huge-line@400" });
      const stranger = await arena.createClient();
      const normal = await startRuns(stranger, NORMAL_RUNS);
      const flooded = await untilEnded(arena, flood.runId);
      expect(
        flooded.status === "failed" && SIZE_CODES.includes(flooded.errorCode ?? ""),
        `the run fails for its size, and is not ${flooded.status} ${flooded.errorCode ?? ""}`,
      );
      const killed = limited.reduce((total, { limit }) => total + limit.kills(), 0);
      expect(killed === 0, `no worker is killed for a line, not ${killed}`);
      // Without memory one worker dies, and the others do not.
      const poison = await startRun(client, { fault: "slow@30" });
      await starveHoldersOf(stage, poison.runId, limited);
      const row = await untilEnded(arena, poison.runId);
      expect(
        row.status === "failed" && row.errorCode === "worker_lost" && row.attempt === 3,
        `it fails with worker_lost in attempt 3, not ${row.status} ${row.errorCode ?? ""} in ${row.attempt}`,
      );
      for (const { runId } of normal) {
        const { status, errorCode } = await untilEnded(arena, runId);
        expect(status === "completed", `normal runs complete, not ${status} ${errorCode ?? ""}`);
      }
    },
  },
  {
    id: "F56",
    title: "the gateway sends an endless line, an endless stream, or a decompression bomb",
    guarantees: ["G1", "G24"],
    obstacle: whyNoProcessMemory,
    arena: { workers: 1, piecesPerSecond: 400, environment: { NODE_OPTIONS: SMALL_HEAP } },
    bounds: { endWithinMs: 90_000 },
    async play({ arena, client, report }) {
      const warmUp = await startRuns(client, 4);
      for (const { runId } of warmUp) await untilEnded(arena, runId);
      const [worker] = arena.workers;
      const grownBytes = watchMemory(worker?.pid ?? 0);
      for (const fault of FLOODS) {
        const { runId } = await startRun(client, { fault });
        const { status, errorCode, attempt } = await untilEnded(arena, runId, 90_000);
        expect(
          status === "failed" && SIZE_CODES.includes(errorCode ?? "") && attempt <= 3,
          `a run whose gateway plays ${fault} fails, not ${status} ${errorCode ?? ""} in ${attempt}`,
        );
        report(`${fault}: the worker's memory grew by at most ${toMib(grownBytes())}`);
      }
      const { runId } = await startRun(client);
      expect((await untilEnded(arena, runId)).status === "completed", "the worker continues");
      const grown = grownBytes();
      expect(
        grown <= GROWTH_MAX_BYTES,
        `it grows by at most ${toMib(GROWTH_MAX_BYTES)}, not ${toMib(grown)}`,
      );
    },
  },
];

function toMib(bytes: number): string {
  return `${Math.round(bytes / MIB)} MiB`;
}
