/**
 * Defers the status of a response until an event decides it. A rate limit is then a 429 instead of
 * a sentence in a stream with status 200.
 */
import type { ReaderEvent } from "@cmo/shared/contract";
import type { Clock } from "@cmo/shared/runtime";

export interface Deferral {
  readonly decides: (event: ReaderEvent) => boolean;
  readonly maxMs: number;
  readonly clock: Clock;
}

export interface Deferred {
  /** Null when `maxMs` elapsed or the source ended without a deciding event. */
  readonly decision: ReaderEvent | null;
  /** All events of the source, including those that were read before the decision. */
  readonly events: AsyncGenerator<ReaderEvent, void>;
}

/** The caller closes the source, also when it does not read the remaining events. */
export async function deferStatus(
  source: AsyncGenerator<ReaderEvent, void>,
  { decides, maxMs, clock }: Deferral,
): Promise<Deferred> {
  const buffered: ReaderEvent[] = [];
  const decided = new AbortController();
  const timedOut = clock.sleep(maxMs, decided.signal).then(() => null);
  try {
    for (;;) {
      const pending = source.next();
      const result = await Promise.race([pending, timedOut]);
      if (result === null || result.done) {
        return { decision: null, events: resume(buffered, pending, source) };
      }
      buffered.push(result.value);
      if (decides(result.value)) {
        return { decision: result.value, events: resume(buffered, null, source) };
      }
    }
  } finally {
    decided.abort();
  }
}

async function* resume(
  buffered: readonly ReaderEvent[],
  pending: Promise<IteratorResult<ReaderEvent, void>> | null,
  source: AsyncGenerator<ReaderEvent, void>,
): AsyncGenerator<ReaderEvent, void> {
  yield* buffered;
  const next = await pending;
  if (next?.done) return;
  if (next) yield next.value;
  yield* source;
}
