/** Sabotages of what tenants and users may start, queue and keep open. */
import { becomes, remove, type Sabotage, swap } from "../sabotage.ts";

const sql = (file: string) => `supabase/schemas/${file}.sql`;
const ledger = (file: string, name: string) =>
  ({ project: "integration", file: `supabase/tests/${file}.test.ts`, name }) as const;
const integration = (file: string, name: string) =>
  ({ project: "integration", file: `test/integration/${file}.int.test.ts`, name }) as const;
const stream = (file: string) => `packages/shared/src/stream/${file}`;
const EXACTLY =
  "exactly as many are accepted as the limit says, and the next window begins at zero";
const OVER_ALL =
  "a user may open so many streams over all processes, and another one when one is closed";

export const limitSabotages: readonly Sabotage[] = [
  {
    id: "submissions-of-a-tenant-at-once",
    file: sql("38_admission"),
    guards: "G28: one after the other",
    change: becomes("  return;"),
    red: ledger("admission-at-once", 'of many at once {"max_queued":17} accepts exactly 17'),
  },
  {
    id: "a-minute-that-never-ends",
    file: sql("38_admission"),
    guards: "G28: minute",
    change: swap(/ filter \(.*\), 0/, ", 0"),
    red: ledger("admission", EXACTLY),
  },
  {
    id: "a-queue-without-end",
    file: sql("38_admission"),
    guards: "G28: queue",
    change: becomes("  if true then"),
    red: ledger("admission", "as many as the cap; a claim and a cancel make room for one more"),
  },
  {
    id: "counted-when-the-wait-began",
    file: sql("38_admission"),
    guards: "G14: window",
    change: swap("clock_timestamp()", "now()"),
    red: ledger("admission", "a submission counts when it is admitted, not when it began to wait"),
  },
  {
    id: "every-submission-is-of-a-new-user",
    file: sql("38_admission"),
    guards: "G28: user",
    change: swap("p_user_id", "gen_random_uuid()"),
    red: ledger("admission", EXACTLY),
  },
  {
    id: "windows-without-limits",
    file: sql("38_admission"),
    guards: "G28: windows",
    change: becomes("  if false then"),
    red: ledger("admission", "who cancels and creates in a loop gets nothing back"),
  },
  {
    id: "retries-of-a-run-at-once",
    file: sql("38_admission"),
    guards: "G28: one retry",
    change: becomes("  if false then"),
    red: ledger(
      "admission-at-once",
      "of parallel ones, by whomever, exactly one is accepted, and the refusals name it",
    ),
  },
  {
    id: "limits-of-other-tenants",
    file: sql("38_admission"),
    guards: "G18: stream limits",
    change: becomes("  if false then"),
    red: ledger(
      "admission",
      "the limits of streams are those of one's own tenant, and nobody else's",
    ),
  },
  {
    id: "a-repeated-id-counts",
    file: sql("41_create_run"),
    guards: "G17, G28: repeated id",
    change: becomes("    if true then"),
    red: ledger(
      "admission-at-once",
      "of parallel requests with one id or one key, one counts and the others repeat it",
    ),
  },
  {
    id: "streams-of-crashed-processes-stay",
    file: stream("hold-slots.lua"),
    guards: "G24, G28: expired streams",
    change: remove,
    red: integration(
      "stream-slots",
      "a process that lives keeps its places, and those of one that crashed are free again",
    ),
  },
  {
    id: "streams-of-a-user-without-end",
    file: stream("hold-slots.lua"),
    guards: "G28: streams of a user",
    change: remove,
    red: integration(
      "stream-slots",
      "of many that ask at once in two processes, a user gets exactly as many places as allowed",
    ),
  },
  {
    id: "streams-of-a-tenant-without-end",
    file: stream("hold-slots.lua"),
    guards: "G28: streams of a tenant",
    change: remove,
    red: integration(
      "stream-slots",
      "the users of a tenant share its places, and another tenant has its own",
    ),
  },
  {
    id: "an-outage-refuses-streams",
    file: stream("stream-slots.ts"),
    guards: "G13, G28: outage",
    change: swap('held.whatIsFull(holder) ?? "taken"', '"tenant"'),
    red: integration(
      "stream-slots",
      "during an outage each process counts its own streams, and refuses nobody else",
    ),
  },
  {
    id: "streams-of-a-process-without-end",
    file: stream("stream-slots.ts"),
    guards: "G28: streams of a process",
    change: remove,
    red: integration(
      "stream-slots",
      "a process has as many places as it can serve, with or without a user",
    ),
  },
  {
    id: "closed-streams-keep-their-places",
    file: "apps/api/src/sse/take-stream.ts",
    guards: "G24, G28: closed stream",
    change: remove,
    red: integration("api-stream-limits", OVER_ALL),
  },
  {
    id: "limits-of-the-last-user",
    file: "apps/api/src/sse/remember-limits.ts",
    guards: "G18: limits of one user",
    change: swap("[token, meant]", "[meant]"),
    red: {
      project: "unit",
      file: "apps/api/src/sse/remember-limits.test.ts",
      name: "each user is told the limits that the database tells them",
    },
  },
];
