import type { AgentOutcome } from "@cmo/agents";
import { describe, expect, test } from "vitest";
import { decideEnding } from "./decide-ending.ts";

const soFar = {
  text: "Hello",
  textLength: 5,
  usage: null,
  calls: [],
  validationSteps: [],
  model: "m",
};
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

const finished = (outcome: AgentOutcome, attempt = 1) => ({
  outcome,
  live: { attempt },
  agentVersion: 3,
});

describe("how an attempt ends", () => {
  test.each([completed, aborted, failed(null), failed("failed")])(
    "a lost or superseded run is not written to, whatever the outcome ($kind)",
    (outcome) => {
      for (const reason of ["lost", "superseded"] as const) {
        expect(decideEnding(finished(outcome), reason, 0)).toEqual({ kind: "discard" });
      }
    },
  );

  test("a finished answer is sent as completed even during a drain or a cancel", () => {
    for (const reason of [null, "drain", "cancelled"] as const) {
      expect(decideEnding(finished(completed), reason, 0)).toMatchObject({
        kind: "finalize",
        result: { status: "completed", output: { plan_name: "P" }, agent_version: 3 },
      });
    }
  });

  test("a finding that is open becomes a warning, and one that was repaired does not", () => {
    const open = {
      kind: "sum",
      path: "budget",
      message: "Does not add up.",
      fixed: false,
    } as const;
    const findings = [{ ...open, fixed: true }, ...Array.from({ length: 80 }, () => open)];
    const ending = decideEnding(finished({ ...completed, findings }), null, 0);
    const warnings = ending.kind === "finalize" ? ending.result.warnings : [];
    expect(warnings).toHaveLength(50);
    expect(warnings?.[0]).toEqual({ kind: "sum", path: "budget", message: "Does not add up." });
  });

  test("each row is saved with the warnings about what it was made of", () => {
    const about = (path: string) =>
      ({ kind: "claim", path, message: "Doubted.", fixed: false }) as const;
    const row = (id: string, ...from: string[]) => ({ table: "t", id, values: {}, from });
    const outcome = {
      ...completed,
      artifacts: [row("whole", ""), row("first", "stages[1]"), row("tenth", "stages[10]")],
      findings: [about("stages[1]"), about("stages[1].name"), about("stages[10].name"), about("x")],
    };
    const ending = decideEnding(finished(outcome), null, 0);
    const saved = ending.kind === "finalize" ? (ending.result.artifacts ?? []) : [];
    const paths = saved.map(({ id, warnings }) => [id, ...warnings.map(({ path }) => path)]);
    expect(paths).toEqual([
      ["whole", "stages[1]", "stages[1].name", "stages[10].name", "x"],
      ["first", "stages[1]", "stages[1].name"],
      ["tenth", "stages[10].name"],
    ]);
    expect(saved[0]).not.toHaveProperty("from");
  });

  test("the calls and the validation steps are part of every ending and release", () => {
    const calls = [{ call: 1, purpose: "answer", model: "m", usage: null }] as const;
    const validationSteps = [{ answer: 1, step: "parse", passed: true }] as const;
    for (const outcome of [completed, aborted, failed(null), failed("failed")]) {
      const ending = decideEnding(finished({ ...outcome, calls, validationSteps }), null, 0);
      const reported = ending.kind === "finalize" ? ending.result : ending;
      expect("release" in reported ? reported.release : reported).toMatchObject({
        calls,
        validation_steps: validationSteps,
      });
    }
  });

  test("a cancelled run is finalized with the text so far", () => {
    expect(decideEnding(finished(aborted), "cancelled", 0)).toMatchObject({
      kind: "finalize",
      result: { status: "cancelled", output_text: "Hello", text_length: 5 },
    });
  });

  test("a drain releases the run without a delay", () => {
    expect(decideEnding(finished(aborted), "drain", 0)).toMatchObject({
      kind: "release",
      release: { kind: "drain", delay_ms: 0, output_text: "Hello" },
    });
  });

  test("a failure that another attempt cannot cure finalizes the run with its message", () => {
    expect(decideEnding(finished(failed(null)), null, 0)).toMatchObject({
      kind: "finalize",
      result: { status: "failed", error_code: "gateway_error", error_message: "Try again." },
    });
  });

  test("a failure that it can cure delays the run longer each time, or as the gateway asked", () => {
    const delays = [1, 2, 3].map((attempt) => {
      const ending = decideEnding(finished(failed("failed"), attempt), null, 0);
      return ending.kind === "release" && ending.release.delay_ms;
    });
    expect(delays).toEqual([1000, 4000, 16_000]);
    expect(decideEnding(finished(failed("rate_limited", 45_000)), null, 0)).toMatchObject({
      release: { kind: "rate_limited", delay_ms: 45_000 },
    });
  });
});
