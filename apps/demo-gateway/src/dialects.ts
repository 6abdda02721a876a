/**
 * How gateways speak that call themselves compatible with OpenAI: one dialect each, by name. What
 * each of them sends is described, with its sources, in docs/gateways.md.
 */
import type { Refusal } from "./read-chat-request.ts";
import { contentChoices, dataLine, type PieceForm, type Step } from "./script.ts";

export interface Dialect {
  /** For people. */
  readonly title: string;
  /** Steps before the first text, such as comments, empty chunks and thoughts. */
  readonly opening?: readonly Step[];
  /** How a piece of text is written. */
  readonly form?: PieceForm;
  /** The words for an end. `stop` is of a whole answer, `cut` of one that hit its limit. */
  readonly reasons: { readonly stop: string; readonly cut: string };
  /** The members of the last chunk besides its reason. */
  readonly lastChoice?: Readonly<Record<string, unknown>>;
  /** The usage as it stands in its chunk; null for none. */
  readonly usage: Readonly<Record<string, unknown>> | null;
  /** Sends the usage in the last chunk, and not in one of its own. */
  readonly usageInLast?: boolean;
  readonly endsWithDone: boolean;
  /** An error in place of an answer. */
  readonly refusal: Refusal;
  /** An error in the middle of an answer. */
  readonly streamError: readonly Step[];
  /** Sends the whole answer as one JSON document, although a stream was asked for. */
  readonly isWhole?: boolean;
  /** The word for the end of an answer that has no text. */
  readonly empty: string;
}

const line = (text: string): Step => ({ kind: "line", line: text });
const delta = (members: object, more: object = {}): Step =>
  dataLine({ choices: [{ index: 0, delta: members, finish_reason: null, ...more }] });

/** Writes a piece with other members than `delta.content`. */
const withDelta =
  (toDelta: (text: string) => object, more: object = {}): PieceForm =>
  (chunk, text) => {
    const choices = contentChoices(text).map((choice) => ({ ...choice, delta: toDelta(text) }));
    return `data: ${JSON.stringify({ ...chunk, choices, ...more })}`;
  };

const TOKENS = { prompt_tokens: 1_200, completion_tokens: 800, total_tokens: 2_000 };

