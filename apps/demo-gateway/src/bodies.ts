/** Successful responses that are no stream, and streams that are nothing but comments. */
import type { Fault } from "./fault.ts";
import type { Step } from "./script.ts";

/** A piece without text, because the speed counts pieces. */
const COMMENT: Step = { kind: "piece", text: "", form: () => ": still here" };
/** Nobody waits for the last one. */
const ENOUGH_COMMENTS = 100_000;
const HTML = "<!doctype html><html><body><h1>Sign in</h1></body></html>";

export const BODIES: Readonly<Record<string, Fault>> = {
  "web-page": {
    description: "A web page with status 200, as from an address that is no gateway.",
    refuse: () => ({ status: 200, body: HTML }),
  },
  "no-content": {
    description: "Status 204 and no body.",
    refuse: () => ({ status: 204, body: new Uint8Array() }),
  },
  "json-error": {
    description: "An error as JSON with status 200.",
    refuse: () => ({
      status: 200,
      body: { error: { code: 400, message: "Bad request", status: "INVALID_ARGUMENT" } },
    }),
  },
  "other-json": {
    description: "JSON with status 200 that is neither an answer nor an error.",
    refuse: () => ({ status: 200, body: { status: "ok" } }),
  },
  ndjson: {
    description: "Lines of JSON, as Ollama's own API sends them.",
    reply: (content) => ({
      status: 200,
      headers: { "content-type": "application/x-ndjson" },
      body: Buffer.from(
        [
          { model: "demo", message: { role: "assistant", content }, done: false },
          { model: "demo", done: true, done_reason: "stop" },
        ]
          .map((value) => `${JSON.stringify(value)}\n`)
          .join(""),
      ),
    }),
  },
  "whole-completion": {
    description: "The whole answer as one chat.completion, although a stream was asked for.",
    reply: (content) => ({
      status: 200,
      body: {
        object: "chat.completion",
        choices: [{ index: 0, message: { role: "assistant", content }, finish_reason: "stop" }],
        usage: { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 },
      },
    }),
  },
  "only-comments": {
    description: "Comments and nothing else.",
    number: { means: "comments a second", default: 20 },
    script: () => Array<Step>(ENOUGH_COMMENTS).fill(COMMENT),
    piecesPerSecond: (n) => n,
  },
};
