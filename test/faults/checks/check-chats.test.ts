import { expect, test } from "vitest";
import { checkHistory } from "../check-history.ts";
import { GOOD, ROW, RUN } from "../good-history.ts";
import type { ChatDone } from "../history.ts";

function violationsOf(change: Partial<ChatDone>): string[] {
  const chat: ChatDone = {
    ...{ kind: "chat_done", at: 10_000, reader: "chat", runId: RUN, how: "ended", connections: 1 },
    text: ROW.outputText ?? "",
    ...change,
  };
  return checkHistory([...GOOD, chat]).map(({ guarantee, message }) => `${guarantee} ${message}`);
}

test("a chat shows the text of the row, no less and no more", () => {
  expect(violationsOf({})).toEqual([]);
  expect(violationsOf({ text: "good" })).toEqual(["G9 chat shows 4 characters, the row has 9"]);
  expect(violationsOf({ text: "half good text" })).toEqual([
    "G9 chat shows 14 characters, the row has 9",
  ]);
});

test("a chat that was never told of the end is a violation, one that left is none", () => {
  expect(violationsOf({ how: "gave_up", text: "" })).toEqual(["G7 chat was never told of the end"]);
  expect(violationsOf({ how: "left", text: "" })).toEqual([]);
});
