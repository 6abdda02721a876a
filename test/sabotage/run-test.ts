/** Runs one named test in a copy of the repository and returns its outcome. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { NamedTest } from "./sabotage.ts";

/**
 * `missing`: no test of that name ran, so nothing is proved. This is also the outcome when the sabotage
 * keeps the file from being loaded: a syntax error stops every test and is not a failing assertion.
 */
export type Ending = "passed" | "failed" | "missing";

const reportSchema = z.object({
  testResults: z.array(
    z.object({
      assertionResults: z.array(z.object({ fullName: z.string(), status: z.string() })),
    }),
  ),
});

export async function runTest(path: string, test: NamedTest): Promise<Ending> {
  const report = join(path, "sabotage-report.json");
  rmSync(report, { force: true });
  const pattern = test.name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const child = spawn(
    process.execPath,
    [
      join(path, "node_modules/vitest/vitest.mjs"),
      ...["run", "--project", test.project, test.file, "-t", pattern],
      ...["--reporter=json", `--outputFile=${report}`],
    ],
    { cwd: path, stdio: "ignore" },
  );
  await once(child, "exit");
  return readEnding(report, test);
}

function readEnding(path: string, { name }: NamedTest): Ending {
  const { testResults } = reportSchema.parse(JSON.parse(readFileSync(path, "utf8")));
  const named = testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ fullName }) => fullName.includes(name));
  if (named.some(({ status }) => status === "failed")) return "failed";
  return named.some(({ status }) => status === "passed") ? "passed" : "missing";
}
