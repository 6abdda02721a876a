/** `POST /v1/runs`: responds with 202, waits with `Prefer: wait`, or streams the run. */
import { catalogEntry } from "@cmo/agents/catalog";
import { isTerminal, runSchema, submitRunSchema } from "@cmo/shared/contract";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { z } from "zod";
import type { App } from "../../http/app-instance.ts";
import { parsePrefer, prefersEventStream } from "../../http/preferences.ts";
import { POLL_SECONDS } from "../../policy.ts";
import type { ReadDeps } from "../../sse/read-run.ts";
import { takeStream } from "../../sse/take-stream.ts";
import { checkPayload } from "../request/agent-payload.ts";
import { resolveMode } from "../request/resolve-mode.ts";
import { findScope } from "../request/run-scope.ts";
import {
  readIdempotencyKey,
  requireLive,
  type SubmitDeps,
  submitRun,
} from "../request/submit-run.ts";
import {
  describeAnswer,
  noQuery,
  problemResponses,
  RUN_EVENTS,
  sentHeaders,
} from "../response/openapi.ts";
import { streamEvents } from "./stream-events.ts";
import { waitForEnd } from "./wait-for-end.ts";

export function registerSubmit(app: App, deps: SubmitDeps & ReadDeps): void {
  app.post(
    "/v1/runs",
    {
      schema: {
        tags: ["Runs"],
        operationId: "submitRun",
        summary: "Submit a run",
        sentHeaders: sentHeaders("Idempotency-Key", "X-Workspace-Id", "Prefer", "Accept"),
        description:
          "Returns 202 when the run has been accepted. `Prefer: wait=20` waits up to 20 seconds for the end, and `Accept: text/event-stream` streams the events. Send an `Idempotency-Key` to retry safely.",
        querystring: noQuery,
        body: submitRunSchema,
        response: {
          200: describeAnswer("The run after its end, or its events.", {
            "application/json": runSchema,
            ...RUN_EVENTS,
          }),
          202: runSchema,
          ...problemResponses,
        },
      },
    },
    async (request, reply) => {
      await submit(deps, { request, reply, body: request.body });
      return reply;
    },
  );
}

interface Submission {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly body: z.infer<typeof submitRunSchema>;
}

async function submit(
  deps: SubmitDeps & ReadDeps,
  { request, reply, body }: Submission,
): Promise<FastifyReply> {
  const mode = resolveMode(body.mode);
  checkPayload(catalogEntry(mode), body.payload, "payload");
  const scope = findScope(request, [body]);
  const { accept, prefer } = request.headers;
  const wantsStream = prefersEventStream(accept);
  const { waitMs, respondAsync } = parsePrefer(prefer, deps.policy.MAX_WAIT_MS);
  if (wantsStream || waitMs) requireLive(deps);
  if (wantsStream) {
    const idempotencyKey = readIdempotencyKey(request);
    await takeStream(deps, { request, reply, workspaceId: scope.workspaceId, idempotencyKey });
  }

  // The result of `setup` is merged into the brand, so saving it must be requested explicitly.
  const save = body.save ?? mode !== "setup";
  const wanted = { ...scope, mode, input: body.payload, save, onRateLimit: "wait" } as const;
  const run = await submitRun(deps, { request, reply }, wanted);
  reply.header("location", `/v1/runs/${run.id}`).header("vary", "Origin, Accept, Prefer");
  if (wantsStream) return streamEvents(deps, { run, after: null, request, reply });

  if (waitMs !== null) reply.header("preference-applied", `wait=${waitMs / 1000}`);
  else if (respondAsync) reply.header("preference-applied", "respond-async");
  const latest = await waitForEnd(deps, { run, waitMs: waitMs ?? 0, request, reply });
  if (waitMs !== null && isTerminal(latest)) return reply.code(200).send(latest);
  return reply.code(202).header("retry-after", POLL_SECONDS).send(latest);
}
