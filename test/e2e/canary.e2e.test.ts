import { dirname, join } from "node:path";
import { expect, inject, test } from "vitest";
import { huntCanary } from "../security/hunt-canary.ts";

test("of another tenant's data nothing is in a prompt, an event, a row or a log line of one's own", async () => {
  const { apiUrls, processFile, ...stack } = inject("stack");
  const target = {
    ...stack,
    apiUrl: apiUrls[0] ?? "",
    logsDir: join(dirname(processFile), "logs"),
  };
  const report = await huntCanary(target, { runs: 6, wave: 6, onProgress: () => {} });
  expect(report).toMatchObject({ runs: 6, completed: 6, refused: report.named, sightings: [] });
  expect(report.ownMarks).toBe(report.prompts + report.othersPrompts);
});
