/** Sabotages of the log, its writer and the relay. */
import { becomes, remove, type Sabotage, swap } from "../sabotage.ts";

const stream = (file: string) => `packages/shared/src/stream/${file}`;
const red = (file: string, name: string) =>
  ({ project: "integration", file: `test/integration/${file}.int.test.ts`, name }) as const;

export const streamSabotages: readonly Sabotage[] = [
  {
    id: "no-fence-in-the-log",
    file: stream("append.lua"),
    guards: "G5",
    change: remove,
    red: red("run-log", "a worker that was superseded can write nothing more"),
  },
  {
    id: "append-after-the-end",
    file: stream("append.lua"),
    guards: "G6: after the end",
    change: remove,
    red: red("run-log", "after the end nothing is appended, by no attempt"),
  },
  {
    id: "a-hole-in-the-log",
    file: stream("append.lua"),
    guards: "G6: gap",
    change: becomes("elseif false then"),
    red: red("run-log", "an append that would leave a hole is refused and says where to go on"),
  },
  {
    id: "superseded-text-stays",
    file: stream("append.lua"),
    guards: "G6: one attempt",
    change: remove,
    red: red("run-log", "the first entry of an attempt withdraws those of the attempt before"),
  },
  {
    id: "what-is-there-is-appended-again",
    file: stream("append.lua"),
    guards: "G6: duplicate",
    change: becomes("  if true then"),
    red: red("run-log", "an append is idempotent, also when it overlaps what is there"),
  },
  {
    id: "two-ends",
    file: stream("end.lua"),
    guards: "G6: one end",
    change: becomes("id = attempt .. '-' .. (999999000 + math.random(998))"),
    red: red("run-log", "the end is idempotent, whoever writes it"),
  },
  {
    id: "keys-with-another-tag",
    file: stream("keys.ts"),
    guards: "G6: one slot",
    change: swap("meta: `{run:", "meta: `{other:"),
    red: red(
      "run-log-cluster",
      "a run's keys are in one slot, so that a cluster takes its scripts",
    ),
  },
  {
    id: "no-look-after-a-reconnect",
    file: stream("run-hub.ts"),
    guards: "G8: reconnect",
    change: swap("lookAll", "() => {}"),
    red: red(
      "run-hub",
      "a reader is asked to read the log when the connection was lost, and receives live messages afterwards",
    ),
  },
  {
    id: "the-writer-does-not-rewind",
    file: "apps/worker/src/write-events.ts",
    guards: "G6: rewind",
    change: swap("result.seq + 1", "numbered.length"),
    red: red(
      "write-events",
      "a log that was emptied is written again from its beginning, byte for byte",
    ),
  },
  {
    id: "jobs-that-failed-stay",
    file: "packages/shared/src/queue/run-queue.ts",
    guards: "G1, G13: failed jobs",
    change: swap("true", "false"),
    red: red(
      "run-queue",
      "a job that was done, or that failed, leaves nothing that refuses it the next time",
    ),
  },
  {
    id: "live-messages-are-believed",
    file: "apps/api/src/sse/reader-position.ts",
    guards: "G8: next entry",
    change: becomes("    isNext: () => true,"),
    red: {
      project: "unit",
      file: "apps/api/src/sse/reader-position.test.ts",
      name: "a live entry is next only when it names the last one taken, whatever its own number",
    },
  },
  {
    id: "a-torn-log-passes-for-whole",
    file: "apps/api/src/sse/watch-run.ts",
    guards: "G8, G9: torn log",
    change: becomes("  if (false) {"),
    red: red("watch-run", "one whose log lost its beginning gets the whole text at the end"),
  },
  {
    id: "a-log-that-was-not-read-counts-as-read",
    file: "apps/api/src/sse/watch-run.ts",
    guards: "G8, G9: unread end",
    change: remove,
    red: red("watch-run", "one that comes back gets the text although a read of the log fails"),
  },
  {
    id: "a-log-that-was-not-read-is-left",
    file: "apps/api/src/sse/watch-run.ts",
    guards: "G8: unread log",
    change: becomes("    const isPolling = position.endSeen || !isConnected(deps);"),
    red: red("watch-run", "one whose read of the log failed reads it again soon, without any news"),
  },
  {
    id: "all-runs-are-prepared-at-once",
    file: "packages/agents/src/engine/run-agent.ts",
    guards: "G3: turns of large rows",
    change: remove,
    red: {
      project: "unit",
      file: "packages/agents/src/engine/run-agent.test.ts",
      name: "read their contexts in turns, and one that fails makes room for the next",
    },
  },
  {
    id: "a-lost-worker-finalizes",
    file: "apps/worker/src/decide-ending.ts",
    guards: "G5: lost worker",
    change: remove,
    red: {
      project: "unit",
      file: "apps/worker/src/decide-ending.test.ts",
      name: "a lost or superseded run is not written to, whatever the outcome (completed)",
    },
  },
];
