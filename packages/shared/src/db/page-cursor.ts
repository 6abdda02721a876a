/** The cursor of a page of runs: the key of its last row, opaque to callers. */
import { z } from "zod";

/** Postgres rejects the year 0 and zones of 16 hours or more. */
const timestamp = z.iso
  .datetime({ offset: true })
  .regex(/^(?!0000)/)
  .regex(/(Z|[+-](0\d|1[0-5]):\d\d)$/);

const pageCursorSchema = z.tuple([timestamp, z.guid()]);

export type PageCursor = z.infer<typeof pageCursorSchema>;

export function encodePageCursor(row: { created_at: string; id: string }): string {
  return Buffer.from(JSON.stringify([row.created_at, row.id])).toString("base64url");
}

/** Null for invalid text. The parts are parsed strictly, because they become part of a filter. */
export function decodePageCursor(text: string): PageCursor | null {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(text, "base64url").toString());
    return pageCursorSchema.safeParse(parsed).data ?? null;
  } catch {
    return null;
  }
}
