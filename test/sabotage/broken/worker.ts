/** Sabotages of the worker and of connections. */
import { becomes, precededBy, remove, type Sabotage, swap } from "../sabotage.ts";

const integration = (file: string, name: string) =>
  ({ project: "integration", file: `test/integration/${file}.int.test.ts`, name }) as const;

export const workerSabotages: readonly Sabotage[] = [
  {
    id: "the-end-is-announced-before-it-is-committed",
    file: "apps/worker/src/end-attempt.ts",
    guards: "G7",
    change: precededBy("  await deps.ends.announce(live);"),
    red: integration("handle-run", "its end is logged only after the ledger has it"),
  },
  {
    id: "the-workers-clock-decides",
    file: "apps/worker/src/handle-run.ts",
    guards: "G14",
    change: swap("Date.parse(claimed_at)", "deps.clock.now()"),
    red: integration("handle-run", "a worker whose clock is a day ahead gives it its whole time"),
  },
  {
    id: "jobs-carry-more-than-an-id",
    file: "packages/shared/src/queue/run-queue.ts",
    guards: "G19",
    change: swap("{ runId }", "{ runId, attempt }"),
    red: integration("run-queue", "a job is a run's id and nothing else"),
  },
  {
    id: "a-reader-replays-before-it-is-subscribed",
    file: "packages/shared/src/stream/run-hub.ts",
    guards: "G8: subscribe first",
    change: swap(
      "await acknowledged(subscriber, channel, clock)",
      "void clock.sleep(200).then(() => acknowledged(subscriber, channel, clock))",
    ),
    red: integration("run-hub", "once attach has resolved, no entry is missed"),
  },
  {
    id: "readers-that-left-are-never-missed",
    file: "apps/api/src/sse/connection.ts",
    guards: "G24: reader left",
    change: remove,
    red: integration(
      "api-streams",
      "leave nothing attached behind, whenever and however they leave",
    ),
  },
  {
    id: "any-origin-is-allowed",
    file: "apps/api/src/http/cors.ts",
    guards: "G15: origins",
    change: becomes('  return "*";'),
    red: integration(
      "api-edges",
      "only the origins that are configured may call the native routes",
    ),
  },
  {
    id: "a-dead-connection-is-kept",
    file: "packages/shared/src/redis/watch-answers.ts",
    guards: "G6, G13: dead connection",
    change: remove,
    red: integration("redis-answers", "a log that is written over a dead connection"),
  },
  {
    id: "ends-that-were-not-logged-are-forgotten",
    file: "apps/worker/src/announce-ends.ts",
    guards: "G6, G7: late ending",
    change: remove,
    red: integration(
      "announce-ends",
      "an end that Redis did not accept is announced when Redis is back",
    ),
  },
  {
    id: "the-payload-chooses-the-workspace",
    file: "apps/worker/src/work-on-run.ts",
    guards: "G18: workspace of the row",
    change: swap("run.workspace_id", "String(run.input.workspace_id ?? run.workspace_id)"),
    red: integration("tampered-job", "a payload that names a workspace changes nothing"),
  },
  {
    id: "text-of-a-call-is-sent-as-it-is",
    file: "packages/shared/src/db/call-rpc.ts",
    guards: "G1: text of a call",
    change: becomes("  return value;"),
    red: integration("counted-failures", "is replaced in a result, which completes its run"),
  },
  {
    id: "a-refused-release-is-dropped",
    file: "apps/worker/src/end-attempt.ts",
    guards: "G11: refused release",
    change: swap("isUnavailable: () => true, ", ""),
    red: integration(
      "counted-failures",
      "the run is held, not asked again, and counted once the ledger takes its release",
    ),
  },
  {
    id: "a-stale-schema-cache-discards-results",
    file: "packages/shared/src/db/database-error.ts",
    guards: "G11: stale schema cache",
    change: remove,
    red: integration("postgrest-refusals", "PGRST202: keeps it and sends it again"),
  },
  {
    id: "dead-jobs-block-their-runs",
    file: "packages/shared/src/queue/remove-corpses.ts",
    guards: "G1: dead jobs",
    change: remove,
    red: integration("dead-jobs", "failed: is replaced when the run is added again"),
  },
  {
    id: "a-result-is-held-for-ever",
    file: "apps/worker/src/handle-run.ts",
    guards: "G1: give up",
    change: remove,
    red: integration(
      "counted-failures",
      "a result that is answered with a 5xx for ever is held until the sweep may end its run",
    ),
  },
];
