/**
 * Buffers the live entries of the hub between two reads. The buffer is small: a reader that is
 * slower than its run reads the log instead, so that slow readers do not use memory.
 */
import type { HubListener, LiveEntry } from "@cmo/shared/stream";

export interface News {
  /** Entries may be missing: the log must be read. */
  readonly look: boolean;
  readonly entries: readonly LiveEntry[];
}

export interface LiveInbox extends HubListener {
  /** Resolves when there is news, at the latest after `ms` or when the signal aborts. */
  wait(ms: number): Promise<void>;
  /** Empties the inbox. */
  take(): News;
  /** Stops the timer and removes the listener of the signal. */
  close(): void;
}

/** A reader that falls further behind reads the log instead of a growing queue in memory. */
const MAX_ENTRIES = 256;

export function createLiveInbox(signal: AbortSignal): LiveInbox {
  let entries: LiveEntry[] = [];
  let look = false;
  let wake: (() => void) | null = null;
  let timer: NodeJS.Timeout | null = null;
  let timerMs = 0;

  const stopWaiting = () => wake?.();
  signal.addEventListener("abort", stopWaiting, { once: true });

  /** One timer for all waits: to set one for each entry would cost more than the entry. */
  function limitWait(ms: number): void {
    if (timer !== null && ms === timerMs) {
      timer.refresh();
      return;
    }
    clearTimeout(timer ?? undefined);
    timer = setTimeout(stopWaiting, ms);
    timerMs = ms;
  }

  return {
    live(entry) {
      if (entries.length >= MAX_ENTRIES) {
        entries = [];
        look = true;
      }
      entries.push(entry);
      wake?.();
    },
    look() {
      look = true;
      wake?.();
    },
    wait(ms) {
      if (look || entries.length > 0 || signal.aborted) return Promise.resolve();
      limitWait(ms);
      return new Promise((resolve) => {
        wake = resolve;
      });
    },
    take() {
      const news = { look, entries };
      entries = [];
      look = false;
      return news;
    },
    close() {
      clearTimeout(timer ?? undefined);
      signal.removeEventListener("abort", stopWaiting);
    },
  };
}
