/** `GET /v1/usage`: what runs have used and cost, in groups; for clients, spreadsheets and terminals. */
import { usageQuerySchema, usageReportSchema } from "@cmo/shared/contract";
import { z } from "zod";
import type { App } from "../../http/app-instance.ts";
import { callerOf } from "../../http/caller.ts";
import { preferredType } from "../../http/preferences.ts";
import { describeAnswer, problemResponses } from "../response/openapi.ts";
import { toCsv } from "./usage-csv.ts";
import { toTable } from "./usage-table.ts";

export function registerUsage(app: App): void {
  app.get(
    "/v1/usage",
    {
      schema: {
        tags: ["Usage"],
        operationId: "reportUsage",
        summary: "Report usage and costs",
        description:
          "Adds up the attempts that began in these days, also of failed and cancelled runs. Send `Accept: text/csv` for a spreadsheet, and `Accept: text/plain` for a table to read.",
        querystring: usageQuerySchema,
        response: {
          200: describeAnswer("The report.", {
            "application/json": usageReportSchema,
            "text/csv": z.string(),
            "text/plain": z.string(),
          }),
          ...problemResponses,
        },
      },
    },
    async (request, reply) => {
      const report = await callerOf(request).usage.report(request.query);
      reply.header("cache-control", "private, no-store");
      const types = ["application/json", "text/csv", "text/plain"] as const;
      switch (preferredType(request.headers.accept, types)) {
        case "application/json":
          return report;
        case "text/csv":
          reply.header(
            "content-disposition",
            `attachment; filename="usage-${report.group_by}.csv"`,
          );
          return reply.type("text/csv; charset=utf-8; header=present").send(toCsv(report));
        case "text/plain":
          return reply.type("text/plain; charset=utf-8").send(toTable(report));
      }
    },
  );
}
