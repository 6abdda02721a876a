/** resumable-stream by itself: the gateway's bytes, made resumable. */
import { askGateway } from "../baselines/ask-gateway.ts";
import { makeResumable } from "./redis-streams.ts";
import { servePrompts } from "./serve-prompt.ts";

await servePrompts(async (prompt) => {
  const answer = await askGateway(prompt);
  return makeResumable(() => answer.pipeThrough(new TextDecoderStream()));
});
