/** The end-to-end tier: the API and the workers are processes, as in production. */
import type { TestProject } from "vitest/node";
import { provideStack } from "../provide-stack.ts";

export default function setup(project: TestProject): Promise<() => Promise<void>> {
  // The beat is a quarter of the lease, which is halved for tests too.
  const environment = { WORKER_BEAT_MS: "500" };
  return provideStack(project, { api: 1, workers: 2, environment });
}
