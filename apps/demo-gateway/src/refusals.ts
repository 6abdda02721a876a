/** Faults that are an HTTP status instead of a stream. */
import type { Fault } from "./fault.ts";
import type { Refusal } from "./read-chat-request.ts";

const SECONDS = { means: "seconds to wait", default: 2 };

export const REFUSALS: Readonly<Record<string, Fault>> = {
  "429": {
    description: "Rate limited, without a Retry-After header.",
    refuse: () => ({ status: 429, body: openAiError("Rate limit reached", "rate_limit_exceeded") }),
  },
  "429-retry-after": {
    description: "Rate limited, with a Retry-After header.",
    number: SECONDS,
    refuse: (n) => rateLimited(String(n)),
  },
  "429-retry-after-date": {
    description: "Rate limited, with a Retry-After header that is a date.",
    number: SECONDS,
    // A date has no fractions of a second, so it is rounded up.
    refuse: (n) => rateLimited(new Date(Math.ceil(Date.now() / 1_000 + n) * 1_000).toUTCString()),
  },
  "429-retry-after-negative": {
    description: "Rate limited, with a negative Retry-After header.",
    refuse: () => rateLimited("-1"),
  },
  "429-retry-after-garbage": {
    description: "Rate limited, with a Retry-After header that is neither a number nor a date.",
    refuse: () => rateLimited("soon, maybe"),
  },
  "402": {
    description: "The credits are used up.",
    refuse: () => ({
      status: 402,
      body: { type: "payment_required", message: "Not enough credits", details: "" },
    }),
  },
  "500": {
    description: "An internal error, with the error as plain text in JSON.",
    refuse: () => ({ status: 500, body: { error: "Internal error of the demo gateway" } }),
  },
  "502-html": {
    description: "A web page from a proxy, as when the gateway is down.",
    refuse: () => ({ status: 502, body: "<html><body><h1>502 Bad Gateway</h1></body></html>" }),
  },
  "503": {
    description: "Unavailable, as during a deployment.",
    refuse: () => ({
      status: 503,
      body: openAiError("The service is overloaded", "service_unavailable"),
    }),
  },
  "model-not-found": {
    description: "The model does not exist, as after its retirement.",
    refuse: () => ({
      status: 404,
      body: openAiError("The model does not exist", "model_not_found"),
    }),
  },
};

function rateLimited(retryAfter: string): Refusal {
  return {
    status: 429,
    headers: { "retry-after": retryAfter },
    body: openAiError("Rate limit reached", "rate_limit_exceeded"),
  };
}

function openAiError(message: string, code: string): object {
  return { error: { message, type: code, code } };
}
