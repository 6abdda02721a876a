/**
 * The two addresses that the AI SDK's `useChat` asks with `DefaultChatTransport`: one submits a message and
 * streams its answer, the other continues to stream the last answer of a chat, if it is still being written.
 */
import { isTerminal } from "@cmo/shared/contract";
import { z } from "zod";
import type { App } from "../../http/app-instance.ts";
import { callerOf } from "../../http/caller.ts";
import type { ReadDeps } from "../../sse/read-run.ts";
import { takeStream } from "../../sse/take-stream.ts";
import { submitAgentRun } from "../functions/submit-agent-run.ts";
import { resolveMode } from "../request/resolve-mode.ts";
import type { SubmitDeps } from "../request/submit-run.ts";
import {
  CHUNKS,
  describeAnswer,
  noQuery,
  problemResponses,
  sentHeaders,
} from "../response/openapi.ts";
import { streamEvents } from "../runs/stream-events.ts";
import { chatSchema, payloadOf } from "./chat-request.ts";

const chatParams = z.strictObject({ id: z.string().min(1).max(200) });

export function registerChat(app: App, deps: SubmitDeps & ReadDeps): void {
  app.post(
    "/v1/chat",
    {
      schema: {
        tags: ["Chat"],
        operationId: "answerChat",
        summary: "Answer a message of a chat",
        sentHeaders: sentHeaders("Idempotency-Key", "X-Workspace-Id"),
        description:
          "The address of the AI SDK's `DefaultChatTransport`. The answer is a UI message stream of version 1; its message has the id of the run.",
        body: chatSchema,
        querystring: noQuery,
        response: {
          200: describeAnswer("The answer as a UI message stream.", CHUNKS),
          ...problemResponses,
        },
      },
    },
    async (request, reply) => {
      const { body } = request;
      const mode = resolveMode(body.mode);
      const payload = payloadOf(mode, body);
      const { run } = await submitAgentRun(deps, {
        ...{ request, reply, mode, payload },
        modeName: body.mode,
        payloadPath: "payload",
        scopes: [body, payload],
        waits: true,
        onRateLimit: "wait",
        chatId: body.id,
      });
      return streamEvents(deps, { run, after: null, format: "ui", request, reply });
    },
  );

  app.get(
    "/v1/chat/:id/stream",
    {
      // A HEAD request would open the stream and never end.
      exposeHeadRoute: false,
      schema: {
        tags: ["Chat"],
        operationId: "streamChat",
        summary: "Continue the answer of a chat",
        description:
          "Streams the last answer of the caller's chat from its beginning. Returns 204 when none is being written.",
        params: chatParams,
        querystring: noQuery,
        response: {
          200: describeAnswer("The answer as a UI message stream.", CHUNKS),
          204: z.null().describe("No answer is being written."),
          ...problemResponses,
        },
      },
    },
    async (request, reply) => {
      const { userId, runs } = callerOf(request);
      const run = await runs.findOfChat(userId, request.params.id);
      if (run === null || isTerminal(run)) return reply.code(204).send(null);
      await takeStream(deps, { request, reply, workspaceId: run.workspace_id });
      return streamEvents(deps, { run, after: null, format: "ui", request, reply });
    },
  );
}
