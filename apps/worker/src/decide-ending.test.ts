import type { AgentOutcome } from "@cmo/agents";
import { describe, expect, test } from "vitest";
import { decide } from "./decide-ending.ts";

const soFar = {
  text: "Hello",
  textLength: 5,
  usage: null,
  calls: [],
  validationSteps: [],
  model: "m",
};
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

  test("what is still open becomes a warning, what was put right does not", () => {
    const open = {
      kind: "sum",
      path: "budget",
      message: "Does not add up.",
      fixed: false,
    } as const;
    const findings = [{ ...open, fixed: true }, ...Array.from({ length: 80 }, () => open)];
    const decision = decide(settle({ ...completed, findings }), null, 0);
    const warnings = decision.kind === "finalize" ? decision.result.warnings : [];
    expect(warnings).toHaveLength(50);
    expect(warnings?.[0]).toEqual({ kind: "sum", path: "budget", message: "Does not add up." });
  });

  test("what each call used and each rung said is reported with every ending and release", () => {
    const calls = [{ call: 1, purpose: "answer", model: "m", usage: null }] as const;
    const rungs = [{ answer: 1, rung: "parse", passed: true }] as const;
    for (const outcome of [completed, aborted, failed(null), failed("failed")]) {
      const decision = decide(settle({ ...outcome, calls, validationSteps: rungs }), null, 0);
      const told = decision.kind === "finalize" ? decision.result : decision;
      expect("release" in told ? told.release : told).toMatchObject({ calls, rungs });
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
