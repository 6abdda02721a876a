/** The request schemas of the native routes, and the schema of problems. */
import { z } from "zod";
import { errorCodeSchema } from "./error-code.ts";
import { RUN_STATUSES, runSummarySchema } from "./run.ts";

/** The body of `POST /v1/runs`. `mode` is a string because `toMode` resolves aliases. */
export const submitRunSchema = z
  .strictObject({
    mode: z
      .string()
      .describe("A mode, the name of an agent, or the name under which its function was deployed."),
    workspace_id: z
      .string()
      .optional()
      .describe("Defaults to the caller's only workspace or default workspace."),
    tenant_id: z
      .string()
      .optional()
      .describe("Optional. Must match the workspace; the workspace determines the tenant."),
    payload: z.record(z.string(), z.unknown()).default({}),
    save: z
      .boolean()
      .optional()
      .describe("Whether to save the artifacts. Defaults to true, except for `setup`."),
  })
  .meta({ id: "SubmitRun" });

export const listRunsQuerySchema = z.strictObject({
  workspace_id: z.guid().optional(),
  status: z.enum(RUN_STATUSES).optional(),
  mode: z.string().optional(),
  limit: z.coerce.number().int().min(1).max(100).default(20),
  before: z.string().optional().describe("The `next` of the previous page."),
});

export const runPageSchema = z
  .object({ runs: z.array(runSummarySchema), next: z.string().nullable() })
  .meta({ id: "RunPage" });

/** Every error of the API (RFC 9457), with the `error` member that existing clients read. */
export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: errorCodeSchema,
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
