/** The six agents under the addresses of the functions that they replace. Responses are streams. */
import { catalogEntry } from "@cmo/agents/catalog";
import { RUN_MODES } from "@cmo/shared/contract";
import { z } from "zod";
import type { App } from "../../http/app-instance.ts";
import { EXAMPLE_PAYLOADS } from "../../openapi/examples.ts";
import type { ReadDeps } from "../../sse/read-run.ts";
import type { SubmitDeps } from "../request/submit-run.ts";
import { CHUNKS, describeAnswer, problemResponses, sentHeaders } from "../response/openapi.ts";
import { streamAnswer } from "./stream-answer.ts";
import { submitAgentRun } from "./submit-agent-run.ts";

/** `GET /v1/agents` documents the members; existing clients send subsets and supersets of them. */
const bodySchema = z.looseObject({
  workspaceId: z
    .string()
    .nullish()
    .describe("Defaults to the caller's only workspace or default workspace."),
});

export function registerFunctions(app: App, deps: SubmitDeps & ReadDeps): void {
  for (const mode of RUN_MODES) {
    const card = catalogEntry(mode);
    app.post(
      `/functions/v1/${card.name}`,
      {
        schema: {
          tags: ["Functions"],
          operationId: `invoke${mode.charAt(0).toUpperCase()}${mode.slice(1)}`,
          summary: card.title,
          sentHeaders: sentHeaders("Idempotency-Key", "X-Workspace-Id"),
          description: `${card.description} The response is a stream of OpenAI chat completion chunks.`,
          body: bodySchema.meta({ examples: [EXAMPLE_PAYLOADS[mode]] }),
          response: {
            200: describeAnswer("Chunks of the answer, then `[DONE]`.", CHUNKS),
            ...problemResponses,
          },
        },
      },
      async (request, reply) => {
        const { body } = request;
        const call = { mode, modeName: mode, payload: body, payloadPath: "", scopes: [body] };
        const { run } = await submitAgentRun(deps, { ...call, waits: true, request, reply });
        return streamAnswer(deps, { run, card, request, reply });
      },
    );
  }
}
