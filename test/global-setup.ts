/** The integration tier: tests build the API and workers they need inside their own process. */
import type { TestProject } from "vitest/node";
import { provideStack } from "./provide-stack.ts";

export default function setup(project: TestProject): Promise<() => Promise<void>> {
  return provideStack(project, { api: 0, workers: 0 });
}
