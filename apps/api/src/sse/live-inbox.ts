/**
 * Buffers the live entries of the hub between two reads. The buffer is small: a reader that is
 * slower than its run reads the log instead, so that slow readers do not use memory.
 */
import type { HubListener, LiveEntry } from "@cmo/shared/stream";

export interface LiveInbox extends HubListener {
  /**
   * Resolves with the buffered entries, at the latest after `ms` or when the signal aborts.
   * `look` means that entries may be missing and the log must be read.
   */
  next(ms: number, signal: AbortSignal): Promise<{ look: boolean; entries: LiveEntry[] }>;
}

/** A reader that falls further behind reads the log instead of a growing queue in memory. */
const MAX_ENTRIES = 256;

export function createLiveInbox(): LiveInbox {
  let entries: LiveEntry[] = [];
  let look = false;
  let wake = () => {};

  return {
    live(entry) {
      if (entries.length >= MAX_ENTRIES) {
        entries = [];
        look = true;
      }
      entries.push(entry);
      wake();
    },
    look() {
      look = true;
      wake();
    },
    async next(ms, signal) {
      if (!look && entries.length === 0 && !signal.aborted) {
        await pause(ms, signal, (end) => {
          wake = end;
        });
      }
      const news = { look, entries };
      entries = [];
      look = false;
      return news;
    },
  };
}

function pause(ms: number, signal: AbortSignal, begin: (end: () => void) => void): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener("abort", end, { once: true });
    begin(end);
  });
}
