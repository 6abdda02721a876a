/** What a process says of itself, how it stops, and the lines without which either would be untrue. */
import { remove, type Sabotage, swap } from "../sabotage.ts";

const integration = (file: string, name: string) =>
  ({ project: "integration", file: `test/integration/${file}.int.test.ts`, name }) as const;

export const processSabotages: readonly Sabotage[] = [
  {
    // Not the number of questions alone: a connection that is broken off a second later is not
    // ready either, and that is soon enough.
    id: "a-redis-that-hangs-counts-as-ready",
    file: "packages/shared/src/redis/watch-answers.ts",
    guards: "G22",
    change: swap(/=> .*;/, '=> redis.status !== "end";'),
    red: integration("redis-answers", "a Redis that hangs is not ready, and is ready again"),
  },
  {
    id: "a-worker-that-stops-keeps-its-runs",
    file: "apps/worker/src/worker.ts",
    guards: "G1, G23: drain",
    change: remove,
    red: integration(
      "worker",
      "a stop gives back what it holds, and another worker goes on with it",
    ),
  },
  {
    id: "an-api-that-stops-waits-for-its-readers",
    file: "apps/api/src/app.ts",
    guards: "G8, G23: drain",
    change: remove,
    red: integration("api-streams", "a close ends open streams instead of waiting for them"),
  },
  {
    id: "cancels-are-not-heard",
    file: "apps/worker/src/worker.ts",
    guards: "G10: hint",
    change: remove,
    red: integration("worker", "a cancel reaches it by the hint, without waiting for a beat"),
  },
];
