/** What goes over HTTP besides runs and events: requests of the native routes, and problems. */
import { z } from "zod";
import { RUN_STATUSES, runSummarySchema } from "./run.ts";

/** The body of `POST /v1/runs`. `mode` stays a string here: aliases are resolved by `toMode`. */
export const submitRunSchema = z
  .strictObject({
    mode: z.string().describe("One of the modes, an agent's name, or a deployed alias."),
    workspace_id: z.string().optional().describe("Defaults to the caller's only or default one."),
    tenant_id: z.string().optional().describe("A claim that is checked, never trusted."),
    payload: z.record(z.string(), z.unknown()).default({}),
    save: z.boolean().optional().describe("Save the artifacts; true by default, but for setup."),
  })
  .meta({ id: "SubmitRun" });

export const listRunsQuerySchema = z.strictObject({
  workspace_id: z.guid().optional(),
  status: z.enum(RUN_STATUSES).optional(),
  mode: z.string().optional(),
  limit: z.coerce.number().int().min(1).max(100).default(20),
  before: z.string().optional().describe("`next` of the page before."),
});

export const runPageSchema = z
  .object({ runs: z.array(runSummarySchema), next: z.string().nullable() })
  .meta({ id: "RunPage" });

/** Every error that leaves the API (RFC 9457), with the `error` sentence the first clients read. */
export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.string(),
    error: z.string(),
    request_id: z.string(),
    retryable: z.boolean(),
    retry_after: z.int().optional().describe("Seconds."),
    run_id: z.string().optional(),
    issues: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  })
  .loose()
  .meta({ id: "Problem" });

export type Problem = z.infer<typeof problemSchema>;
