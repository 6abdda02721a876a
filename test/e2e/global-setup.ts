/** The end-to-end tier: the API and the workers are processes, as in production. */
import type { TestProject } from "vitest/node";
import { provideStack } from "../provide-stack.ts";

export default function setup(project: TestProject): Promise<() => Promise<void>> {
  const environment = {
    // The beat is a quarter of the lease, which is halved for tests too.
    WORKER_HEARTBEAT_MS: "500",
    // Answers as fast as a machine reads; what has to be slow asks for it by a fault.
    DEMO_PIECES_PER_SECOND: "1000",
  };
  return provideStack(project, { api: 1, workers: 2, environment });
}
