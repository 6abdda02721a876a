/** What the log, the writer and the relay promise, and the lines that keep it. */
import type { Sabotage } from "../sabotage.ts";

const stream = (file: string) => `packages/shared/src/stream/${file}`;
const red = (file: string, name: string) =>
  ({ project: "integration", file: `test/integration/${file}.int.test.ts`, name }) as const;

export const streamSabotages: readonly Sabotage[] = [
  {
    id: "no-fence-in-the-log",
    invariant: "I3",
    file: stream("append.lua"),
    find: "if attempt < held then return { 'FENCED', tostring(held) } end",
    replace: "",
    red: red("run-log", "a worker that was superseded can write nothing more"),
  },
  {
    id: "append-after-the-end",
    invariant: "I5",
    file: stream("append.lua"),
    find: "if meta[6] then return { 'CLOSED', meta[6] } end",
    replace: "",
    red: red("run-log", "after the end nothing is appended, by no attempt"),
  },
  {
    id: "a-hole-in-the-log",
    invariant: "I5",
    file: stream("append.lua"),
    find: "elseif first > seq + 1 then",
    replace: "elseif false then",
    red: red("run-log", "an append that would leave a hole is refused and says where to go on"),
  },
  {
    id: "superseded-text-stays",
    invariant: "I5",
    file: stream("append.lua"),
    find: "  redis.call('DEL', KEYS[1])\n",
    replace: "",
    red: red("run-log", "the first entry of an attempt withdraws those of the attempt before"),
  },
  {
    id: "what-is-there-is-appended-again",
    invariant: "I5",
    file: stream("append.lua"),
    find: "  if at > seq then",
    replace: "  if true then",
    red: red("run-log", "the same append twice is once, also when it overlaps what is there"),
  },
  {
    id: "two-ends",
    invariant: "I5",
    file: stream("end.lua"),
    find: "if meta[3] then return { 'CLOSED', meta[3] } end",
    replace: "id = attempt .. '-' .. (999999000 + math.random(998))",
    red: red("run-log", "the end twice is once, whoever says it"),
  },
  {
    id: "keys-with-another-tag",
    invariant: "I5",
    file: stream("keys.ts"),
    find: "meta: `{run:",
    replace: "meta: `{other:",
    red: red(
      "run-log-cluster",
      "a run's keys are in one slot, so that a cluster takes its scripts",
    ),
  },
  {
    id: "no-look-after-a-reconnect",
    invariant: "I6",
    file: stream("run-hub.ts"),
    find: "subscriber.subscribe(...channels).then(lookAll,",
    replace: "subscriber.subscribe(...channels).then(() => {},",
    red: red(
      "run-hub",
      "a reader is told to look when the connection was lost, and hears again afterwards",
    ),
  },
  {
    id: "the-writer-does-not-rewind",
    invariant: "I5",
    file: "apps/worker/src/write-events.ts",
    find: 'The log lost its tail; rewound");\n        next = result.seq + 1;',
    replace: 'The log lost its tail; rewound");\n        next = numbered.length;',
    red: red(
      "write-events",
      "a log that was emptied is written again from its beginning, byte for byte",
    ),
  },
  {
    id: "jobs-that-failed-stay",
    invariant: "I8",
    file: "packages/shared/src/queue/run-queue.ts",
    find: "      removeOnFail: true,",
    replace: "      removeOnFail: false,",
    red: red(
      "run-queue",
      "a job that was done, or that failed, leaves nothing that refuses it the next time",
    ),
  },
  {
    id: "live-messages-are-believed",
    invariant: "I6",
    file: "apps/api/src/sse/reader-position.ts",
    find: "isNext: (entry) => entry.prev === (last === null ? BEFORE_ALL : toEventId(last)),",
    replace: "isNext: (entry) => entry.prev !== BEFORE_ALL || true,",
    red: {
      project: "unit",
      file: "apps/api/src/sse/reader-position.test.ts",
      name: "a live entry is next only when it names the last one taken, whatever its own number",
    },
  },
  {
    id: "a-torn-log-passes-for-whole",
    invariant: "I6",
    file: "apps/api/src/sse/watch-run.ts",
    find: "if (!(await isWhole(log, row, { position, isLogged }))) {",
    replace: "if (!(await isWhole(log, row, { position, isLogged })) && !row) {",
    red: red("watch-run", "one whose log lost its beginning gets the whole text at the end"),
  },
  {
    id: "a-lost-worker-finalizes",
    invariant: "I3",
    file: "apps/worker/src/settle-run.ts",
    find: 'if (reason === "lost" || reason === "superseded") return { kind: "discard" };',
    replace: "",
    red: {
      project: "unit",
      file: "apps/worker/src/settle-run.test.ts",
      name: "a run that was lost or superseded is not written to, whatever came of it (completed)",
    },
  },
];
