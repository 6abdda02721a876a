/** What the API and the agents promise at their edges, and the lines that keep it. */
import type { Sabotage } from "../sabotage.ts";

const integration = (file: string, name: string) =>
  ({ project: "integration", file: `test/integration/${file}.int.test.ts`, name }) as const;
const unit = (file: string, name: string) => ({ project: "unit", file, name }) as const;

export const edgeSabotages: readonly Sabotage[] = [
  {
    id: "bugs-are-told-to-callers",
    architecture: "I14",
    harness: "I16",
    file: "apps/api/src/http/errors.ts",
    find: 'return expectedError("internal", { cause: error });',
    replace: 'return new AppError("internal", String(error), { cause: error });',
    red: unit("apps/api/src/http/errors.test.ts", "an unexpected error reveals no internals"),
  },
  {
    id: "text-that-postgres-refuses",
    architecture: "I1",
    harness: "I7",
    file: "packages/agents/src/answer-text/well-formed-text.ts",
    find: 'return text.toWellFormed().replaceAll("\\0", "\\ufffd");',
    replace: "return text;",
    red: unit(
      "packages/agents/src/engine/run-agent.test.ts",
      "tells readers well-formed text only, with offsets in UTF-16 units",
    ),
  },
  {
    id: "a-cut-stream-is-a-success",
    architecture: "I1",
    harness: "I7",
    file: "packages/agents/src/gateway/read-answer.ts",
    find: 'return incompleteStream("The gateway ended its stream without a finish reason or [DONE].");',
    replace: 'return { type: "finished", reason: "stop", model: this.#model };',
    red: unit(
      "packages/agents/src/gateway/http-gateway-failures.test.ts",
      "it ends without a finish reason",
    ),
  },
  {
    id: "data-may-close-its-block",
    architecture: "I12",
    harness: null,
    file: "packages/agents/src/prompt/prompt-data.ts",
    find: 'while (rest.includes(part)) rest = rest.replaceAll(part, "");',
    replace: "",
    red: unit(
      "packages/agents/src/prompt/prompt-data.test.ts",
      "a value with the closing marker cannot close its block",
    ),
  },
  {
    id: "a-token-of-any-role",
    architecture: "I10",
    harness: null,
    file: "apps/api/src/http/verify-token.ts",
    find: 'role: z.literal("authenticated"),',
    replace: "role: z.string(),",
    red: unit(
      "apps/api/src/http/verify-token.test.ts",
      "a token that is of another role is refused with invalid_token",
    ),
  },
  {
    id: "reads-of-every-workspace",
    architecture: "I12",
    harness: "I12",
    file: "packages/shared/src/db/workspace-db.ts",
    find: '.eq("workspace_id", workspaceId);',
    replace: ";",
    red: integration("workspace-db", "a list holds the workspace's rows and nobody else's"),
  },
  {
    id: "a-slow-reader-is-kept",
    architecture: "I6",
    harness: "I13",
    file: "apps/api/src/sse/write-sse.ts",
    find: "const timer = setTimeout(() => response.destroy(), writeTimeoutMs);",
    replace: "const timer = setTimeout(() => {}, writeTimeoutMs);",
    red: unit(
      "apps/api/src/sse/write-sse.test.ts",
      "a reader that takes nothing is cut, and holds up to one frame of memory",
    ),
  },
  {
    id: "text-is-asked-for-twice",
    architecture: "I5",
    harness: "I7",
    file: "packages/agents/src/engine/ask-gateway.ts",
    find: "if (hasText || release === null) return",
    replace: "if (release === null) return",
    red: unit(
      "packages/agents/src/engine/ask-gateway.test.ts",
      "nothing is tried again here: the run is released, with the text",
    ),
  },
  {
    id: "a-reader-that-left-is-waited-for",
    architecture: "I6",
    harness: "I13",
    file: "apps/api/src/sse/write-sse.ts",
    find: '      once(response, "close", { signal: stop.signal }),\n',
    replace: "",
    red: unit(
      "apps/api/src/sse/write-sse.test.ts",
      "a reader that takes nothing is cut, and holds up to one frame of memory",
    ),
  },
  {
    id: "more-is-written-than-is-taken",
    architecture: "I6",
    harness: "I13",
    file: "apps/api/src/sse/write-sse.ts",
    find: "if (!response.write(part)) await drained(response, timing.writeTimeoutMs);",
    replace: "response.write(part);",
    red: unit(
      "apps/api/src/sse/write-sse.test.ts",
      "a reader that takes nothing is cut, and holds up to one frame of memory",
    ),
  },
  {
    id: "the-request-says-when-its-reader-left",
    architecture: "I6",
    harness: "I13",
    file: "apps/api/src/sse/connection.ts",
    find: '  reply.raw.once("close", leave);',
    replace: '  reply.request.raw.once("close", leave);',
    red: integration("api-streams", "while the status is held, they leave nothing attached either"),
  },
  {
    // The API has no client that sees past its user: it holds no key for one. What keeps a foreign
    // run from `GET /v1/runs/:id/events` is the policy of the table, so that is what is broken.
    id: "the-policy-lets-everybody-read",
    architecture: "I12",
    harness: "I12",
    file: "supabase/migrations/20261123000600_run_ledger.sql",
    find: "  using (workspace_id in (select private.my_workspace_ids()));",
    replace: "  using (true);",
    red: integration("refused-runs", "S17: followed from a cursor"),
  },
  {
    id: "a-run-is-answered-for-that-is-not-stored",
    architecture: "I1",
    harness: "I11",
    file: "apps/api/src/routes/request/submit-run.ts",
    find: "  const { run, created } = await callerOf(request).runs.create({",
    replace:
      "  const create = (one: NewRun) =>\n    callerOf(request)\n      .runs.create(one)\n      .then((stored) => ({ ...stored, run: { ...stored.run, id: randomUUID() } }));\n  const { run, created } = await create({",
    red: integration("api-runs", "202 names the run, which is stored before the answer"),
  },
];
