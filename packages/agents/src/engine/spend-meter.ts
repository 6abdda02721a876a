/**
 * Keeps what an attempt spends within what is reserved for it.
 *
 * It counts the tokens of the call in progress: those of the prompt when the call begins, those of the
 * answer with every piece. Before the reserve is used up it draws more. A piece that arrives after that
 * waits for the answer, and once more is refused, the call ends: what is spent exceeds the reserve by one
 * piece at most.
 *
 * At every draw it counts with the tokenizer that estimates the bill of a call that was stopped. Between
 * draws it guesses what has been added, rather too much than too little. The bill of a call that ends by
 * itself is made of what the gateway reports.
 */
import type { AttemptCall } from "@cmo/shared/contract";
import type { ChatMessage } from "../agent/chat-message.ts";
import { BYTES_PER_TOKEN, FEWEST_BYTES_PER_TOKEN } from "../tokens/rough-tokens.ts";
import { toUsage } from "./call-tally.ts";
import { bytesOf, type CountTokens, estimateUsage, MESSAGE_TOKENS } from "./estimate-usage.ts";

/** The ledger's answer to a draw. */
export type DrawReply =
  /** The answer of the call may grow to so many tokens; null: to any number. */
  | { readonly kind: "granted"; readonly tokens: number | null }
  /** The message is for the user who waits. */
  | { readonly kind: "refused"; readonly message: string };

/** `calls` are those of the attempt, the last with the tokens that are counted so far. */
type Draw = (calls: readonly AttemptCall[]) => Promise<DrawReply>;

export interface SpendMeter {
  /** Before a call; `calls` ends with it. False: the call must not be made. */
  begin(calls: readonly AttemptCall[], messages: readonly ChatMessage[]): Promise<boolean>;
  /** The gateway asks this model: another than the first when it refuses that one. */
  asked(model: string): void;
  /** After a piece of the answer. False: nothing more is wanted. A promise lets the answer wait. */
  take(piece: string): boolean | Promise<boolean>;
  /** Why nothing more may be spent; null while something may. */
  readonly refusal: string | null;
}

/** For a run without a budget. */
export const UNMETERED: SpendMeter = {
  begin: () => Promise.resolve(true),
  asked: () => {},
  take: () => true,
  refusal: null,
};

/** More is drawn when this share of what was granted is left: about as long as a draw takes. */
const DRAWN_AT = 0.5;

export interface MeterOptions {
  readonly draw: Draw;
  /** The one that will be asked first, by which a prompt is priced before it is sent. */
  readonly model: string;
  /** Without it everything is guessed. */
  readonly countTokens?: CountTokens;
  /** Once, when a draw is refused: the tokens of the piece that arrived last. */
  readonly onRefused?: (pieceTokens: number) => void;
}

export function newSpendMeter(options: MeterOptions): SpendMeter {
  const { draw, model, onRefused } = options;
  const count = newCount(options.countTokens);
  let counted: readonly AttemptCall[] = [];
  let askedModel = model;
  let pieceBytes = 0;
  let grantedTokens = 0;
  let drawAtTokens = 0;
  let drawing: Promise<void> | null = null;
  let refusal: string | null = null;
  let thrown: { readonly error: unknown } | null = null;

  const isWithin = () => count.answerTokens() < grantedTokens;

  /** Never rejects: a draw may be under way while nobody waits for it. */
  async function drawMore(): Promise<void> {
    try {
      const usage = await count.take();
      const at = usage.completion_tokens;
      const reply = await draw(withUsage(counted, askedModel, usage));
      if (reply.kind === "refused") {
        // guards G30: stop
        refusal = reply.message;
        onRefused?.(count.guess(pieceBytes));
        return;
      }
      const granted = reply.tokens ?? Number.POSITIVE_INFINITY;
      // When nothing was added, the next draw is the last word, and waits until all is used.
      drawAtTokens = granted > grantedTokens ? at + (granted - at) * (1 - DRAWN_AT) : granted;
      grantedTokens = granted;
    } catch (error) {
      thrown = { error };
    }
  }
  function startDraw(): Promise<void> {
    drawing ??= drawMore().finally(() => {
      drawing = null;
    });
    return drawing;
  }
  async function untilDecided(): Promise<boolean> {
    while (refusal === null && thrown === null && !isWithin()) await startDraw();
    if (thrown !== null) throw thrown.error;
    return refusal === null;
  }

  return {
    async begin(calls, messages) {
      await drawing;
      counted = calls;
      askedModel = model;
      count.begin(messages);
      grantedTokens = 0;
      return untilDecided();
    },
    asked(asked) {
      askedModel = asked;
    },
    take(piece) {
      pieceBytes = count.add(piece);
      if (count.answerTokens() >= drawAtTokens) void startDraw();
      return thrown === null && refusal === null && isWithin() ? true : untilDecided();
    },
    get refusal() {
      return refusal;
    },
  };
}

/** The tokens of a call in progress. */
function newCount(countTokens: CountTokens | undefined) {
  const bytesPerToken = countTokens ? FEWEST_BYTES_PER_TOKEN : BYTES_PER_TOKEN;
  const guess = (bytes: number) => Math.ceil(bytes / bytesPerToken);
  let messages: readonly ChatMessage[] = [];
  let text = "";
  let bytes = 0;
  /** What the tokenizer has said, and of how much. */
  let known = { tokens: 0, bytes: 0 };

  return {
    guess,
    begin(asked: readonly ChatMessage[]) {
      messages = asked;
      text = "";
      bytes = 0;
      known = { tokens: 0, bytes: 0 };
    },
    /** Returns the bytes of the piece. */
    add(piece: string): number {
      const added = Buffer.byteLength(piece);
      if (countTokens) text += piece;
      bytes += added;
      return added;
    },
    answerTokens: () => known.tokens + guess(bytes - known.bytes),
    /** What the call has used so far. */
    async take() {
      const at = bytes;
      if (!countTokens) {
        return toUsage(guess(bytesOf(messages)) + MESSAGE_TOKENS * messages.length, guess(at));
      }
      const usage = await estimateUsage(countTokens, messages, { text, hiddenLength: 0 });
      known = { tokens: usage.completion_tokens, bytes: at };
      return usage;
    },
  };
}

/** The last call with what is counted of it. */
function withUsage(
  calls: readonly AttemptCall[],
  model: string,
  usage: AttemptCall["usage"],
): readonly AttemptCall[] {
  return calls.map((call, index) =>
    index === calls.length - 1 ? { ...call, model, usage } : call,
  );
}
