/** Faults of form: answers in unusual pieces, with unusual strings, or that are no stream at all. */
import type { Fault } from "./fault.ts";
import type { PieceForm, Step } from "./script.ts";

/** NUL and half a surrogate pair: Postgres stores neither. */
const UNSTORABLE = "m\0x\ud83d";
export const ODDITIES: Readonly<Record<string, Fault>> = {
  "400": refusal(400, "invalid_request_error"),
  "401": refusal(401, "invalid_api_key"),
  "403": refusal(403, "permission_denied"),
  "404": refusal(404, "not_found"),
  "plain-text": {
    description: "Answers 200 with a line of plain text instead of a stream.",
    refuse: () => ({ status: 200, headers: { "content-type": "text/plain" }, body: "It works!" }),
  },
  "many-chunks": {
    description: "White space in many chunks of one character, then the answer in the same way.",
    number: { means: "chunks before the answer", default: 50_000 },
    answer: (answer, n) => "\n".repeat(n) + answer,
    script: (script) => script.flatMap(cutCharacters),
    piecesPerSecond: () => 0,
  },
  "odd-model": {
    description: "Names of the model and the answer that a database cannot store.",
    script: (script) =>
      script.map((step) => (step.kind === "piece" ? { ...step, form: withOddNames } : step)),
  },
  "odd-refusal": {
    description: "An error whose code and message a database cannot store.",
    refuse: () => ({ status: 500, body: { error: { message: UNSTORABLE, code: UNSTORABLE } } }),
  },
};

const withOddNames: PieceForm = (chunk) =>
  `data: ${JSON.stringify({ ...chunk, id: UNSTORABLE, model: UNSTORABLE })}`;

const inFewBytes: PieceForm = (_, text) =>
  `data: ${JSON.stringify({ choices: [{ delta: { content: text } }] })}`;

function cutCharacters(step: Step): readonly Step[] {
  if (step.kind !== "piece") return [step];
  return [...step.text].map((text) => ({ kind: "piece", text, form: inFewBytes }));
}

function refusal(status: number, code: string): Fault {
  return {
    description: `Refuses the request with ${status}.`,
    refuse: () => ({ status, body: { error: { message: `Refused: ${code}`, code } } }),
  };
}
