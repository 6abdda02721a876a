/**
 * One route for all modes, compatible with the replaced kernel. The body names the mode. The
 * response is JSON unless the caller prefers a stream or `respond-async`.
 */
import { catalogEntry } from "@cmo/agents/catalog";
import { type RunMode, toMode } from "@cmo/shared/contract";
import type { FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import type { ApiDeps } from "../../api-deps.ts";
import type { App } from "../../http/app-instance.ts";
import { sendProblem } from "../../http/errors.ts";
import { parsePrefer, prefersEventStream } from "../../http/preferences.ts";
import { EXAMPLE_PAYLOADS } from "../../openapi/examples.ts";
import type { ReadDeps } from "../../sse/read-run.ts";
import { resolveMode } from "../request/resolve-mode.ts";
import type { SubmitDeps } from "../request/submit-run.ts";
import { CHUNKS, describeAnswer, problemResponses, sentHeaders } from "../response/openapi.ts";
import { forwardFunction } from "./forward-function.ts";
import { answerKernel, ignoredMembers, kernelAnswerSchema } from "./kernel-answer.ts";
import { streamAnswer } from "./stream-answer.ts";
import { submitAgentRun } from "./submit-agent-run.ts";

type KernelDeps = SubmitDeps & ReadDeps & Pick<ApiDeps, "functionsUpstreamUrl">;

const bodySchema = z
  .looseObject({
    mode: z.string().describe("A mode, or the name under which its function was deployed."),
    tenant_id: z
      .string()
      .nullish()
      .describe("Optional. Must match the workspace; the workspace determines the tenant."),
    workspace_id: z
      .string()
      .nullish()
      .describe("Defaults to the caller's only workspace or default workspace."),
    payload: z.record(z.string(), z.unknown()).nullish(),
  })
  .meta({ examples: [{ mode: "strategy", payload: EXAMPLE_PAYLOADS.strategy }] });

export function registerKernel(app: App, deps: KernelDeps): void {
  app.post(
    "/functions/v1/cmo-kernel",
    {
      schema: {
        tags: ["Functions"],
        operationId: "invokeKernel",
        summary: "Run the agent of a mode",
        sentHeaders: sentHeaders("Idempotency-Key", "X-Workspace-Id", "Prefer", "Accept"),
        description:
          "Responds with `{success, mode, duration_ms, run_id, data, result}` when the run has ended. `Accept: text/event-stream` streams the answer; `Prefer: respond-async` responds with 202 at once.",
        body: bodySchema,
        response: {
          200: describeAnswer("The result of the run, or its stream.", {
            "application/json": kernelAnswerSchema,
            ...CHUNKS,
          }),
          202: describeAnswer(
            "The run has been accepted. With `respond-async` the response contains the run.",
            {
              "application/json": kernelAnswerSchema,
            },
          ),
          ...problemResponses,
        },
      },
      errorHandler(error, request, reply) {
        sendProblem(error, request, reply, { success: false });
      },
    },
    async (request, reply) => {
      const { body } = request;
      if (deps.functionsUpstreamUrl && toMode(body.mode) === null) {
        return forwardFunction(`${deps.functionsUpstreamUrl}/cmo-kernel`, { request, reply });
      }
      return runMode(deps, resolveMode(body.mode), { request, reply, body });
    },
  );
}

interface KernelCall {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly body: z.infer<typeof bodySchema>;
}

async function runMode(
  deps: KernelDeps,
  mode: RunMode,
  { request, reply, body }: KernelCall,
): Promise<FastifyReply> {
  const payload = body.payload ?? {};
  const { accept, prefer } = request.headers;
  const { respondAsync } = parsePrefer(prefer, 0);
  const { run, ignored } = await submitAgentRun(deps, {
    request,
    reply,
    mode,
    modeName: body.mode,
    payload,
    payloadPath: "payload",
    scopes: [body, payload],
    waits: !respondAsync,
  });
  reply.header("vary", "Origin, Accept, Prefer");
  if (respondAsync) {
    return reply
      .code(202)
      .header("location", `/v1/runs/${run.id}`)
      .header("preference-applied", "respond-async")
      .send({ ...run, success: true, run_id: run.id, ...ignoredMembers(ignored) });
  }
  if (prefersEventStream(accept)) {
    return streamAnswer(deps, { run, card: catalogEntry(mode), request, reply });
  }
  return answerKernel(deps, { run, mode: body.mode, ignored, request, reply });
}
