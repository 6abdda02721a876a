/**
 * The format of the replaced functions: chunks of an OpenAI chat completion, then `[DONE]`.
 *
 * The raw text of the model is streamed as a draft. The validated output follows in the tagged
 * blocks that clients parse, and appears nowhere else. A new attempt starts a new draft.
 */
import type { AgentCard } from "@cmo/agents/catalog";
import {
  ERROR_DETAILS,
  isErrorCode,
  type ReaderEvent,
  type Run,
  runContinuesDetail,
  type Usage,
} from "@cmo/shared/contract";
import { assertNever } from "@cmo/shared/runtime";
import { type DraftFilter, newFencelessFilter, newUntaggedFilter } from "./draft-text.ts";
import type { Encoder } from "./encoder.ts";

type Card = Pick<AgentCard, "reply" | "tag">;

/** The blocks of a conversation, in the order in which clients collect them. */
const PROSE_TAGS = ["brand", "icp", "offer"];

interface OpenaiOptions {
  /** OpenAI's `stream_options.include_usage`: a last chunk without choices says what was used. */
  readonly includeUsage?: boolean;
}

export function newOpenaiEncoder(
  run: Run,
  card: Card,
  { includeUsage = false }: OpenaiOptions = {},
): Encoder {
  const chunks = newChunks(run);
  const draft = newDraft(card);
  let done = false;

  const finish = (content: string, last: string) => {
    done = true;
    return `${chunks.content(draft.close() + content)}${last}data: [DONE]\n\n`;
  };

  const fail = (code: string, sentence: string) =>
    finish(`\n\n${sentence}\n`, chunks.error(code, sentence));

  function encode(event: ReaderEvent): string {
    switch (event.type) {
      case "attempt":
        return chunks.content(draft.restart(event.data.attempt));
      case "delta":
        return chunks.content(draft.add(event.data.text, event.data.offset));
      case "snapshot":
        return chunks.content(draft.restart(event.data.attempt) + draft.add(event.data.text, 0));
      case "completed": {
        const usage = includeUsage ? chunks.usage(event.data.usage) : "";
        return finish(toBlocks(card, event.data.output), chunks.finish("stop") + usage);
      }
      case "failed":
        return fail(event.data.code, event.data.error);
      case "cancelled":
        return fail("run_cancelled", ERROR_DETAILS.run_cancelled);
      case "run":
      case "progress":
      case "partial":
      case "waiting":
      case "usage":
      case "reconnect":
        return "";
      default:
        return assertNever(event);
    }
  }

  return {
    opening: chunks.role(),
    encode,
    close() {
      if (done) return "";
      return fail("draining", runContinuesDetail(run.id));
    },
  };
}

/** One chunk per line, each a complete JSON object: the parser of existing clients stalls on others. */
function newChunks(run: Run) {
  const head = {
    id: `chatcmpl-${run.id}`,
    object: "chat.completion.chunk",
    created: Math.floor(Date.parse(run.created_at) / 1000),
    model: run.agent,
  };
  // Nearly all chunks differ only in their content, so the rest is made once.
  const opening = `data: ${JSON.stringify(head).slice(0, -1)},"choices":[{"index":0,"delta":`;
  const chunk = (delta: string, finishReason: string, more = "") =>
    `${opening}${delta},"finish_reason":${finishReason}}]${more}}\n\n`;
  return {
    role: () => chunk('{"role":"assistant","content":""}', "null"),
    content: (content: string) =>
      content === "" ? "" : chunk(`{"content":${JSON.stringify(content)}}`, "null"),
    finish: (reason: string) => chunk("{}", JSON.stringify(reason)),
    usage: (usage: Usage | null) => `data: ${JSON.stringify({ ...head, choices: [], usage })}\n\n`,
    error(code: string, message: string) {
      const error = { message, type: isErrorCode(code) ? code : "internal", code };
      const more = JSON.stringify({ error, run_id: run.id }).slice(1, -1);
      return chunk("{}", '"error"', `,${more}`);
    },
  };
}

/** The raw text of the model. JSON is put into a fenced block; prose is not changed. */
function newDraft({ reply }: Card) {
  const isFenced = reply === "json";
  const newFilter = isFenced ? newFencelessFilter : newUntaggedFilter;
  let filter: DraftFilter = newFilter();
  let attempt = 0;
  let held = 0;
  let shown = false;

  function close(): string {
    if (!shown) return "";
    shown = false;
    return isFenced ? "\n```\n\n" : "\n\n";
  }

  return {
    close,
    /** A new attempt discards the previous text. The same attempt changes nothing. */
    restart(next: number): string {
      if (next === attempt) return "";
      const notice = shown ? `${close()}The answer was interrupted and restarts.\n\n` : "";
      attempt = next;
      held = 0;
      filter = newFilter();
      return notice;
    },
    /** Adds the new part of a text that starts at `offset` within the attempt. */
    add(text: string, offset: number): string {
      const fresh = filter(text.slice(Math.max(0, held - offset)));
      held = Math.max(held, offset + text.length);
      if (fresh === "") return "";
      const opening = shown || !isFenced ? "" : "```json\n";
      shown = true;
      return opening + fresh;
    },
  };
}

function toBlocks({ reply, tag }: Card, output: Record<string, unknown> | null): string {
  if (output === null) return "";
  if (reply === "json") return tag === null ? "" : toBlock(tag, output);
  return PROSE_TAGS.map((name) => (output[name] ? toBlock(name, output[name]) : "")).join("");
}

/** Clients require one line break after the tag and one before the closing fence. */
function toBlock(tag: string, value: unknown): string {
  return `\`\`\`json:${tag}\n${JSON.stringify(value, null, 2)}\n\`\`\`\n`;
}
