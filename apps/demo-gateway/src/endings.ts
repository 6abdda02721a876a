/** Faults at the end of an answer: the finish reason and the end of the stream. */
import { type Fault, PIECES } from "./fault.ts";
import { beginning, DONE, END, finish, type Step } from "./script.ts";

export const ENDINGS: Readonly<Record<string, Fault>> = {
  length: {
    description: "Stops in the middle with finish_reason length.",
    number: PIECES,
    script: (script, n) => endedBy("length", script, n),
  },
  "content-filter": {
    description: "Stops in the middle with finish_reason content_filter.",
    number: PIECES,
    script: (script, n) => endedBy("content_filter", script, n),
  },
  "error-reason": {
    description: "Stops in the middle with finish_reason error.",
    number: PIECES,
    script: (script, n) => endedBy("error", script, n),
  },
  "unknown-reason": {
    description: "A whole answer with an unknown finish_reason.",
    script: (script) => [...wholeText(script), finish("end_of_turn"), ...afterFinish(script)],
  },
  "done-only": {
    description: "A whole answer that ends with [DONE] and no finish_reason.",
    script: (script) => [...wholeText(script), ...afterFinish(script)],
  },
  "finish-only": {
    description: "A whole answer that ends with a finish_reason and no [DONE].",
    script: (script) => script.filter((step) => step !== DONE),
  },
};

function endedBy(reason: string, script: readonly Step[], n: number): readonly Step[] {
  return [...beginning(script, n), finish(reason), DONE, END];
}

function wholeText(script: readonly Step[]): readonly Step[] {
  return beginning(script, Number.POSITIVE_INFINITY);
}

/** The usage, `[DONE]`, and the end of the body. */
function afterFinish(script: readonly Step[]): readonly Step[] {
  return script.slice(wholeText(script).length + 1);
}
