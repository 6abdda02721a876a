/**
 * What a prompt asks of the bench's gateway, and what a chunk of its answer looks like.
 *
 * A system under test passes the user's text on to the gateway, so the text carries the request,
 * and every chunk carries the time of its sending.
 */

export interface GatewayScript {
  /** Chunks a second; 0 sends all of them at once. */
  readonly perSecond: number;
  readonly chunks: number;
}

const REQUEST = /\[\[bench:(\d+(?:\.\d+)?)x(\d+)\]\]/;
const DEFAULT: GatewayScript = { perSecond: 20, chunks: 20 };
/** With its stamp, a chunk is about as long as one of a fast model: a dozen tokens. */
const FILLER = " steady words about coffee";

/** The user's text that asks for a script. */
export function toPrompt({ perSecond, chunks }: GatewayScript): string {
  return `Tell us about coffee. [[bench:${perSecond}x${chunks}]]`;
}

export function parseScript(body: string): GatewayScript {
  const found = REQUEST.exec(body);
  return found ? { perSecond: Number(found[1]), chunks: Number(found[2]) } : DEFAULT;
}

export function toChunkText(sentAtMicros: number, index: number): string {
  return `@${sentAtMicros}#${index};${FILLER}`;
}
