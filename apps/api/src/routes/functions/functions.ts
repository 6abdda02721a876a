/** The six agents under the addresses of the functions they replace: a stream by default. */
import { catalogEntry } from "@cmo/agents/catalog";
import { RUN_MODES, type RunMode } from "@cmo/shared/contract";
import type { FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import type { App } from "../../http/app-instance.ts";
import type { ReadDeps } from "../../sse/read-run.ts";
import { fitPayload } from "../request/agent-payload.ts";
import { findScope, SCOPE_MEMBERS } from "../request/run-scope.ts";
import { requireLive, type SubmitDeps, submitRun } from "../request/submit-run.ts";
import { describeAnswer, EVENT_STREAM, problemResponses } from "../response/openapi.ts";
import { logIgnored } from "./log-ignored.ts";
import { streamAnswer } from "./stream-answer.ts";

export type FunctionDeps = SubmitDeps & ReadDeps;

/** Documented by /v1/agents; clients of the replaced functions send subsets and more. */
const bodySchema = z.looseObject({
  workspaceId: z.string().nullish().describe("Defaults to the caller's only or default one."),
});

export function registerFunctions(app: App, deps: FunctionDeps): void {
  for (const mode of RUN_MODES) {
    const card = catalogEntry(mode);
    app.post(
      `/functions/v1/${card.name}`,
      {
        schema: {
          tags: ["Functions"],
          summary: card.title,
          description: `${card.description} Answers with a stream of OpenAI chat completion chunks.`,
          body: bodySchema,
          response: {
            200: describeAnswer("Chunks of the answer, then `[DONE]`.", EVENT_STREAM),
            ...problemResponses,
          },
        },
      },
      (request, reply) => runAgent(deps, mode, { request, reply, body: request.body }),
    );
  }
}

interface AgentCall {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly body: Record<string, unknown>;
}

async function runAgent(deps: FunctionDeps, mode: RunMode, call: AgentCall): Promise<FastifyReply> {
  const { request, reply, body } = call;
  const card = catalogEntry(mode);
  const scope = findScope(request, [body]);
  const { input, ignored } = fitPayload(card, withoutScope(body), "");
  logIgnored(request, ignored);

  requireLive(deps);
  const wanted = { ...scope, mode, input, save: false, onRateLimit: "fail" } as const;
  const run = await submitRun(deps, { request, reply }, wanted);
  reply.header("x-cmo-mode", mode);
  return streamAnswer(deps, { run, card, request, reply });
}

/** The payload proper: whom it is for is said beside it. */
export function withoutScope(body: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const names: readonly string[] = SCOPE_MEMBERS;
  return Object.fromEntries(Object.entries(body).filter(([name]) => !names.includes(name)));
}
