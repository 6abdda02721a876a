/** What runs have cost: the report of usage, and what a run of a mode typically costs. */
import { z } from "zod";
import { costSchema } from "./run.ts";

const day = z.iso.date();
const count = z.int().nonnegative();

export const USAGE_GROUPS = ["tenant", "workspace", "user", "mode", "model", "day"] as const;

export const usageQuerySchema = z.strictObject({
  group_by: z.enum(USAGE_GROUPS),
  from: day.optional().describe("The first day. Defaults to 29 days before `to`."),
  to: day.optional().describe("The last day, which is included. Defaults to today."),
  workspace_id: z.guid().optional().describe("Defaults to every workspace that you may read."),
  time_zone: z
    .string()
    .optional()
    .describe(
      "Where days begin, such as `Europe/Berlin`. Defaults to the time zone of the workspace, or to UTC for several.",
    ),
});

const figuresSchema = z.object({
  runs: count,
  attempts: count.describe("Executions of the runs. Each of them is paid for."),
  calls: count.describe("Requests to the AI gateway, also those that it refused."),
  prompt_tokens: count,
  cached_tokens: count.describe("Of the prompt tokens, those that were read from a cache."),
  completion_tokens: count.describe("With the thoughts of the model."),
  cost_micros: count.describe("Millionths of the currency's unit."),
  estimated_micros: count.describe("The part of `cost_micros` that is an estimate."),
  unpriced_calls: count.describe("Calls of models without a price. They count as 0."),
});

export const usageReportSchema = z
  .object({
    group_by: z.enum(USAGE_GROUPS),
    from: day,
    to: day,
    time_zone: z.string(),
    currency: z.string(),
    rows: z
      .array(
        figuresSchema.extend({
          key: z.string().describe("An id, a mode, a model in lower case, or a day. May be empty."),
          name: z.string().nullable().describe("Of a tenant or a workspace."),
        }),
      )
      .describe("Days by time, everything else by cost, the highest first."),
    totals: figuresSchema,
    truncated: z
      .boolean()
      .describe("Whether there are more than the 1 000 rows. `totals` has all."),
  })
  .meta({ id: "UsageReport", description: "What attempts that began in these days have used." });

export type UsageQuery = z.infer<typeof usageQuerySchema>;
export type UsageReport = z.infer<typeof usageReportSchema>;

export const typicalCostSchema = z
  .object({
    runs: count.describe("How many runs it is taken from."),
    median: costSchema,
    p90: costSchema,
  })
  .meta({
    id: "TypicalCost",
    description: "Of completed runs of the last 30 days in your workspaces.",
  });

export type TypicalCost = z.infer<typeof typicalCostSchema>;
