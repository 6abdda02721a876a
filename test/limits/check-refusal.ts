/**
 * Whether a refusal for a limit says all that a client needs. The headers are parsed by a library of
 * structured fields that knows nothing of this API.
 */
import { problemSchema, rateLimitSchema } from "@cmo/shared/contract";
import { parseList } from "structured-headers";
import { z } from "zod";
import type { Answer } from "../support/http.ts";

/** Null when it is well-formed, otherwise what is wrong. */
export function findFlaw(by: "api" | "rpc", answer: Answer): string | null {
  try {
    if (answer.status !== 429) return `status ${answer.status} instead of 429`;
    return by === "api" ? flawOfProblem(answer) : flawOfRpc(JSON.parse(answer.text));
  } catch (error) {
    return `not readable: ${error instanceof Error ? error.message : String(error)}`;
  }
}

const SENTENCE = /(The next (minute|hour|day) begins at .* UTC: retry in|Retry when) .*\.$/;
const refusalSchema = rateLimitSchema.extend({
  remaining: z.literal(0),
  opens_at: z.iso.datetime({ offset: true }).nullable(),
});

function flawOfProblem({ headers, text }: Answer): string | null {
  if (!headers.get("content-type")?.startsWith("application/problem+json")) return "no problem";
  const problem = problemSchema.parse(JSON.parse(text));
  const { limit, window, reset } = refusalSchema.parse(problem);
  if (!problem.retryable || problem.error !== "Rate limits exceeded") return "no refusal to retry";
  if (!SENTENCE.test(problem.detail)) return `no sentence: ${problem.detail}`;
  const retryAfter = headers.get("retry-after");
  if (retryAfter !== String(problem.retry_after)) return `Retry-After: ${retryAfter}`;
  if (Number(retryAfter) !== reset || reset < 1) return `Retry-After: ${retryAfter}, not ${reset}`;
  return flawOfHeaders(headers, { limit, window });
}

const itemSchema = z.tuple([z.string(), z.map(z.string(), z.union([z.int(), z.string()]))]);

/** Of the policies, one must be that of the window that is used up. */
function flawOfHeaders(
  headers: Headers,
  { limit, window }: { readonly limit: number; readonly window: string },
): string | null {
  const read = (name: string) =>
    z.array(itemSchema).parse(parseList(headers.get(name) ?? "missing"));
  const [current, ...more] = read("ratelimit");
  if (!current || more.length > 0) return "RateLimit names no window, or several";
  const [name, left] = current;
  if (!name.endsWith(window)) return `RateLimit names ${name} instead of ${window}`;
  if (left.get("r") !== 0 || typeof left.get("t") !== "number") return "RateLimit leaves something";
  const policy = read("ratelimit-policy").find(([one]) => one === name)?.[1];
  if (policy?.get("q") !== limit) return `RateLimit-Policy allows ${policy?.get("q")}`;
  if (!policy.has("w") && !policy.has("qu")) return "RateLimit-Policy has no window and no unit";
  return null;
}

const rpcSchema = z.object({
  code: z.literal("PT429"),
  message: z.enum(["rate_limited", "queue_full"]),
  details: z.string(),
});

function flawOfRpc(body: unknown): string | null {
  const { details } = rpcSchema.parse(body);
  const refusal = refusalSchema
    .extend({ retry_after: z.int().positive(), message: z.string() })
    .parse(JSON.parse(details));
  return SENTENCE.test(refusal.message) ? null : `no sentence: ${refusal.message}`;
}
