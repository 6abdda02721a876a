/**
 * Defers the status of a response until an event decides it. A rate limit is then a 429 instead of
 * a sentence in a stream with status 200.
 */
import type { ReaderEvent } from "@cmo/shared/contract";
import type { Clock } from "@cmo/shared/runtime";
import type { Send, Source } from "./source.ts";

export interface Deferral {
  readonly decides: (event: ReaderEvent) => boolean;
  readonly maxMs: number;
  readonly clock: Clock;
}

export interface Deferred {
  /** Null when `maxMs` elapsed or the source ended without a deciding event. */
  readonly decision: ReaderEvent | null;
  /** All events of the source, including those that were sent before the decision. */
  readonly events: Source<ReaderEvent>;
  /** Ends a source whose events nobody takes. */
  close(): void;
}

/** After the decision, the source waits for a reader of the events. The caller closes the result. */
export async function deferStatus(
  source: Source<ReaderEvent>,
  { decides, maxMs, clock }: Deferral,
): Promise<Deferred> {
  const buffered: ReaderEvent[] = [];
  const decided = Promise.withResolvers<ReaderEvent>();
  const resumed = Promise.withResolvers<void>();
  let isDecided = false;
  let reader: Send<ReaderEvent> | null = null;

  const ended = source((event) => {
    if (reader) return reader(event);
    if (isDecided) return resumed.promise.then(() => reader?.(event) ?? false);
    buffered.push(event);
    isDecided = decides(event);
    if (isDecided) decided.resolve(event);
    return true;
  });
  const events: Source<ReaderEvent> = async (send) => {
    for (const event of buffered) if (!(await send(event))) return resumed.resolve();
    reader = send;
    resumed.resolve();
    await ended;
  };

  const stop = new AbortController();
  const timedOut = clock.sleep(maxMs, stop.signal).then(() => null);
  try {
    const decision = await Promise.race([decided.promise, timedOut, ended.then(() => null)]);
    return { decision, events, close: resumed.resolve };
  } finally {
    isDecided = true;
    stop.abort();
  }
}
