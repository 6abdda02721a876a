/** The API in the test's own process, on a real port: what a browser would talk to. */
import { randomUUID } from "node:crypto";
import { buildApp } from "@cmo/api";
import { createDeps, type Deps } from "@cmo/api/deps";
import { apiEnvSchema } from "@cmo/api/env";
import { type Logger, parseEnv } from "@cmo/shared/runtime";
import { afterAll, inject } from "vitest";
import { eventually } from "./eventually.ts";
import { type HttpCall, openHttp } from "./http.ts";
import { silentLog } from "./streams.ts";

export interface TestApi {
  readonly url: string;
  readonly deps: Deps;
  /** Every queue of a test is its own: no other test's worker takes its jobs. */
  readonly queuePrefix: string;
  fetch(path: string, token: string | null, call?: HttpCall): Promise<Response>;
  close(): Promise<void>;
}

/** `environment` is given on top of the stack's. Closed when the test file is done. */
export async function startApi(
  environment: Readonly<Record<string, string>> = {},
  log: Logger = silentLog,
): Promise<TestApi> {
  const queuePrefix = `test-${randomUUID()}`;
  const env = parseEnv(apiEnvSchema, {
    ...inject("stack").environment,
    QUEUE_PREFIX: queuePrefix,
    PORT: "0",
    ...environment,
  });
  const deps = createDeps(env, log);
  const app = await buildApp(deps);
  const url = await app.listen({ host: env.HOST, port: env.PORT });
  let closing: Promise<void> | null = null;
  const close = () => {
    closing ??= app.close().then(() => deps.close());
    return closing;
  };
  afterAll(close);
  const isReady = () =>
    [deps.queue, deps.runLog, deps.hub, deps.slots].every((part) => part.isReady());
  // With a Redis that is away on purpose there is nothing to wait for.
  if (environment["REDIS_URL"] === undefined) await eventually(isReady, Boolean);

  return {
    url,
    deps,
    queuePrefix,
    close,
    fetch: (path, token, call) => openHttp(`${url}${path}`, { token, ...call }),
  };
}
