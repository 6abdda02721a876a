/**
 * Takes the model's text in as it arrives: made well-formed, watched, bounded, and told to readers.
 *
 * Readers of prose are not shown its tagged blocks, so there are two texts: what the model said,
 * which is parsed, and what was told, which is the run's text and what offsets count.
 */
import type { WorkEvent } from "@cmo/shared/contract";
import type { Agent } from "../agent/define-agent.ts";
import { newProseFilter } from "./prose-filter.ts";
import { newCanaryWatch } from "./watch-canary.ts";
import { newSectionWatcher } from "./watch-sections.ts";
import { newTextMender } from "./well-formed-text.ts";

export interface TextReceiver {
  /** Takes a piece. False once the text is full or leaks: nothing more is taken. */
  push(piece: string): boolean;
  /** Tells what was still held back. Nothing may be pushed after it. */
  end(): void;
  readonly said: string;
  readonly told: string;
  readonly isFull: boolean;
  /** It began to repeat its instructions; neither text holds the canary or what followed it. */
  readonly isLeaking: boolean;
}

interface ReceiverOptions {
  readonly maxBytes: number;
  /** What the instructions are marked with. */
  readonly canary: string;
  readonly emit: (event: WorkEvent) => void;
}

export function newTextReceiver(
  agent: Pick<Agent, "reply" | "sections" | "tag">,
  { maxBytes, canary, emit }: ReceiverOptions,
): TextReceiver {
  const mender = newTextMender();
  const watch = newCanaryWatch(canary);
  const prose = agent.reply === "prose" ? newProseFilter() : null;
  const sections = agent.reply === "json" ? newSectionWatcher(agent) : null;
  const room = newByteRoom(maxBytes);
  let said = "";
  let told = "";

  function tell(text: string): void {
    if (text === "") return;
    emit({ type: "delta", data: { text, offset: told.length } });
    told += text;
  }
  function take(safe: string): void {
    const piece = room.take(safe);
    said += piece;
    tell(prose ? prose.push(piece) : piece);
    for (const event of sections?.push(piece) ?? []) emit(event);
  }
  const isOpen = () => !room.isFull && !watch.hasFound;

  return {
    push(piece) {
      if (isOpen()) take(watch.push(mender.push(piece)));
      return isOpen();
    },
    end() {
      if (isOpen()) take(watch.push(mender.end()) + watch.end());
      tell(prose?.end() ?? "");
    },
    get said() {
      return said;
    },
    get told() {
      return told;
    },
    get isFull() {
      return room.isFull;
    },
    get isLeaking() {
      return watch.hasFound;
    },
  };
}

/** Lets through as much text as fits, never half a character; what does not fit fills it up. */
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
