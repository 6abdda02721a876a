/** A run's row as a test decides it, told to readers in place of a database. */
import { randomUUID } from "node:crypto";
import type { Run } from "@cmo/shared/contract";
import { newRunId } from "@cmo/shared/runtime";

export function newModelRun(changes: Partial<Run> = {}): Run {
  const at = new Date(0).toISOString();
  return {
    id: newRunId(),
    tenant_id: randomUUID(),
    workspace_id: randomUUID(),
    created_by: null,
    agent: "cmo-plan-90day",
    agent_version: 1,
    mode: "strategy",
    status: "running",
    phase: "active",
    attempt: 1,
    input: {},
    output: null,
    output_text: null,
    text_length: 0,
    truncated: false,
    usage: null,
    cost: { micros: 0, currency: "USD", estimated: false },
    model: null,
    artifacts: [],
    warnings: [],
    save_artifacts: false,
    on_rate_limit: "wait",
    retry_of: null,
    pipeline_id: null,
    pipeline_step: null,
    error_code: null,
    error_message: null,
    cancel_requested_at: null,
    queued_ms: 0,
    duration_ms: null,
    created_at: at,
    started_at: at,
    completed_at: null,
    ...changes,
  };
}

export function ended(run: Run, text: string): Run {
  const done = { status: "completed", phase: "done", output: {}, duration_ms: 1 } as const;
  return { ...run, ...done, output_text: text, text_length: text.length };
}
