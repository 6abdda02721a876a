/** Successful responses that are JSON instead of a stream. */
import type { Fault } from "./fault.ts";

export const BODIES: Readonly<Record<string, Fault>> = {
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
};
