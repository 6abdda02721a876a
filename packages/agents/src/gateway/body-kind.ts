/**
 * Tells what a successful response contains before it is read. The body decides, because gateways
 * send streams and errors under any content type; where it could be anything, the type decides.
 */
import { OverlongBody } from "./classify-failure.ts";

export type BodyKind = "stream" | "json" | "json lines" | "web page" | "text" | "nothing";

export interface BodyStart {
  /** Returns true once enough has arrived. Throws `OverlongBody` for blanks without an end. */
  push(bytes: Uint8Array): boolean;
  /** What arrived, from the first character that is not white space. */
  readonly bytes: Uint8Array;
  readonly kind: BodyKind;
}

/** The length of the longest field name of an event stream, with its colon. */
const ENOUGH_BYTES = 6;
const FIELD = /^(data|event|id|retry)?(:|[\r\n]|$)/;
/** Tab, line breaks, space, and the bytes of a byte order mark. */
const BLANK = new Set([0x09, 0x0a, 0x0d, 0x20, 0xef, 0xbb, 0xbf]);

export function newBodyStart(contentType: string, maxBytes: number): BodyStart {
  let start: Uint8Array = new Uint8Array();
  let blankBytes = 0;
  return {
    push(arrived) {
      const bytes = start.length === 0 ? arrived.subarray(blanksBefore(arrived)) : arrived;
      blankBytes += arrived.length - bytes.length;
      if (blankBytes > maxBytes) throw new OverlongBody(`The gateway sent ${blankBytes} blanks.`);
      start = start.length === 0 ? bytes : Buffer.concat([start, bytes]);
      return start.length >= ENOUGH_BYTES;
    },
    get bytes() {
      return start;
    },
    get kind() {
      return kindOf(start, contentType);
    },
  };
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
