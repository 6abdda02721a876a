/** The security tier: the running system, with the times shortened that attacks would wait for. */
import type { TestProject } from "vitest/node";
import { provideStack } from "../provide-stack.ts";
import { OUR_ORIGIN } from "./support/our-origin.ts";

export default function setup(project: TestProject): Promise<() => Promise<void>> {
  const environment = {
    DEMO_PIECES_PER_SECOND: "1000",
    CORS_ORIGINS: OUR_ORIGIN,
    TOKEN_MEMORY_MS: "500",
    SSE_REAUTHORIZE_MS: "1000",
    HEADERS_TIMEOUT_MS: "1500",
    REQUEST_TIMEOUT_MS: "2500",
  };
  // Nothing is killed here: the real lease, so that a machine under attack loses no worker.
  return provideStack(project, { api: 1, workers: 2, environment, runPolicy: {} });
}
