/** Faults that are told with a status: there is no stream at all. */
import type { Fault } from "./fault.ts";
import type { Refusal } from "./read-chat-request.ts";

const SECONDS = { means: "seconds to wait", default: 2 };

export const REFUSALS: Readonly<Record<string, Fault>> = {
  "429": {
    description: "Rate limited, without a word on when to come back.",
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
    // A date has no fractions of a second: it is the first one that is late enough.
    refuse: (n) => rateLimited(new Date(Math.ceil(Date.now() / 1_000 + n) * 1_000).toUTCString()),
  },
  "429-retry-after-negative": {
    description: "Rate limited, with a Retry-After header that lies in the past.",
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
    description: "An internal error, as a bare sentence.",
    refuse: () => ({ status: 500, body: { error: "Internal error of the demo gateway" } }),
  },
  "502-html": {
    description: "A web page from a proxy, as when the gateway itself is away.",
    refuse: () => ({ status: 502, body: "<html><body><h1>502 Bad Gateway</h1></body></html>" }),
  },
  "503": {
    description: "Unavailable, as while it is deployed.",
    refuse: () => ({
      status: 503,
      body: openAiError("The service is overloaded", "service_unavailable"),
    }),
  },
  "model-not-found": {
    description: "The model is refused, as when it has been retired.",
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
