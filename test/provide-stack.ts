/** One stack for a whole tier of tests: temporary, on free ports, with short waits. */
import { type Stack, startStack, WITHOUT_LANES, WITHOUT_LIMITS } from "@cmo/dev";
import type { TestProject } from "vitest/node";
import type { TestStack } from "./provided.ts";

/** Half of the real ones: shorter, a busy machine would lose workers that are well. */
const SHORT_WAITS = { lease: "2 seconds", sweep_every: "450 milliseconds" };

export interface TierApps {
  readonly api: number;
  readonly workers: number;
  readonly environment?: Readonly<Record<string, string>>;
  /** Columns of `private.run_policy`; half of the real times if absent. */
  readonly runPolicy?: Readonly<Record<string, string>>;
}

/** Returns the teardown that vitest calls at the end. */
export async function provideStack(
  project: TestProject,
  apps: TierApps,
): Promise<() => Promise<void>> {
  const stack = await startStack({
    ports: "free",
    // Empty on purpose: a key in a developer's shell must not send tests to a real gateway.
    environment: {},
    apps,
    appEnvironment: { ...WITHOUT_LANES, ...apps.environment },
    runPolicy: apps.runPolicy ?? SHORT_WAITS,
    tenantLimits: WITHOUT_LIMITS,
    seed: true,
    // What a failed start has to say stands in its error; the rest would bury the tests' results.
    onLine: () => {},
  });
  project.provide("stack", toTestStack(stack));
  return () => stack.stop();
}

function toTestStack(stack: Stack): TestStack {
  const { jwtSecret, databaseUrl, gatewayUrl } = stack;
  if (jwtSecret === null || databaseUrl === null || gatewayUrl === null) {
    throw new Error(
      "Tests need a database and a gateway of their own: give their stack no environment.",
    );
  }
  return {
    supabaseUrl: stack.supabaseUrl,
    publishableKey: stack.publishableKey,
    secretKey: stack.secretKey,
    jwtSecret,
    databaseUrl,
    redisUrl: stack.redisUrl,
    gatewayUrl,
    apiUrls: stack.apiUrls,
    processFile: stack.processFile,
    environment: stack.environment,
  };
}
