/** Sabotages of readiness, shutdown and cancel hints. */
import { remove, type Sabotage, swap } from "../sabotage.ts";

const integration = (file: string, name: string) =>
  ({ project: "integration", file: `test/integration/${file}.int.test.ts`, name }) as const;

export const processSabotages: readonly Sabotage[] = [
  {
    // Removing only the number of questions is not enough: a connection that is closed a second later
    // is not ready either.
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
    red: integration("worker", "a stop releases what it holds, and another worker goes on with it"),
  },
  {
    id: "an-api-that-stops-waits-for-its-readers",
    file: "apps/api/src/app.ts",
    guards: "G8, G23: drain",
    change: remove,
    red: integration("api-streams", "a close ends open streams instead of waiting for them"),
  },
  {
    id: "cancel-hints-are-ignored",
    file: "apps/worker/src/worker.ts",
    guards: "G10: hint",
    change: remove,
    red: integration("worker", "a cancel reaches it by the hint, without waiting for a beat"),
  },
];
