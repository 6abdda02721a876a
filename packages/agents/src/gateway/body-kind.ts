/**
 * Tells what a successful response contains before it is read. The body decides, because gateways
 * send streams and errors under any content type; where it could be anything, the type decides.
 */
import { OverlongBody } from "./classify-failure.ts";

export type BodyKind = "stream" | "json" | "json lines" | "web page" | "text" | "nothing";

interface Opened {
  readonly kind: BodyKind;
  /** The body from its first character that is not white space. */
  readonly body: AsyncIterable<Uint8Array>;
}

/** The length of the longest field name of an event stream, with its colon. */
const ENOUGH_BYTES = 6;
const FIELD = /^(data|event|id|retry)?(:|[\r\n]|$)/;
/** Tab, line breaks, space, and the bytes of a byte order mark. */
const BLANK = new Set([0x09, 0x0a, 0x0d, 0x20, 0xef, 0xbb, 0xbf]);

/** Throws what the body throws, and `OverlongBody` for blanks without an end. */
export async function openBody(
  body: AsyncIterable<Uint8Array>,
  contentType: string,
  { maxBytes, onBytes }: { readonly maxBytes: number; readonly onBytes: () => void },
): Promise<Opened> {
  const source = body[Symbol.asyncIterator]();
  let start: Uint8Array = new Uint8Array();
  let blankBytes = 0;
  while (start.length < ENOUGH_BYTES) {
    const { done, value } = await source.next();
    if (done) break;
    onBytes();
    const bytes = start.length === 0 ? value.subarray(blanksBefore(value)) : value;
    blankBytes += value.length - bytes.length;
    if (blankBytes > maxBytes) throw new OverlongBody(`The gateway sent ${blankBytes} blanks.`);
    start = start.length === 0 ? bytes : Buffer.concat([start, bytes]);
  }
  return { kind: kindOf(start, contentType), body: continued(start, source) };
}

function blanksBefore(bytes: Uint8Array): number {
  const at = bytes.findIndex((byte) => !BLANK.has(byte));
  return at < 0 ? bytes.length : at;
}

function kindOf(start: Uint8Array, contentType: string): BodyKind {
  const text = new TextDecoder().decode(start.subarray(0, ENOUGH_BYTES));
  const isStream = /^text\/event-stream/i.test(contentType);
  if (/^[{[]/.test(text)) return /ndjson|jsonl|json-seq/i.test(contentType) ? "json lines" : "json";
  if (text.startsWith("<")) return "web page";
  if (isStream || (text !== "" && FIELD.test(text))) return "stream";
  return text === "" ? "nothing" : "text";
}

async function* continued(
  start: Uint8Array,
  source: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  try {
    if (start.length > 0) yield start;
    for (let next = await source.next(); !next.done; next = await source.next()) yield next.value;
  } finally {
    await source.return?.();
  }
}
