/** A log that keeps its lines, for tests of what is written into it and what is not. */
import { createLog, type Logger } from "@cmo/shared/runtime";
import { z } from "zod";

const lineSchema = z.looseObject({ level: z.string(), msg: z.string().optional() });
export type LogLine = z.infer<typeof lineSchema>;

export function newLogLines(): { readonly log: Logger; readonly lines: LogLine[] } {
  const lines: LogLine[] = [];
  const destination = {
    write(text: string) {
      lines.push(lineSchema.parse(JSON.parse(text)));
    },
  };
  return { log: createLog({ level: "trace", app: "test", destination }), lines };
}