export const DIALECTS: Readonly<Record<string, Dialect>> = {
  openai: {
    title: "OpenAI",
    opening: [delta({ role: "assistant", content: "", refusal: null })],
    reasons: { stop: "stop", cut: "length" },
    usage: { ...TOKENS, completion_tokens_details: { reasoning_tokens: 500 } },
    endsWithDone: true,
    refusal: {
      status: 429,
      body: {
        error: {
          message: "You exceeded your current quota.",
          type: "insufficient_quota",
          param: null,
          code: "insufficient_quota",
        },
      },
    },
    streamError: [
      dataLine({
        error: { message: "The server had an error.", type: "server_error", code: null },
      }),
    ],
    empty: "length",
  },
  gemini: {
    title: "Gemini, OpenAI compatibility",
    opening: [
      delta({ role: "assistant", content: "<thought>Hm.\n" }),
      delta({ content: "</thought>\n" }),
    ],
    reasons: { stop: "STOP", cut: "MAX_TOKENS" },
    usage: { ...TOKENS, total_tokens: 2_600 },
    usageInLast: true,
    endsWithDone: true,
    refusal: {
      status: 400,
      body: [{ error: { code: 400, message: "API key not valid.", status: "INVALID_ARGUMENT" } }],
    },
    streamError: [
      line(
        'data: [{"error":{"code":429,"message":"Resource has been exhausted.","status":"RESOURCE_EXHAUSTED"}}]',
      ),
    ],
    empty: "SAFETY",
  },
  openrouter: {
    title: "OpenRouter",
    opening: [
      line(": OPENROUTER PROCESSING"),
      line(": OPENROUTER PROCESSING"),
      delta({ role: "assistant", content: "", reasoning: "Hm." }, { native_finish_reason: null }),
    ],
    form: withDelta((content) => ({ role: "assistant", content, reasoning: null }), {
      provider: "Demo",
    }),
    reasons: { stop: "stop", cut: "length" },
    lastChoice: { native_finish_reason: "STOP", delta: { role: "assistant", content: "" } },
    usage: { ...TOKENS, cost: 0.0123, is_byok: false },
    endsWithDone: true,
    refusal: {
      status: 402,
      body: { error: { message: "This request requires more credits.", code: 402 } },
    },
    streamError: [
      dataLine({
        error: {
          code: 502,
          message: "Provider returned error",
          metadata: { provider_name: "Demo" },
        },
        choices: [{ index: 0, delta: { content: "" }, finish_reason: "error" }],
      }),
    ],
    empty: "content_filter",
  },
  litellm: {
    title: "LiteLLM",
    opening: [delta({ role: "assistant", content: null, reasoning_content: "Hm." })],
    reasons: { stop: "stop", cut: "length" },
    usage: { ...TOKENS, prompt_tokens_details: null },
    endsWithDone: true,
    refusal: {
      status: 400,
      body: {
        error: {
          message: "Budget has been exceeded! Current cost: 1, Max budget: 1",
          type: "budget_exceeded",
          param: null,
          code: "400",
        },
      },
    },
    streamError: [
      dataLine({
        error: { message: "litellm.RateLimitError", type: "None", param: "None", code: "429" },
      }),
      line("data: [DONE]"),
    ],
    empty: "stop",
  },
  vllm: {
    title: "vLLM",
    opening: [delta({ role: "assistant", content: "" }), delta({ reasoning_content: "Hm." })],
    reasons: { stop: "stop", cut: "length" },
    lastChoice: { stop_reason: null },
    usage: { prompt_tokens: 1_200, total_tokens: 2_000 },
    endsWithDone: true,
    refusal: {
      status: 400,
      body: {
        object: "error",
        message: "This model's maximum context length is 4096 tokens.",
        type: "BadRequestError",
        param: null,
        code: 400,
      },
    },
    streamError: [
      dataLine({
        error: { message: "Internal server error", type: "InternalServerError", code: 500 },
      }),
      line("data: [DONE]"),
    ],
    empty: "abort",
  },
  ollama: {
    title: "Ollama, /v1",
    opening: [
      delta({ role: "assistant", content: "<think>\nHm" }),
      delta({ content: ".\n</think>\n\n" }),
    ],
    reasons: { stop: "stop", cut: "length" },
    usage: null,
    endsWithDone: true,
    refusal: {
      status: 404,
      body: {
        error: {
          message: 'model "demo" not found, try pulling it first',
          type: "not_found_error",
          param: null,
          code: null,
        },
      },
    },
    streamError: [dataLine({ error: { message: "unexpected EOF", type: "api_error" } })],
    empty: "length",
  },
  azure: {
    title: "Azure OpenAI",
    opening: [
      dataLine({ choices: [], model: "", prompt_filter_results: [{ prompt_index: 0 }] }),
      delta({ role: "assistant", content: "" }, { content_filter_results: {} }),
    ],
    reasons: { stop: "stop", cut: "length" },
    lastChoice: { content_filter_results: { hate: { filtered: false, severity: "safe" } } },
    usage: TOKENS,
    endsWithDone: true,
    refusal: {
      status: 400,
      body: {
        error: {
          message: "The response was filtered due to the prompt.",
          type: null,
          param: "prompt",
          code: "content_filter",
          status: 400,
          innererror: { code: "ResponsibleAIPolicyViolation" },
        },
      },
    },
    streamError: [dataLine({ error: { code: "429", message: "Exceeded token rate limit." } })],
    empty: "content_filter",
  },
  lovable: {
    title: "Lovable",
    reasons: { stop: "stop", cut: "max_tokens" },
    usage: TOKENS,
    endsWithDone: true,
    refusal: {
      status: 402,
      body: { type: "payment_required", message: "Not enough credits", details: "" },
    },
    streamError: [
      line(
        'event: error\ndata: {"type":"rate_limited","message":"Rate limit exceeded","details":""}',
      ),
    ],
    empty: "stop",
  },
  cloudflare: {
    title: "Cloudflare",
    reasons: { stop: "", cut: "length" },
    usage: TOKENS,
    endsWithDone: true,
    isWhole: true,
    refusal: {
      status: 400,
      body: {
        success: false,
        result: [],
        error: [{ code: 2001, message: "Please configure AI Gateway" }],
      },
    },
    streamError: [
      line(
        'data: {"success":false,"errors":[{"code":3040,"message":"Capacity temporarily exceeded"}]}',
      ),
    ],
    empty: "length",
  },
};
