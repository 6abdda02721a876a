/** AG-UI 1.0. A message holds the text of one attempt; a new attempt withdraws all messages before it. */
import { type ReaderEvent, type Run, runContinuesDetail } from "@cmo/shared/contract";
import type { Encoder } from "./encoder.ts";

export function newAgUiEncoder(run: Run): Encoder {
  const ids = { threadId: run.id, runId: run.id };
  let attempt = 0;
  let held = 0;
  let isOpen = false;
  let done = false;

  const send = (type: string, data: object) => `data: ${JSON.stringify({ type, ...data })}\n\n`;
  const custom = (name: string, value: unknown) => send("CUSTOM", { name, value });
  const messageId = () => `${run.id}-${attempt}`;

  function endMessage(): string {
    if (!isOpen) return "";
    isOpen = false;
    return send("TEXT_MESSAGE_END", { messageId: messageId() });
  }
  function restart(next: number): string {
    if (next === attempt) return "";
    const withdrawn = attempt === 0 ? "" : send("MESSAGES_SNAPSHOT", { messages: [] });
    const ended = endMessage();
    attempt = next;
    held = 0;
    return ended + withdrawn;
  }
  function add(text: string, offset: number): string {
    const delta = text.slice(Math.max(0, held - offset));
    held = Math.max(held, offset + text.length);
    if (delta === "") return "";
    const opening = isOpen
      ? ""
      : send("TEXT_MESSAGE_START", { messageId: messageId(), role: "assistant" });
    isOpen = true;
    return opening + send("TEXT_MESSAGE_CONTENT", { messageId: messageId(), delta });
  }
  function finish(type: string, data: object): string {
    done = true;
    return endMessage() + send(type, data);
  }

  function encode({ type, data }: ReaderEvent): string {
    if (type === "run") return send("RUN_STARTED", ids);
    if (type === "attempt") return restart(data.attempt);
    if (type === "delta") return add(data.text, data.offset);
    if (type === "snapshot") return restart(data.attempt) + add(data.text, 0);
    if (type === "completed") {
      const outcome = { type: "success" };
      return finish("RUN_FINISHED", { ...ids, outcome, result: data.output ?? {} });
    }
    if (type === "cancelled") return finish("RUN_FINISHED", { ...ids, outcome: { type } });
    if (type === "failed") return finish("RUN_ERROR", { message: data.error, code: data.code });
    return type === "reconnect" ? "" : custom(type, data);
  }

  const close = () =>
    done ? "" : finish("RUN_ERROR", { message: runContinuesDetail(run.id), code: "draining" });
  return { opening: "", encode, close };
}
