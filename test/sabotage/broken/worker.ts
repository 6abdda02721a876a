/** What the worker and the relay promise, and the lines without which they would not. */
import type { Sabotage } from "../sabotage.ts";

const integration = (file: string, name: string) =>
  ({ project: "integration", file: `test/integration/${file}.int.test.ts`, name }) as const;

export const workerSabotages: readonly Sabotage[] = [
  {
    id: "the-end-is-told-before-it-is-committed",
    architecture: "I4",
    harness: "I8",
    file: "apps/worker/src/end-attempt.ts",
    find: "  const { run: row, next, release } = await persistOrRelease(",
    replace:
      "  await deps.ends.announce(live);\n  const { run: row, next, release } = await persistOrRelease(",
    red: integration("handle-run", "its end is logged only after the ledger has it"),
  },
  {
    id: "the-workers-clock-decides",
    architecture: "I9",
    harness: "I1",
    file: "apps/worker/src/handle-run.ts",
    find: "Date.parse(deadline_at) - Date.parse(claimed_at)",
    replace: "Date.parse(deadline_at) - deps.clock.now()",
    red: integration("handle-run", "a worker whose clock is a day ahead gives it its whole time"),
  },
  {
    id: "jobs-carry-more-than-an-id",
    architecture: "I13",
    harness: null,
    file: "packages/shared/src/queue/run-queue.ts",
    find: "data: { runId },",
    replace: "data: { runId, attempt },",
    red: integration("run-queue", "a job is a run's id and nothing else"),
  },
  {
    id: "a-reader-replays-before-it-is-subscribed",
    architecture: "I6",
    harness: "I6",
    file: "packages/shared/src/stream/run-hub.ts",
    find: "      await acknowledged(subscriber, channel, clock);",
    replace: "      void clock.sleep(200).then(() => acknowledged(subscriber, channel, clock));",
    red: integration("run-hub", "once attach has resolved, no entry is missed"),
  },
  {
    id: "readers-that-left-are-never-missed",
    architecture: "I6",
    harness: "I13",
    file: "apps/api/src/sse/connection.ts",
    find: '  reply.raw.once("close", leave);',
    replace: "",
    red: integration(
      "api-streams",
      "leave nothing attached behind, whenever and however they leave",
    ),
  },
  {
    id: "any-origin-is-allowed",
    architecture: "I10",
    harness: null,
    file: "apps/api/src/http/cors.ts",
    find: 'origins.includes("*") ? "*" : [...origins]',
    replace: 'true ? "*" : [...origins]',
    red: integration(
      "api-edges",
      "only the origins that are configured may call the native routes",
    ),
  },
  {
    id: "a-dead-connection-is-kept",
    architecture: "I8",
    harness: "I5",
    file: "packages/shared/src/redis/watch-answers.ts",
    find: "      redis.stream.destroy();\n",
    replace: "",
    red: integration("redis-answers", "a log that is written over a dead connection"),
  },
  {
    id: "ends-that-were-not-logged-are-forgotten",
    architecture: "I5",
    harness: "I5",
    file: "apps/worker/src/announce-ends.ts",
    find: "      kept.set(run.runId, run);\n",
    replace: "",
    red: integration(
      "announce-ends",
      "an end that Redis did not accept is announced when Redis is back",
    ),
  },
  {
    id: "a-payload-says-where-to-work",
    architecture: "I12",
    harness: "I12",
    file: "apps/worker/src/work-on-run.ts",
    find: "db: deps.workspaceDb(run.workspace_id),",
    replace: "db: deps.workspaceDb(String(run.input.workspace_id ?? run.workspace_id)),",
    red: integration("tampered-job", "a payload that names a workspace changes nothing"),
  },
];
