/** Faults of form: answers in unusual pieces, with unusual strings, or that are no stream at all. */
import type { Fault } from "./fault.ts";
import type { PieceForm, Step } from "./script.ts";

/** NUL and half a surrogate pair: Postgres stores neither. */
const UNSTORABLE = "m\0x\ud83d";
const PIECES_PER_SECOND = 10;
/** At ten a second, longer than any run may take. */
const MANY_COMMENTS = 100_000;

export const ODDITIES: Readonly<Record<string, Fault>> = {
  "400": refusal(400, "invalid_request_error"),
  "401": refusal(401, "invalid_api_key"),
  "403": refusal(403, "permission_denied"),
  "404": refusal(404, "not_found"),
  "only-comments": {
    description: "Comments without end, and no answer.",
    script: () => Array<Step>(MANY_COMMENTS).fill(COMMENT),
    piecesPerSecond: () => PIECES_PER_SECOND,
  },
  "web-page": page("text/html", "<!doctype html><title>Sign in</title><p>Please sign in.</p>"),
  "plain-text": page("text/plain", "It works!"),
  "no-content": {
    description: "Answers 204, with no body.",
    refuse: () => ({ status: 204, body: "" }),
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

const COMMENT: Step = { kind: "piece", text: "", form: () => ": still thinking" };

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

function page(type: string, body: string): Fault {
  return {
    description: `Answers 200 with ${type} instead of a stream.`,
    refuse: () => ({ status: 200, headers: { "content-type": type }, body }),
  };
}
