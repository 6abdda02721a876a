/**
 * The headers that tell clients how much they may submit: `RateLimit` and `RateLimit-Policy` of
 * draft-ietf-httpapi-ratelimit-headers-11, which are structured fields (RFC 9651).
 */
import { type RateLimit, rateLimitSchema } from "@cmo/shared/contract";
import type { FastifyReply } from "fastify";

const WINDOW_SECONDS = { minute: 60, hour: 3600, day: 86_400 } as const;
const WINDOWS = ["minute", "hour", "day"] as const;
const SCOPES = ["tenant", "user"] as const;

/** Names the window in which fewest are left, and all policies. */
export function setRateLimit(reply: FastifyReply, rate: RateLimit): void {
  const { scope, window, remaining, reset } = rate;
  const name = window === "queue" ? window : `${scope}-${window}`;
  reply.header("ratelimit", `"${name}";r=${remaining};t=${reset}`);
  reply.header("ratelimit-policy", toPolicies(rate.rates));
}

/** A refusal of the ledger says what it concerns. Members of other errors are none of this. */
export function setRefusedLimit(reply: FastifyReply, members: Readonly<Record<string, unknown>>) {
  const rate = rateLimitSchema.safeParse(members);
  if (rate.success) setRateLimit(reply, rate.data);
}

function toPolicies(rates: RateLimit["rates"]): string {
  const windows = SCOPES.flatMap((scope) =>
    WINDOWS.map((window) => {
      return `"${scope}-${window}";q=${rates[scope][window]};w=${WINDOW_SECONDS[window]}`;
    }),
  );
  return [...windows, `"queue";q=${rates.queued};qu="concurrent-requests"`].join(", ");
}
