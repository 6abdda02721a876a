/** Reads a table of metrics from CSV, as spreadsheets and advertising platforms export it. */
import type { MetricsLine } from "@cmo/shared/contract";
import { CsvError, parse } from "csv-parse/sync";
import { z } from "zod";
import { invalidRequest } from "../../http/errors.ts";

export interface NumberedLine {
  /** In the file; the header is line 1. */
  readonly number: number;
  readonly line: MetricsLine;
}

/** Other names of the columns. */
const COLUMNS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    date: "snapshot_date",
    day: "snapshot_date",
    campaign_name: "campaign",
    channel_name: "channel",
    spend: "cost",
    amount_spent: "cost",
    granularity: "metric_type",
  }),
);
/** Bytes of one line: a hundred times an ordinary one. */
const LINE_MAX = 10_000;

const recordsSchema = z.array(
  z.object({ info: z.object({ lines: z.int() }), record: z.record(z.string(), z.string()) }),
);

export function readCsv(bytes: Buffer): readonly NumberedLine[] {
  const records = recordsSchema.parse(parseCsv(bytes));
  return records.map(({ info, record }) => ({
    number: info.lines,
    // An empty cell is no value.
    line: Object.fromEntries(Object.entries(record).filter(([, cell]) => cell !== "")),
  }));
}

function parseCsv(bytes: Buffer): unknown {
  try {
    return parse(bytes, {
      bom: true,
      columns: (names: readonly string[]) => names.map(toColumn),
      delimiter: [",", ";", "\t"],
      info: true,
      max_record_size: LINE_MAX,
      skip_empty_lines: true,
      trim: true,
    });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const message = `This is not a table that can be read: ${error.message}`;
    throw invalidRequest([{ path: "", message }]);
  }
}

/** `Campaign Name` becomes `campaign`. */
function toColumn(name: string): string {
  const column = name
    .trim()
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "_")
    .replaceAll(/^_|_$/g, "");
  return COLUMNS.get(column) ?? column;
}
