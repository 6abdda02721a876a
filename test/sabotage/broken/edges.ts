/** Sabotages at the edges of the API and the agents. */
import { becomes, remove, type Sabotage, swap } from "../sabotage.ts";

const integration = (file: string, name: string) =>
  ({ project: "integration", file: `test/integration/${file}.int.test.ts`, name }) as const;
const unit = (file: string, name: string) => ({ project: "unit", file, name }) as const;

/** Answers with another id than the stored one. */
const underAnotherId = `({
    runs: {
      create: async (one) => {
        const stored = await callerOf(request).runs.create(one);
        return { ...stored, run: { ...stored.run, id: randomUUID() } };
      },
    },
  })`;

export const edgeSabotages: readonly Sabotage[] = [
  {
    id: "bugs-are-shown-to-callers",
    file: "apps/api/src/http/errors.ts",
    guards: "G20, G21: bugs",
    change: swap('expectedError("internal", ', 'new AppError("internal", String(error), '),
    red: unit("apps/api/src/http/errors.test.ts", "an unexpected error reveals no internals"),
  },
  {
    id: "text-that-postgres-refuses",
    file: "packages/shared/src/contract/bounded-text.ts",
    guards: "G1, G9: text that can be stored",
    change: swap(/text\..*;/, "text;"),
    red: unit(
      "packages/agents/src/engine/run-agent.test.ts",
      "emits only well-formed text, with offsets in UTF-16 units",
    ),
  },
  {
    id: "a-cut-stream-is-a-success",
    file: "packages/agents/src/gateway/read-answer.ts",
    guards: "G1, G9: cut stream",
    change: swap(
      /incompleteStream\(.*\)/,
      '{ type: "finished", reason: "stop", model: this.#model }',
    ),
    red: unit(
      "packages/agents/src/gateway/http-gateway-failures.test.ts",
      "it ends without a finish reason",
    ),
  },
  {
    id: "data-may-close-its-block",
    file: "packages/agents/src/prompt/prompt-data.ts",
    guards: "G18: closing marker",
    change: remove,
    red: unit(
      "packages/agents/src/prompt/prompt-data.test.ts",
      "a value with the closing marker cannot close its block",
    ),
  },
  {
    id: "a-token-of-any-role",
    file: "apps/api/src/http/verify-token.ts",
    guards: "G15: role",
    change: swap('z.literal("authenticated")', "z.string()"),
    red: unit(
      "apps/api/src/http/verify-token.test.ts",
      "a token that is of another role is refused with invalid_token",
    ),
  },
  {
    id: "reads-of-every-workspace",
    file: "packages/shared/src/db/workspace-db.ts",
    guards: "G18: scoped reads",
    change: swap('.eq("workspace_id", workspaceId)', ""),
    red: integration("workspace-db", "a list holds the workspace's rows and nobody else's"),
  },
  {
    id: "rows-are-shared-by-all-users",
    file: "packages/shared/src/db/gather-run-reads.ts",
    guards: "G18: shared rows",
    change: swap(/`.*`/, "read.id"),
    red: unit(
      "packages/shared/src/db/gather-run-reads.test.ts",
      "a whole run that readers ask for in one turn is read once, and again for those who come later",
    ),
  },
  {
    id: "a-slow-reader-is-kept",
    file: "apps/api/src/sse/write-sse.ts",
    guards: "G24: slow reader",
    change: swap("response.destroy()", "{}"),
    red: unit(
      "apps/api/src/sse/write-sse.test.ts",
      "a reader that takes nothing is cut, and holds up to one frame of memory",
    ),
  },
  {
    id: "text-is-asked-for-twice",
    file: "packages/agents/src/engine/ask-gateway.ts",
    guards: "G9: text only once",
    change: swap("hasText || ", ""),
    red: unit(
      "packages/agents/src/engine/ask-gateway.test.ts",
      "nothing is tried again here: the run is released, with the text",
    ),
  },
  {
    id: "a-reader-that-left-is-waited-for",
    file: "apps/api/src/sse/write-sse.ts",
    guards: "G24: reader left",
    change: remove,
    red: unit(
      "apps/api/src/sse/write-sse.test.ts",
      "a reader that takes nothing is cut, and holds up to one frame of memory",
    ),
  },
  {
    id: "more-is-written-than-is-taken",
    file: "apps/api/src/sse/write-sse.ts",
    guards: "G24: backpressure",
    change: swap(/ \|\| drained\(.*\)/, " || true"),
    red: unit(
      "apps/api/src/sse/write-sse.test.ts",
      "a reader that takes nothing is cut, and holds up to one frame of memory",
    ),
  },
  {
    id: "a-reader-leaves-with-its-request",
    file: "apps/api/src/sse/connection.ts",
    guards: "G24: reader left",
    change: swap("reply.raw", "reply.request.raw"),
    red: integration("api-streams", "while the status is held, they leave nothing attached either"),
  },
  {
    // The API holds no key that bypasses its user. What keeps a foreign
    // run from `GET /v1/runs/:id/events` is the policy of the table, so that is what is broken.
    id: "the-policy-lets-everybody-read",
    file: "supabase/schemas/22_agent_runs.sql",
    guards: "G18",
    change: becomes("  using (true);"),
    red: {
      project: "integration",
      file: "test/integration/refused-runs.int.test.ts",
      name: "S17: followed from a cursor",
    },
  },
  {
    id: "a-run-is-answered-for-that-is-not-stored",
    file: "apps/api/src/routes/request/submit-run.ts",
    guards: "G2",
    change: swap("callerOf(request)", underAnotherId),
    red: integration("api-runs", "202 names the run, which is stored before the answer"),
  },
];
