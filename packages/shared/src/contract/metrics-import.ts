/** The import of metrics: a table of days, as JSON or as CSV. */
import { z } from "zod";

/** A number may come as text, as spreadsheets and CSV files have it. The database checks the values. */
const cell = z.union([z.string(), z.number()]);

const metricsLineSchema = z.record(z.string(), cell);
export type MetricsLine = z.infer<typeof metricsLineSchema>;

export const metricsImportSchema = z
  .strictObject({
    workspace_id: z
      .guid()
      .optional()
      .describe("Defaults to the caller's only workspace or default workspace."),
    dry_run: z.boolean().default(false).describe("Checks the lines and writes nothing."),
    lines: z
      .array(metricsLineSchema)
      .describe(
        "`snapshot_date`, `campaign` or `campaign_id`, `channel` or `channel_id`, `metric_type` (daily, weekly or monthly), `impressions`, `clicks`, `conversions`, `cost`, `revenue`.",
      ),
  })
  .meta({
    id: "MetricsImport",
    examples: [
      {
        dry_run: true,
        lines: [
          {
            snapshot_date: "2026-11-01",
            metric_type: "daily",
            impressions: 1000,
            clicks: 40,
            cost: 12.5,
          },
        ],
      },
    ],
  });

export const metricsImportedSchema = z
  .object({
    dry_run: z.boolean(),
    lines: z.int(),
    imported: z.int().describe("0 in a dry run, and when a line was refused."),
    new: z.int(),
    replaced: z.int().describe("Days that were there before."),
    errors: z.array(z.object({ line: z.int(), path: z.string(), message: z.string() })),
  })
  .meta({ id: "MetricsImported" });

export type MetricsImported = z.infer<typeof metricsImportedSchema>;
