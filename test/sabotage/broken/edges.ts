/** What the API and the agents promise at their edges, and the lines that keep it. */
import type { Sabotage } from "../sabotage.ts";

const integration = (file: string, name: string) =>
  ({ project: "integration", file: `test/integration/${file}.int.test.ts`, name }) as const;
const unit = (file: string, name: string) => ({ project: "unit", file, name }) as const;

export const edgeSabotages: readonly Sabotage[] = [
  {
    id: "bugs-are-told-to-callers",
    invariant: "I14",
    file: "apps/api/src/http/errors.ts",
    find: '"Something went wrong on our side. Try again; if it stays, report the request id."',
    replace: "String(error)",
    red: unit(
      "apps/api/src/http/errors.test.ts",
      "what nobody expected says nothing of the inside",
    ),
  },
  {
    id: "text-that-postgres-refuses",
    invariant: "I1",
    file: "packages/agents/src/well-formed-text.ts",
    find: 'return text.toWellFormed().replaceAll("\\0", "\\ufffd");',
    replace: "return text;",
    red: unit(
      "packages/agents/src/run-agent.test.ts",
      "tells readers well-formed text only, with offsets in UTF-16 units",
    ),
  },
  {
    id: "a-cut-stream-is-a-success",
    invariant: "I1",
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
    invariant: "I12",
    file: "packages/agents/src/prompt-data.ts",
    find: 'while (rest.includes(part)) rest = rest.replaceAll(part, "");',
    replace: "",
    red: unit(
      "packages/agents/src/prompt-data.test.ts",
      "a value with the closing marker cannot close its block",
    ),
  },
  {
    id: "a-token-of-any-role",
    invariant: "I10",
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
    invariant: "I12",
    file: "packages/shared/src/db/workspace-db.ts",
    find: '.eq("workspace_id", workspaceId);',
    replace: ";",
    red: integration("workspace-db", "a list holds the workspace's rows and nobody else's"),
  },
  {
    id: "a-slow-reader-is-kept",
    invariant: "I6",
    file: "apps/api/src/sse/write-sse.ts",
    find: "const timer = setTimeout(() => response.destroy(), undrainedMs);",
    replace: "const timer = setTimeout(() => {}, undrainedMs);",
    red: unit(
      "apps/api/src/sse/write-sse.test.ts",
      "a reader that takes nothing is cut, and holds up to one frame of memory",
    ),
  },
  {
    id: "text-is-asked-for-twice",
    invariant: "I5",
    file: "packages/agents/src/ask-gateway.ts",
    find: "if (hasText || release === null) return",
    replace: "if (release === null) return",
    red: unit(
      "packages/agents/src/ask-gateway.test.ts",
      "nothing is tried again here: the run is released, with the text",
    ),
  },
  {
    id: "a-reader-that-left-is-waited-for",
    invariant: "I6",
    file: "apps/api/src/sse/write-sse.ts",
    find: '      once(response, "close", { signal: stop.signal }),\n',
    replace: "",
    red: unit(
      "apps/api/src/sse/write-sse.test.ts",
      "a reader that takes nothing is cut, and holds up to one frame of memory",
    ),
  },
];
