/**
 * The addresses of OpenAI's API, for clients that know no other: a model is an agent. A client needs this
 * base URL and the user's token as its key.
 */
import { agentCatalog, catalogEntry } from "@cmo/agents/catalog";
import { type Run, runContinuesDetail } from "@cmo/shared/contract";
import { AppError } from "@cmo/shared/runtime";
import type { FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import type { App } from "../../http/app-instance.ts";
import { callerOf } from "../../http/caller.ts";
import { sendProblem, toAppError, toProblem } from "../../http/errors.ts";
import { type EndingEvent, isEnding, type ReadDeps, readRun } from "../../sse/read-run.ts";
import { streamAnswer } from "../functions/stream-answer.ts";
import { submitAgentRun } from "../functions/submit-agent-run.ts";
import type { SubmitDeps } from "../request/submit-run.ts";
import {
  CHUNKS,
  describeAnswer,
  noQuery,
  problemResponses,
  sentHeaders,
} from "../response/openapi.ts";
import { toRunError } from "../response/run-error.ts";
import { toChatCompletion } from "./chat-answer.ts";
import { chatRequestSchema, modeOf, payloadOf } from "./chat-request.ts";

type OpenaiDeps = SubmitDeps & ReadDeps;

const PREFIX = "/openai/v1";

const modelSchema = z
  .object({ id: z.string(), object: z.literal("model"), created: z.int(), owned_by: z.string() })
  .meta({ id: "Model" });
const completionSchema = z
  .looseObject({
    id: z.string(),
    object: z.literal("chat.completion"),
    choices: z.array(z.unknown()),
  })
  .meta({ id: "ChatCompletion" });

export function registerOpenai(app: App, deps: OpenaiDeps): void {
  const models = agentCatalog.map(({ name }) => {
    return { id: name, object: "model", created: 0, owned_by: "cmo-kernel" } as const;
  });
  app.get(
    `${PREFIX}/models`,
    {
      schema: {
        tags: ["OpenAI"],
        operationId: "listModels",
        summary: "List the agents as models",
        querystring: noQuery,
        response: {
          200: z.object({ object: z.literal("list"), data: z.array(modelSchema) }),
          ...problemResponses,
        },
      },
      errorHandler: sendOpenaiError,
    },
    async () => ({ object: "list" as const, data: models }),
  );

  app.post(
    `${PREFIX}/chat/completions`,
    {
      schema: {
        tags: ["OpenAI"],
        operationId: "createChatCompletion",
        summary: "Run an agent as a chat completion",
        sentHeaders: sentHeaders("Idempotency-Key", "X-Workspace-Id"),
        description:
          "Takes the request of OpenAI's API. Members that have no meaning here, such as `temperature`, are ignored.",
        body: chatRequestSchema,
        response: {
          200: describeAnswer("The completion, or its chunks.", {
            "application/json": completionSchema,
            ...CHUNKS,
          }),
          ...problemResponses,
        },
      },
      errorHandler: sendOpenaiError,
    },
    async (request, reply) => {
      const { body } = request;
      const mode = modeOf(body);
      const payload = payloadOf(mode, body);
      const { run } = await submitAgentRun(deps, {
        request,
        reply,
        mode,
        modeName: body.model,
        payload,
        payloadPath: "metadata",
        scopes: [payload],
        waits: true,
      });
      if (body.stream === true) {
        const includeUsage = body.stream_options?.include_usage === true;
        return streamAnswer(deps, { run, card: catalogEntry(mode), request, reply, includeUsage });
      }
      return completeChat(deps, { run, request, reply });
    },
  );
}

interface Exchange {
  readonly run: Run;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/** Waits for the end: clients of this API expect one answer, and wait for minutes. */
async function completeChat(
  deps: ReadDeps,
  { run, request, reply }: Exchange,
): Promise<FastifyReply> {
  const caller = callerOf(request);
  const source = readRun(deps, { run, caller, reply, maxMs: deps.policy.STREAM_MAX_MS });
  const endings: EndingEvent[] = [];
  await source((event) => {
    if (isEnding(event)) endings.push(event);
    return true;
  });
  const [ending] = endings;
  if (ending?.type === "completed") return reply.send(toChatCompletion(run, ending.data));
  if (ending !== undefined) throw toRunError(ending, run.id);
  throw new AppError("draining", runContinuesDetail(run.id), { members: { run_id: run.id } });
}

/** OpenAI's clients read an object. Everything else of the problem stays beside it. */
function sendOpenaiError(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const { code, detail, issues } = toProblem(toAppError(error), request.id);
  const param = issues?.[0]?.path ?? null;
  const shown = { message: detail, type: code, param, code };
  return sendProblem(error, request, reply, { error: shown });
}
