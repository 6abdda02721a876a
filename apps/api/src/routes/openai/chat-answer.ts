/** A run that has completed, as a chat completion. */
import type { EventData, Run, Usage } from "@cmo/shared/contract";

export function toChatCompletion(run: Run, { output, usage }: EventData<"completed">) {
  return {
    id: `chatcmpl-${run.id}`,
    object: "chat.completion",
    created: createdAt(run),
    model: run.agent,
    choices: [
      {
        index: 0,
        message: { role: "assistant", content: toContent(run, output), refusal: null },
        logprobs: null,
        finish_reason: "stop",
      },
    ],
    usage: usage ?? NO_USAGE,
  };
}

const NO_USAGE: Usage = { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 };

const createdAt = (run: Run): number => Math.floor(Date.parse(run.created_at) / 1000);

/** An interview answers with its message; every other agent with the JSON of its output. */
function toContent(run: Run, output: EventData<"completed">["output"]): string {
  const message = output?.["message"];
  if (run.mode === "setup" && typeof message === "string") return message;
  return JSON.stringify(output);
}
