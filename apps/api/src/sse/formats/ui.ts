/**
 * The UI message stream of the AI SDK (major 7), as its `useChat` and `readUIMessageStream` read it.
 *
 * An attempt is one step, so that `reset-step` withdraws exactly what a superseded attempt had sent: its
 * text, its sections and its progress. Earlier majors refuse that part.
 */
import {
  type EventData,
  type ReaderEvent,
  type Run,
  runContinuesDetail,
} from "@cmo/shared/contract";
import { assertNever } from "@cmo/shared/runtime";
import type { Encoder } from "./encoder.ts";

/** Written out for each text event, which nearly all parts are. */
const toPart = (part: object): string => `data: ${JSON.stringify(part)}\n\n`;

const DONE = "data: [DONE]\n\n";

export function newUiEncoder(run: Run): Encoder {
  const step = newStep();
  let done = false;

  function finish(...parts: readonly object[]): string {
    done = true;
    return step.close() + parts.map(toPart).join("") + DONE;
  }

  function complete({ output, usage, warnings }: EventData<"completed">): string {
    const result = toPart({ type: "data-output", id: "output", data: { output, warnings } });
    const messageMetadata = { run_id: run.id, usage };
    return (
      step.endText() + result + finish({ type: "finish", finishReason: "stop", messageMetadata })
    );
  }

  function encode(event: ReaderEvent): string {
    switch (event.type) {
      case "run":
        return toPart({
          type: "start",
          messageId: event.data.id,
          messageMetadata: { run_id: event.data.id },
        });
      case "attempt":
        return step.restart(event.data.attempt);
      case "delta":
        return step.add(event.data.text, event.data.offset);
      case "snapshot":
        return step.restart(event.data.attempt) + step.add(event.data.text, 0);
      case "partial":
        return toPart({ type: "data-partial", id: event.data.path, data: event.data });
      case "progress":
      case "waiting":
      case "usage":
        return toPart({ type: `data-${event.type}`, id: event.type, data: event.data });
      case "completed":
        return complete(event.data);
      case "failed":
        return finish({ type: "error", errorText: event.data.error });
      case "cancelled":
        return finish({ type: "abort", reason: "cancelled" });
      case "reconnect":
        return "";
      default:
        return assertNever(event);
    }
  }

  return {
    opening: "",
    encode,
    close: () => (done ? "" : finish({ type: "error", errorText: runContinuesDetail(run.id) })),
  };
}

/** The step of the current attempt, and its one text part. */
function newStep() {
  let attempt = 0;
  let held = 0;
  let isTextOpen = false;

  const textId = () => `text-${attempt}`;

  function endText(): string {
    if (!isTextOpen) return "";
    isTextOpen = false;
    return toPart({ type: "text-end", id: textId() });
  }

  return {
    endText,
    restart(next: number): string {
      if (next === attempt) return "";
      const part = attempt === 0 ? "start-step" : "reset-step";
      isTextOpen = false;
      attempt = next;
      held = 0;
      return toPart({ type: part });
    },
    /** Adds the new part of a text that starts at `offset` within the attempt. */
    add(text: string, offset: number): string {
      const delta = text.slice(Math.max(0, held - offset));
      held = Math.max(held, offset + text.length);
      if (delta === "") return "";
      const opening = isTextOpen ? "" : toPart({ type: "text-start", id: textId() });
      isTextOpen = true;
      return opening + toPart({ type: "text-delta", id: textId(), delta });
    },
    close(): string {
      return attempt === 0 ? "" : endText() + toPart({ type: "finish-step" });
    },
  };
}
