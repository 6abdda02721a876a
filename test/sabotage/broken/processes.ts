/** What a process says of itself, how it stops, and the lines without which either would be untrue. */
import type { Sabotage } from "../sabotage.ts";

const integration = (file: string, name: string) =>
  ({ project: "integration", file: `test/integration/${file}.int.test.ts`, name }) as const;

export const processSabotages: readonly Sabotage[] = [
  {
    // Not the number of questions alone: a connection that is broken off a second later is not
    // ready either, and that is soon enough.
    id: "a-redis-that-hangs-counts-as-ready",
    architecture: "I8",
    harness: "I17",
    file: "packages/shared/src/redis/watch-answers.ts",
    find: 'return () => redis.status === "ready" && unanswered < UNREADY_AFTER;',
    replace: 'return () => redis.status !== "end";',
    red: integration("redis-answers", "a Redis that hangs is not ready, and is ready again"),
  },
  {
    id: "a-worker-that-stops-keeps-its-runs",
    architecture: "I1",
    harness: "I18",
    file: "apps/worker/src/worker.ts",
    find: '      live.abortAll("drain");\n',
    replace: "",
    red: integration("worker", "a stop releases what it holds, and another worker goes on with it"),
  },
  {
    id: "an-api-that-stops-waits-for-its-readers",
    architecture: "I6",
    harness: "I18",
    file: "apps/api/src/app.ts",
    find: 'app.addHook("preClose", async () => drain.begin());',
    replace: "",
    red: integration("api-streams", "a close ends open streams instead of waiting for them"),
  },
  {
    id: "cancels-are-not-heard",
    architecture: "I7",
    harness: "I14",
    file: "apps/worker/src/worker.ts",
    find: '  await deps.hub.onCancel((runId) => live.abort(runId, null, "cancelled"));\n',
    replace: "",
    red: integration("worker", "a cancel reaches it by the hint, without waiting for a beat"),
  },
];
