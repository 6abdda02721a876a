/** G9: a screen of the AI SDK shows the text of the row, to the byte, whatever happened on the way. */
import type { Finding } from "../check-history.ts";
import { lastRow, type RunView } from "./run-view.ts";

export function* checkChats(run: RunView): Generator<Finding> {
  const row = lastRow(run);
  for (const { reader, how, text } of run.chats) {
    if (how === "gave_up") yield ["G7", `${reader} was never told of the end`];
    if (how !== "ended" || row === null) continue;
    const stored = row.outputText ?? "";
    if (text !== stored) {
      yield ["G9", `${reader} shows ${text.length} characters, the row has ${stored.length}`];
    }
  }
}
