/** Composes the API: hooks and plugins that apply to every request, then the routes. */
import type { IncomingMessage } from "node:http";
import Fastify, { type FastifyBaseLogger, LogController } from "fastify";
import { validatorCompiler, type ZodTypeProvider } from "fastify-type-provider-zod";
import type { ApiDeps } from "./api-deps.ts";
import type { Drain } from "./drain.ts";
import type { App } from "./http/app-instance.ts";
import { requireCaller } from "./http/caller.ts";
import { createClientErrors } from "./http/client-errors.ts";
import { allowOrigin, registerCors } from "./http/cors.ts";
import { registerErrors, sendProblem } from "./http/errors.ts";
import { registerJsonBody } from "./http/json-body.ts";
import { registerNotFound } from "./http/not-found.ts";
import { newRequestId, registerRequestContext } from "./http/request-context.ts";
import { registerSecurityHeaders, setSecurityHeaders } from "./http/security-headers.ts";
import { closeUnusedConnections } from "./http/unused-connections.ts";
import { registerDocs, registerOpenapi } from "./openapi/openapi.ts";
import { BODY_LIMIT_BYTES, TIMEOUT_CHECK_MS } from "./policy.ts";
import { registerAgents } from "./routes/agents/agents.ts";
import { registerChat } from "./routes/chat/chat.ts";
import { registerFunctions } from "./routes/functions/functions.ts";
import { registerKernel } from "./routes/functions/kernel.ts";
import { registerOtherFunctions } from "./routes/functions/other-functions.ts";
import { registerHealth } from "./routes/health/health.ts";
import { registerMetrics } from "./routes/metrics/metrics.ts";
import { registerOpenai } from "./routes/openai/openai.ts";
import { registerPipelineEvents } from "./routes/pipelines/pipeline-events.ts";
import { registerPipelines } from "./routes/pipelines/pipelines.ts";
import { registerRunActions } from "./routes/runs/run-actions.ts";
import { registerRunEvents } from "./routes/runs/run-events.ts";
import { registerRunTicket } from "./routes/runs/run-ticket.ts";
import { registerRuns } from "./routes/runs/runs.ts";
import { registerSubmit } from "./routes/runs/submit.ts";
import { registerUsage } from "./routes/usage/usage.ts";
import { registerWorkspaces } from "./routes/workspaces/workspaces.ts";

export async function buildApp(deps: ApiDeps): Promise<App> {
  const app = newApp(deps);

  registerRequestContext(app);
  registerSecurityHeaders(app);
  registerCors(app, deps.corsOrigins);
  registerErrors(app);
  registerNotFound(app);
  registerJsonBody(app);
  registerOpenapi(app);
  registerDrain(app, deps.drain);
  closeUnusedConnections(app);

  await app.register((open: App, _options, done) => {
    registerHealth(open, deps);
    registerDocs(open);
    registerOtherFunctions(open, deps);
    done();
  });
  await app.register((scope: App, _options, done) => {
    requireCaller(scope, deps);
    registerFunctions(scope, deps);
    registerKernel(scope, deps);
    registerOpenai(scope, deps);
    registerChat(scope, deps);
    registerSubmit(scope, deps);
    registerRuns(scope, deps);
    registerRunEvents(scope, deps);
    registerRunActions(scope, deps);
    registerRunTicket(scope, deps);
    registerPipelines(scope, deps);
    registerPipelineEvents(scope, deps);
    registerAgents(scope);
    registerWorkspaces(scope);
    registerMetrics(scope);
    registerUsage(scope);
    done();
  });
  return app;
}

/** Open connections delay the close: streams are ended first, and connections are not kept alive. */
function registerDrain(app: App, drain: Drain): void {
  // guards G8, G23: drain
  app.addHook("preClose", async () => drain.begin());
  app.addHook("onSend", async (_request, reply) => {
    if (drain.begun) reply.header("connection", "close");
  });
}

function newApp({ log, trustProxy, policy, corsOrigins }: ApiDeps): App {
  const clientErrors = createClientErrors();
  const loggerInstance: FastifyBaseLogger = log;
  const app = Fastify({
    loggerInstance,
    logController: new LogController({
      disableRequestLogging: true,
      requestIdLogLabel: "requestId",
    }),
    genReqId: (request: IncomingMessage) => newRequestId(request),
    bodyLimit: BODY_LIMIT_BYTES,
    requestTimeout: policy.REQUEST_TIMEOUT_MS,
    http: {
      headersTimeout: policy.HEADERS_TIMEOUT_MS,
      // The default interval of 30 s would delay the enforcement of both timeouts.
      connectionsCheckingInterval: TIMEOUT_CHECK_MS,
    },
    trustProxy,
    clientErrorHandler: clientErrors.answer,
    // Framework errors occur before the hooks run, so the headers that hooks add are added here.
    frameworkErrors(error, request, reply) {
      setSecurityHeaders(request.raw, reply.raw);
      reply.header("x-request-id", request.id);
      allowOrigin(request, reply, corsOrigins);
      sendProblem(error, request, reply);
    },
  }).withTypeProvider<ZodTypeProvider>();
  clientErrors.watch(app);
  app.setValidatorCompiler(validatorCompiler);
  // Response schemas only document: data is validated where it is read.
  app.setSerializerCompiler(() => (data) => JSON.stringify(data));
  return app;
}
