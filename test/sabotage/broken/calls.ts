/** Sabotages of the gateway's calls, their usage, and the secrets around them. */
import { becomes, precededBy, remove, type Sabotage, swap } from "../sabotage.ts";

const agents = (file: string) => `packages/agents/src/${file}`;
const unit = (file: string, name: string) =>
  ({ project: "unit", file: agents(file), name }) as const;

export const callSabotages: readonly Sabotage[] = [
  {
    id: "only-the-last-call-is-counted",
    file: agents("engine/call-tally.ts"),
    guards: "G12",
    change: swap(/tallied\.map.*;/, "tallied.at(-1)?.call.usage ?? null;"),
    red: unit(
      "engine/call-tally.test.ts",
      "within a call the last report counts, over the calls they are added up",
    ),
  },
  {
    id: "usage-is-forgotten-with-its-attempt",
    file: "supabase/schemas/42_end_of_work.sql",
    guards: "G12",
    change: becomes("    usage = nullif(p_answer -> 'usage', 'null'),"),
    red: {
      project: "integration",
      file: "supabase/tests/run-attempts.test.ts",
      name: "a run keeps the last reported usage when the attempt after it reports none",
    },
  },
  {
    id: "an-attempt-calls-once-more",
    file: agents("engine/ask-gateway.ts"),
    guards: "G25: retries in an attempt",
    change: swap("2_000", "2_000, 2_000"),
    red: unit("engine/ask-gateway.test.ts", "and then the run is released, for another attempt"),
  },
  {
    id: "a-lasting-failure-is-retried-as-any-other",
    file: agents("engine/ask-gateway.ts"),
    guards: "G25: retry once",
    lines: 2,
    change: remove,
    red: unit("engine/retry-once.test.ts", "is asked twice by a run, whose sentence says so"),
  },
  {
    id: "repairs-have-any-number-of-threads",
    file: agents("engine/repair-json.ts"),
    guards: "G24: few threads",
    change: becomes("      if (ends.aborted) return texts.map(() => null);"),
    red: unit(
      "engine/repair-json.test.ts",
      "has at most so many threads; further repairs wait for them, and short ones do not",
    ),
  },
  {
    id: "a-wait-goes-on-to-another-call",
    file: agents("engine/ask-gateway.ts"),
    guards: "G10, G11: aborted wait",
    change: remove,
    red: unit("engine/run-agent.test.ts", "during a wait asks no more"),
  },
  {
    id: "an-ended-run-is-claimed",
    file: "supabase/schemas/50_claim_run.sql",
    guards: "G3, G11",
    change: remove,
    red: {
      project: "integration",
      file: "supabase/tests/claim-run.test.ts",
      name: "every refusal says why",
    },
  },
  {
    id: "an-abort-leaves-the-call-open",
    file: agents("gateway/http-gateway.ts"),
    guards: "G10",
    change: swap("signal", "signal: new AbortController().signal"),
    red: unit("gateway/http-gateway.test.ts", "before the headers closes the connection too"),
  },
  {
    id: "the-key-is-quoted",
    file: agents("gateway/quote.ts"),
    guards: "G21",
    change: swap('shown.replaceAll(secret, "[secret]")', "shown"),
    red: unit("gateway/http-gateway-failures.test.ts", "but the log never contains the key"),
  },
  {
    id: "secret-fields-are-logged",
    file: "packages/shared/src/runtime/log.ts",
    guards: "G21: secret fields",
    change: swap("SECRET_FIELDS.", "SECRET_FIELDS.slice(0, 0)."),
    red: {
      project: "unit",
      file: "packages/shared/src/runtime/log.test.ts",
      name: "fields that hold secrets are redacted at the top level and one level below",
    },
  },
  {
    id: "errors-are-logged-whole",
    file: "packages/shared/src/runtime/describe-error.ts",
    guards: "G21: errors",
    change: precededBy("    ...error,"),
    red: {
      project: "unit",
      file: "packages/shared/src/runtime/log.test.ts",
      name: "an error is logged with its name, code, message, stack and causes, and nothing else",
    },
  },
];
