import { defineConfig } from "vitest/config";
import { TierReporter } from "./test/tier-reporter.ts";

/**
 * Four tiers. Unit tests touch nothing outside their process; integration tests use a real
 * Postgres, Supabase API and Redis; end-to-end tests use whole stacks of real processes.
 * Attacks do the same with ill will, and are asked for by name: some of them wait for time limits.
 *
 * Unit and integration files share a process, so that it loads the code once and not once a file:
 * a test that changes something global has to put it back.
 */
export default defineConfig({
  test: {
    reporters: ["default", new TierReporter()],
    projects: [
      {
        test: {
          name: "unit",
          setupFiles: "test/properties/property-seed.ts",
          include: [
            "{apps,bench,packages,dev}/**/{src,test}/**/*.test.ts",
            "test/{unit,fairness,faults}/**/*.test.ts",
          ],
          isolate: false,
          maxWorkers: 2,
          testTimeout: 30_000,
        },
      },
      {
        test: {
          name: "integration",
          setupFiles: "test/properties/property-seed.ts",
          include: ["test/integration/**/*.int.test.ts", "supabase/tests/**/*.test.ts"],
          globalSetup: "test/global-setup.ts",
          isolate: false,
          // Most of them wait for Postgres, Redis or a time limit.
          maxWorkers: 2,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: "e2e",
          setupFiles: "test/properties/property-seed.ts",
          include: ["test/e2e/**/*.e2e.test.ts"],
          globalSetup: "test/e2e/global-setup.ts",
          // One file at a time: some of them kill the processes that all of them use.
          maxWorkers: 1,
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: "security",
          setupFiles: "test/properties/property-seed.ts",
          include: ["test/security/**/*.sec.test.ts"],
          globalSetup: "test/security/global-setup.ts",
          // More files at once would only make the limits that some of them wait for less certain.
          maxWorkers: 2,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
