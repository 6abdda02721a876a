import { expect, test } from "vitest";
import { toStepPayloads } from "./step-payloads.ts";

const STAGE = "0b8d7c1e-3f52-4a51-9a3a-6a1c1d2e3f03";

test.each([
  ["of its own", { campaigns: { stageId: STAGE } }, "payload.campaigns.stageId"],
  ["shared", { stageId: STAGE }, "payload.stageId"],
])("an existing stage, %s, is refused when the pipeline creates a funnel", (_, payload, path) => {
  expect(() => toStepPayloads(["funnels", "campaigns"], payload)).toThrow(
    expect.objectContaining({
      code: "invalid_request",
      issues: [
        {
          path,
          message: expect.stringContaining("the step `funnels`, which creates a new funnel"),
        },
      ],
    }),
  );
});

test("a stage is accepted when the pipeline creates no funnel", () => {
  const payload = { campaigns: { stageId: STAGE } };

  expect(toStepPayloads(["strategy", "campaigns"], payload)).toEqual({
    strategy: {},
    campaigns: { stageId: STAGE },
  });
});
