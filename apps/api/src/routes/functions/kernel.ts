/**
 * One address for all modes, as deployed: it names the mode in the body, and answers with JSON
 * unless a stream or an acceptance is asked for.
 */
import { catalogEntry } from "@cmo/agents/catalog";
import { AGENT_OF_MODE, RUN_MODES, type RunMode, toMode } from "@cmo/shared/contract";
import { AppError } from "@cmo/shared/runtime";
import type { FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import type { App } from "../../http/app-instance.ts";
import { sendProblem } from "../../http/errors.ts";
import { parsePrefer, prefersEventStream } from "../../http/preferences.ts";
import { fitPayload } from "../request/agent-payload.ts";
import { findScope } from "../request/run-scope.ts";
import { requireLive, submitRun } from "../request/submit-run.ts";
import { describeAnswer, EVENT_STREAM, problemResponses } from "../response/openapi.ts";
import { forwardFunction } from "./forward-function.ts";
import { type FunctionDeps, withoutScope } from "./functions.ts";
import { answerKernel, kernelAnswerSchema } from "./kernel-answer.ts";
import { logIgnored } from "./log-ignored.ts";
import { streamAnswer } from "./stream-answer.ts";

export interface KernelDeps extends FunctionDeps {
  readonly functionsUpstreamUrl: string | undefined;
}

const bodySchema = z.looseObject({
  mode: z.string().describe("One of the modes, or the name under which its agent was deployed."),
  tenant_id: z.string().nullish().describe("A claim that is checked; it may be left out."),
  workspace_id: z.string().nullish().describe("Defaults to the caller's only or default one."),
  payload: z.record(z.string(), z.unknown()).nullish(),
});

export function registerKernel(app: App, deps: KernelDeps): void {
  app.post(
    "/functions/v1/cmo-kernel",
    {
      schema: {
        tags: ["Functions"],
        summary: "Kernel",
        description:
          "Runs the agent of a mode and answers `{success, mode, duration_ms, run_id, data, result}`.",
        body: bodySchema,
        response: {
          200: describeAnswer("What the run came to, or its stream.", {
            "application/json": kernelAnswerSchema,
            ...EVENT_STREAM,
          }),
          202: describeAnswer(
            "The run is stored and will end; with `respond-async` it is all here.",
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
      const mode = toMode(request.body.mode);
      if (mode) return runMode(deps, mode, { request, reply, body: request.body });
      if (deps.functionsUpstreamUrl) {
        const url = `${deps.functionsUpstreamUrl}/cmo-kernel`;
        return forwardFunction(url, { request, reply });
      }
      throw new AppError("unknown_mode", "There is no such mode. Use one of validModes.", {
        members: { validModes: VALID_MODES },
      });
    },
  );
}

/** The modes, and the names under which they were deployed. */
const VALID_MODES = [
  ...RUN_MODES,
  ...RUN_MODES.map((mode) => AGENT_OF_MODE[mode].replace(/^cmo-/, "")),
];

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
  const card = catalogEntry(mode);
  const payload = body.payload ?? {};
  const scope = findScope(request, [body, payload]);
  const { input, ignored } = fitPayload(card, withoutScope(payload), "payload");
  logIgnored(request, ignored);

  const { accept, prefer } = request.headers;
  const { respondAsync } = parsePrefer(prefer, 0);
  if (!respondAsync) requireLive(deps);
  const wanted = { ...scope, mode, input, save: false, onRateLimit: "fail" } as const;
  const run = await submitRun(deps, { request, reply }, wanted);
  reply.header("x-cmo-mode", body.mode).header("vary", "Origin, Accept, Prefer");
  if (respondAsync) {
    return reply
      .code(202)
      .header("location", `/v1/runs/${run.id}`)
      .header("preference-applied", "respond-async")
      .send({ ...run, success: true, run_id: run.id });
  }
  if (prefersEventStream(accept)) {
    return streamAnswer(deps, { run, card, request, reply });
  }
  return answerKernel(deps, { run, mode: body.mode, request, reply });
}
