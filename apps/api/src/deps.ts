/** Creates the dependencies of the API from its environment. The caller closes them. */
import {
  confirmUser,
  countWorkers,
  createAuthClient,
  createStreamLimits,
  createUserClient,
  createUserMetrics,
  createUserPipelines,
  createUserRuns,
  createUserUsage,
  createUserWorkspaces,
  gatherRunReads,
  pingDatabase,
  readGatewayState,
  type UserClient,
} from "@cmo/shared/db";
import { createRunQueue } from "@cmo/shared/queue";
import { createLog, type Logger, newSlots, systemClock } from "@cmo/shared/runtime";
import {
  createRunHub,
  createRunLog,
  createStreamSlots,
  createStreamTickets,
} from "@cmo/shared/stream";
import type { ApiDeps } from "./api-deps.ts";
import { createDrain } from "./drain.ts";
import type { ApiEnv } from "./env.ts";
import { createGatewayWatch } from "./gateway-watch.ts";
import { createAuthenticator } from "./http/authenticate.ts";
import { rememberConfirmations } from "./http/confirm-token.ts";
import { rememberVerifications } from "./http/remember-verifications.ts";
import { newTokenMemory } from "./http/token-memory.ts";
import { createTokenVerifier } from "./http/verify-token.ts";
import { REQUESTS_AT_ONCE, TOKEN_MEMORY_ENTRIES, USER_CLIENT_ENTRIES } from "./policy.ts";
import { presentPipelines } from "./routes/response/present-pipelines.ts";
import { presentRuns } from "./routes/response/present-runs.ts";
import { rememberStreamLimits } from "./sse/remember-limits.ts";

export interface Deps extends ApiDeps {
  close(): Promise<void>;
}

export function createDeps(env: ApiEnv, log: Logger = newLog(env)): Deps {
  const clock = systemClock;
  const supabase = { url: env.SUPABASE_URL, publishableKey: env.SUPABASE_PUBLISHABLE_KEY };
  const logUrl = env.REDIS_LOG_URL ?? env.REDIS_URL;
  const queue = createRunQueue({ url: env.REDIS_URL, prefix: env.QUEUE_PREFIX, log, clock });
  const runLog = createRunLog({ url: logUrl, log });
  const hub = createRunHub({ url: logUrl, log, clock });
  const slots = createStreamSlots({ url: logUrl, log, maxStreams: env.MAX_STREAMS });

  const tickets = createStreamTickets({ url: logUrl, log });

  const clientOf = rememberUserClients(env);
  const gateway = createGatewayWatch(clock, (signal) => readGatewayState({ ...supabase, signal }));
  const gathered = gatherRunReads(clock);

  return {
    log,
    clock,
    policy: env,
    drain: createDrain(),
    queue,
    runLog,
    hub,
    slots,
    tickets,
    gateway,
    authenticate: newAuthenticator(env),
    runsOf: (user) => presentRuns(createUserRuns(clientOf(user), { gathered, user })),
    pipelinesOf: (accessToken) => presentPipelines(createUserPipelines(clientOf(accessToken))),
    workspacesOf: (accessToken) => createUserWorkspaces(clientOf(accessToken)),
    metricsOf: (accessToken) => createUserMetrics(clientOf(accessToken)),
    streamLimitsOf: rememberStreamLimits(clock, (token) => createStreamLimits(clientOf(token))),
    usageOf: (accessToken) => createUserUsage(clientOf(accessToken)),
    isDatabaseUp: (signal) => pingDatabase({ ...supabase, signal }),
    countWorkers: (signal) => countWorkers({ ...supabase, signal }),
    corsOrigins: env.CORS_ORIGINS,
    trustProxy: env.TRUST_PROXY,
    functionsUpstreamUrl: env.FUNCTIONS_UPSTREAM_URL,
    async close() {
      gateway.close();
      await Promise.all([
        queue.close(),
        runLog.close(),
        hub.close(),
        slots.close(),
        tickets.close(),
      ]);
    },
  };
}

function newLog(env: ApiEnv): Logger {
  return createLog({ level: env.LOG_LEVEL, app: "api" });
}

/** One client for the requests of a token, because creating it takes longer than most queries. */
function rememberUserClients(env: ApiEnv): (accessToken: string) => UserClient {
  const known = newTokenMemory<UserClient>(systemClock, USER_CLIENT_ENTRIES);
  const slots = newSlots(REQUESTS_AT_ONCE);
  const supabase = { url: env.SUPABASE_URL, publishableKey: env.SUPABASE_PUBLISHABLE_KEY, slots };
  return (accessToken) => {
    const remembered = known.get(accessToken);
    if (remembered) return remembered;
    const client = createUserClient({ ...supabase, accessToken });
    known.set(accessToken, client, systemClock.now() + env.TOKEN_MEMORY_MS);
    return client;
  };
}

function newAuthenticator(env: ApiEnv) {
  const clock = systemClock;
  const auth = createAuthClient({
    url: env.SUPABASE_URL,
    publishableKey: env.SUPABASE_PUBLISHABLE_KEY,
  });
  const memory = { clock, rememberMs: env.TOKEN_MEMORY_MS, capacity: TOKEN_MEMORY_ENTRIES };
  const verify = rememberVerifications({
    ...memory,
    verify: createTokenVerifier({
      supabaseUrl: env.SUPABASE_URL,
      jwtSecret: env.SUPABASE_JWT_SECRET,
      issuer: env.SUPABASE_JWT_ISSUER,
      clock,
    }),
  });
  const confirm = rememberConfirmations({
    ...memory,
    ask: (token) => confirmUser(auth, token),
  });
  return createAuthenticator(verify, confirm);
}
