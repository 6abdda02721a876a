/**
 * The sentences that marketers read when a run fails: what happened, and what to do next.
 *
 * They never quote the provider, whose message is in the log under the same run id.
 */
import type { ErrorCode } from "@cmo/shared/contract";

const SENTENCES = {
  rate_limited:
    "The AI service is busy with too many requests. Wait a minute, then run this again.",
  payment_required:
    "The AI credits of this project are used up. Ask whoever manages billing to add credits, then run this again.",
  budget_exceeded:
    "The budget for AI runs is used up. Ask whoever manages your plan to raise it, then run this again.",
  gateway_error:
    "The AI service had a problem and gave no usable answer. Run this again in a few minutes.",
  gateway_timeout:
    "The AI service took too long to answer. Run this again; a shorter request is answered faster.",
  gateway_refused:
    "The AI service did not accept this request. Your administrator can find the reason in the log under this run's id.",
  incomplete_stream: "The AI service stopped in the middle of its answer. Run this again.",
  invalid_output:
    "The answer did not have the form that was asked for, so it was not used. Run this again, or make the request simpler.",
  unsafe_output:
    "The answer began to repeat our internal instructions, so it was stopped and not used. Remove words that ask for them from your request, your brand's data and the conversation, then run this again.",
} as const satisfies Partial<Record<ErrorCode, string>>;

type FailureCode = keyof typeof SENTENCES;

export const FILTERED_SENTENCE =
  "The AI service declined to answer because of its content rules. Rephrase the request without sensitive topics, then run this again.";

export const THOUGHT_SENTENCE =
  "The AI model spent its whole budget on thinking and wrote no answer. Ask for less at once, then run this again; if it recurs, your administrator can raise the model's limit of tokens.";

export const TRUNCATED_SENTENCE =
  "The answer was longer than allowed and was cut off, so it could not be used. Ask for less at once, then run this again.";

export const EMPTY_SENTENCE =
  "The AI service ended its answer without writing anything. Run this again; if it recurs, word the request differently.";

/** Of failures before any text that are not tried again. */
const FRUITLESS = {
  gateway_timeout:
    "The AI service accepted the request and then sent nothing for too long. Run this again in a few minutes.",
  incomplete_stream:
    "The AI service sent something that cannot be read as an answer. Your administrator can find what it was in the log under this run's id.",
  gateway_error:
    "The AI service stopped before it wrote anything. Run this again in a few minutes.",
} as const satisfies Partial<Record<ErrorCode, string>>;

export function fruitlessSentence(code: ErrorCode): string {
  return isFruitlessCode(code) ? FRUITLESS[code] : failureSentence(code);
}

/** The sentence of a code. Codes that the gateway should never report read as its failure. */
export function failureSentence(code: ErrorCode): string {
  return isFailureCode(code) ? SENTENCES[code] : SENTENCES.gateway_error;
}

function isFailureCode(code: ErrorCode): code is FailureCode {
  return Object.hasOwn(SENTENCES, code);
}

function isFruitlessCode(code: ErrorCode): code is keyof typeof FRUITLESS {
  return Object.hasOwn(FRUITLESS, code);
}
