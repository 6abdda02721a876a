/** Imports metrics: a table as JSON lines or as a CSV file. */
import {
  type MetricsImported,
  metricsImportedSchema,
  metricsImportSchema,
} from "@cmo/shared/contract";
import type { FastifyRequest } from "fastify";
import { z } from "zod";
import type { App } from "../../http/app-instance.ts";
import { callerOf } from "../../http/caller.ts";
import { invalidRequest } from "../../http/errors.ts";
import { METRICS_BYTES } from "../../policy.ts";
import { findScope } from "../request/run-scope.ts";
import { problemResponses, sentHeaders } from "../response/openapi.ts";
import { type NumberedLine, readCsv } from "./read-csv.ts";

const querySchema = z.strictObject({
  workspace_id: z.guid().optional().describe("For a CSV file."),
  dry_run: z.stringbool().optional().describe("For a CSV file: checks it and writes nothing."),
});

/** The lines of a CSV file. A class, so that no JSON body can be taken for one. */
class CsvFile {
  readonly lines: readonly NumberedLine[];

  constructor(bytes: Buffer) {
    this.lines = readCsv(bytes);
  }
}

interface Table {
  readonly workspaceId: string | undefined;
  readonly lines: readonly NumberedLine[];
  readonly dryRun: boolean;
}

export function registerMetrics(app: App): void {
  app.register((scope: App, _options, done) => {
    scope.addContentTypeParser(
      "text/csv",
      { parseAs: "buffer" },
      async (_request: FastifyRequest, bytes: Buffer) => new CsvFile(bytes),
    );
    scope.post(
      "/v1/metrics/import",
      {
        bodyLimit: METRICS_BYTES,
        schema: {
          tags: ["Metrics"],
          operationId: "importMetrics",
          summary: "Import metrics",
          sentHeaders: sentHeaders("X-Workspace-Id"),
          description:
            "Takes JSON, or a CSV file as `text/csv` with `workspace_id` and `dry_run` in the query. The same days can be imported again and replace what was there. With one refused line nothing is written.",
          querystring: querySchema,
          consumes: ["application/json", "text/csv"],
          body: z.union([z.instanceof(CsvFile), metricsImportSchema]),
          response: { 200: metricsImportedSchema, ...problemResponses },
        },
      },
      async (request) => {
        const { lines, ...table } = toTable(request, request.body, request.query);
        const imported = await callerOf(request).metrics.import({
          ...table,
          lines: lines.map(({ line }) => line),
        });
        return tellLines(imported, lines);
      },
    );
    done();
  });
}

function toTable(
  request: FastifyRequest,
  body: CsvFile | z.infer<typeof metricsImportSchema>,
  query: z.infer<typeof querySchema>,
): Table {
  const { workspaceId } = findScope(request, [body instanceof CsvFile ? query : body]);
  if (body instanceof CsvFile) {
    return { workspaceId, lines: body.lines, dryRun: query.dry_run ?? false };
  }
  const lines = body.lines.map((line, index) => ({ number: index + 1, line }));
  return { workspaceId, lines, dryRun: body.dry_run };
}

/** The database counts lines; a person looks for them in a file. */
function tellLines(imported: MetricsImported, lines: readonly NumberedLine[]): MetricsImported {
  const errors = imported.errors.map((error) => ({
    ...error,
    line: lines[error.line - 1]?.number ?? error.line,
  }));
  if (errors.length > 0 && !imported.dry_run) {
    throw invalidRequest(
      errors.map(({ line, path, message }) => ({
        path: `line ${line}${path === "" ? "" : `, ${path}`}`,
        message,
      })),
    );
  }
  return { ...imported, errors };
}
