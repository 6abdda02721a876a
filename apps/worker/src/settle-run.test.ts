import type { AgentOutcome } from "@cmo/agents";
import { describe, expect, test } from "vitest";
import { decide } from "./settle-run.ts";

const soFar = { text: "Hello", textLength: 5, usage: null, model: "m" };
const run = { id: "run", attempt: 1, agent: "cmo-plan-90day" };
const completed: AgentOutcome = {
  kind: "completed",
  ...soFar,
  truncated: false,
  output: { plan_name: "P" },
  artifacts: [],
  findings: [],
};
const aborted: AgentOutcome = { kind: "aborted", ...soFar };
const failed = (release: "failed" | "rate_limited" | null, retryAfterMs: number | null = null) =>
  ({
    kind: "failed",
    ...soFar,
    code: "gateway_error",
    message: "Try again.",
    detail: "502 from upstream",
    truncated: false,
    release,
    retryAfterMs,
  }) satisfies AgentOutcome;

const settle = (outcome: AgentOutcome, attempt = 1) => ({
  outcome,
  run: { ...run, attempt },
  agentVersion: 3,
});

describe("what becomes of a run after its agent", () => {
  test.each([completed, aborted, failed(null), failed("failed")])(
    "a run that was lost or superseded is not written to, whatever came of it ($kind)",
    (outcome) => {
      for (const reason of ["lost", "superseded"] as const) {
        expect(decide(settle(outcome), reason, 0)).toEqual({ kind: "discard" });
      }
    },
  );

  test("a finished answer is offered as completed even during a drain or a cancel: SQL decides", () => {
    for (const reason of [null, "drain", "cancelled"] as const) {
      expect(decide(settle(completed), reason, 0)).toMatchObject({
        kind: "finalize",
        result: { status: "completed", output: { plan_name: "P" }, agent_version: 3 },
      });
    }
  });

  test("a cancelled run ends with the text it has", () => {
    expect(decide(settle(aborted), "cancelled", 0)).toMatchObject({
      kind: "finalize",
      result: { status: "cancelled", output_text: "Hello", text_length: 5 },
    });
  });

  test("a drain gives the run back at once, for another worker", () => {
    expect(decide(settle(aborted), "drain", 0)).toMatchObject({
      kind: "release",
      release: { kind: "drain", delay_ms: 0, output_text: "Hello" },
    });
  });

  test("a failure that another attempt cannot mend ends the run, with its sentence", () => {
    expect(decide(settle(failed(null)), null, 0)).toMatchObject({
      kind: "finalize",
      result: { status: "failed", error_code: "gateway_error", error_message: "Try again." },
    });
  });

  test("a failure that it can mend waits for longer each time, and as long as the gateway asked", () => {
    const delays = [1, 2, 3].map((attempt) => {
      const decision = decide(settle(failed("failed"), attempt), null, 0);
      return decision.kind === "release" && decision.release.delay_ms;
    });
    expect(delays).toEqual([1000, 4000, 16_000]);
    expect(decide(settle(failed("rate_limited", 45_000)), null, 0)).toMatchObject({
      release: { kind: "rate_limited", delay_ms: 45_000 },
    });
  });
});
