/**
 * Receives the model's text as it arrives: sanitizes it, watches it, limits it and emits it.
 *
 * Readers of prose do not see its tagged blocks, so there are two texts. The raw text is what the
 * model wrote and what is parsed. The visible text is the run's text and what offsets count.
 */
import type { WorkEvent } from "@cmo/shared/contract";
import type { Agent } from "../agent/define-agent.ts";
import { newProseFilter } from "./prose-filter.ts";
import { newCanaryWatch } from "./watch-canary.ts";
import { newSectionWatcher } from "./watch-sections.ts";
import { newTextSanitizer } from "./well-formed-text.ts";

export interface TextReceiver {
  /** Takes a piece. Returns false once the text is full or leaks: nothing more is taken. */
  push(piece: string): boolean;
  /** Emits what was held back. Nothing may be pushed afterwards. */
  end(): void;
  readonly raw: string;
  readonly visible: string;
  /** The sections of a JSON answer that are complete; always empty for prose. */
  readonly finishedSections: readonly string[];
  readonly isFull: boolean;
  /** The model began to repeat its instructions. Both texts end before the canary. */
  readonly isLeaking: boolean;
}

interface ReceiverOptions {
  readonly maxBytes: number;
  /** The mark that the instructions contain. */
  readonly canary: string;
  readonly emit: (event: WorkEvent) => void;
}

export function newTextReceiver(
  agent: Pick<Agent, "reply" | "sections" | "tag">,
  { maxBytes, canary, emit }: ReceiverOptions,
): TextReceiver {
  const sanitizer = newTextSanitizer();
  const watch = newCanaryWatch(canary);
  const prose = agent.reply === "prose" ? newProseFilter() : null;
  const sections = agent.reply === "json" ? newSectionWatcher(agent) : null;
  const room = newByteRoom(maxBytes);
  let raw = "";
  let visible = "";

  function show(text: string): void {
    if (text === "") return;
    emit({ type: "delta", data: { text, offset: visible.length } });
    visible += text;
  }
  function take(safe: string): void {
    // guards G1: answer bytes
    const piece = room.take(safe);
    raw += piece;
    show(prose ? prose.push(piece) : piece);
    for (const event of sections?.push(piece) ?? []) emit(event);
  }
  const isOpen = () => !room.isFull && !watch.hasFound;

  return {
    push(piece) {
      if (isOpen()) take(watch.push(sanitizer.push(piece)));
      return isOpen();
    },
    end() {
      if (isOpen()) take(watch.push(sanitizer.end()) + watch.end());
      show(prose?.end() ?? "");
    },
    get raw() {
      return raw;
    },
    get visible() {
      return visible;
    },
    get finishedSections() {
      return sections?.finished ?? [];
    },
    get isFull() {
      return room.isFull;
    },
    get isLeaking() {
      return watch.hasFound;
    },
  };
}

/** Passes as much text as fits, in whole characters. Text that does not fit makes it full. */
function newByteRoom(maxBytes: number) {
  let leftBytes = maxBytes;
  let isFull = false;
  return {
    take(text: string): string {
      const bytes = Buffer.byteLength(text);
      if (bytes <= leftBytes) {
        leftBytes -= bytes;
        return text;
      }
      isFull = true;
      const { read } = new TextEncoder().encodeInto(text, new Uint8Array(leftBytes));
      return text.slice(0, read);
    },
    get isFull() {
      return isFull;
    },
  };
}
