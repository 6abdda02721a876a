/**
 * Holds an answer's status back until something decides it, so that a rate limit is a real 429
 * and not a sentence in a stream that began with 200.
 */
import type { ReaderEvent } from "@cmo/shared/contract";
import type { Clock } from "@cmo/shared/runtime";

export interface Patience {
  readonly decides: (event: ReaderEvent) => boolean;
  readonly deferMs: number;
  readonly clock: Clock;
}

export interface Held {
  /** Null when patience ran out first, or when there was nothing more to read. */
  readonly decision: ReaderEvent | null;
  /** All events, with those that were held at the front. */
  readonly events: AsyncGenerator<ReaderEvent, void>;
}

/** Whoever made the source closes it, also after a decision that leaves the rest unread. */
export async function deferStatus(
  source: AsyncGenerator<ReaderEvent, void>,
  { decides, deferMs, clock }: Patience,
): Promise<Held> {
  const held: ReaderEvent[] = [];
  const decided = new AbortController();
  const outOfPatience = clock.sleep(deferMs, decided.signal).then(() => null);
  try {
    for (;;) {
      const pending = source.next();
      const result = await Promise.race([pending, outOfPatience]);
      if (result === null || result.done) {
        return { decision: null, events: resume(held, pending, source) };
      }
      held.push(result.value);
      if (decides(result.value)) {
        return { decision: result.value, events: resume(held, null, source) };
      }
    }
  } finally {
    decided.abort();
  }
}

async function* resume(
  held: readonly ReaderEvent[],
  pending: Promise<IteratorResult<ReaderEvent, void>> | null,
  source: AsyncGenerator<ReaderEvent, void>,
): AsyncGenerator<ReaderEvent, void> {
  yield* held;
  const next = await pending;
  if (next?.done) return;
  if (next) yield next.value;
  yield* source;
}
