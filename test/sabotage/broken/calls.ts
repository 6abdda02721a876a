/** What asking the gateway may cost, what is said of it, and the lines that keep both true. */
import type { Sabotage } from "../sabotage.ts";

const agents = (file: string) => `packages/agents/src/${file}`;
const unit = (file: string, name: string) =>
  ({ project: "unit", file: agents(file), name }) as const;

export const callSabotages: readonly Sabotage[] = [
  {
    id: "only-the-last-call-is-counted",
    architecture: null,
    harness: "I15",
    file: agents("call-tally.ts"),
    find: "return calls.map(({ usage }) => usage).reduce(add, null);",
    replace: "return calls.at(-1)?.usage ?? null;",
    red: unit(
      "call-tally.test.ts",
      "within a call the last report counts, over the calls they are added up",
    ),
  },
  {
    id: "usage-is-forgotten-with-its-attempt",
    architecture: null,
    harness: "I15",
    file: "supabase/migrations/20261125050100_validation_ladder.sql",
    find: "usage = coalesce(nullif(p_answer -> 'usage', 'null'), r.usage),",
    replace: "usage = nullif(p_answer -> 'usage', 'null'),",
    red: {
      project: "integration",
      file: "supabase/tests/run-attempts.test.ts",
      name: "a run keeps the last reported usage when the attempt after it reports none",
    },
  },
  {
    id: "a-wait-goes-on-to-another-call",
    architecture: "I7",
    harness: "I9",
    file: agents("ask-gateway.ts"),
    find: '    if (signal.aborted) return { ...answer, end: { type: "aborted" }, release: null };\n',
    replace: "",
    red: unit("run-agent.test.ts", "during a wait asks no more"),
  },
  {
    id: "an-ended-run-is-claimed",
    architecture: "I2",
    harness: "I9",
    file: "supabase/migrations/20261123001100_claim_run.sql",
    find: "    when p_run.status <> 'running' then 'terminal'\n",
    replace: "",
    red: {
      project: "integration",
      file: "supabase/tests/claim-run.test.ts",
      name: "every refusal says why",
    },
  },
  {
    id: "an-abort-leaves-the-call-open",
    architecture: "I7",
    harness: "I14",
    file: agents("gateway/http-gateway.ts"),
    find: "    signal,\n  });\n}",
    replace: "    signal: new AbortController().signal,\n  });\n}",
    red: unit("gateway/http-gateway.test.ts", "before the headers closes the connection too"),
  },
  {
    id: "the-key-is-quoted",
    architecture: "I14",
    harness: "I16",
    file: agents("gateway/http-gateway.ts"),
    find: 'event.message.replaceAll(apiKey, "[key]")',
    replace: "event.message",
    red: unit("gateway/http-gateway-failures.test.ts", "but the log is never told the key"),
  },
  {
    id: "secret-fields-are-logged",
    architecture: "I14",
    harness: "I16",
    file: "packages/shared/src/runtime/log.ts",
    find: "redact: SECRET_FIELDS.flatMap(",
    replace: "redact: SECRET_FIELDS.slice(0, 0).flatMap(",
    red: {
      project: "unit",
      file: "packages/shared/src/runtime/log.test.ts",
      name: "fields that hold secrets are redacted at the top level and one level below",
    },
  },
  {
    id: "errors-are-logged-whole",
    architecture: "I14",
    harness: "I16",
    file: "packages/shared/src/runtime/log.ts",
    find: "    name: error.name,\n",
    replace: "    ...error,\n    name: error.name,\n",
    red: {
      project: "unit",
      file: "packages/shared/src/runtime/log.test.ts",
      name: "an error is logged with its name, code, message, stack and causes, and nothing else",
    },
  },
];
