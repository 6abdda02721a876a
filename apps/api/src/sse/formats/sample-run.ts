/** A run for tests of the formats. */
import type { Run } from "@cmo/shared/contract";

export function sampleRun(): Run {
  return {
    id: "11111111-1111-4111-8111-111111111111",
    tenant_id: "22222222-2222-4222-8222-222222222222",
    workspace_id: "33333333-3333-4333-8333-333333333333",
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
    model: null,
    artifacts: [],
    warnings: [],
    save_artifacts: false,
    on_rate_limit: "fail",
    retry_of: null,
    pipeline_id: null,
    pipeline_step: null,
    error_code: null,
    error_message: null,
    cancel_requested_at: null,
    queued_ms: null,
    duration_ms: null,
    created_at: "2026-11-23T10:00:00+00:00",
    started_at: null,
    completed_at: null,
  };
}
