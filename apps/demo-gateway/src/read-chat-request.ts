/** Validates a request strictly: the headers and body of the contract, and nothing similar. */
import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { z } from "zod";

const chatRequestSchema = z.looseObject({
  model: z.string().min(1),
  messages: z
    .array(z.object({ role: z.enum(["system", "user", "assistant"]), content: z.string() }))
    .min(1),
  stream: z.literal(true),
});

type ChatRequest = z.infer<typeof chatRequestSchema>;
export type ChatMessage = ChatRequest["messages"][number];

/** An answer that is not a stream. Gateways refuse in three JSON shapes, and in HTML. */
export interface Refusal {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Bytes are sent unchanged, other objects as JSON, text as a web page. */
  readonly body: object | string | Uint8Array<ArrayBuffer>;
}

export type Reading =
  | { readonly kind: "accepted"; readonly request: ChatRequest }
  | { readonly kind: "refused"; readonly refusal: Refusal };

export interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly key: string;
}

export function readChatRequest({ headers, body, key }: Received): Reading {
  if (!isAuthorized(headers.authorization, key)) return refused(UNAUTHORIZED);
  if (!/^application\/json\s*(;|$)/i.test(headers["content-type"] ?? "")) {
    return refused(newRefusal(415, "Send the body as Content-Type: application/json."));
  }
  const parsed = chatRequestSchema.safeParse(parseJson(body));
  if (parsed.success) return { kind: "accepted", request: parsed.data };
  return refused(
    newRefusal(
      400,
      `The body is not a streaming chat completion request. ${problemsOf(parsed.error)}`,
    ),
  );
}

export function newRefusal(status: number, message: string, code = "invalid_request"): Refusal {
  return { status, body: { error: { message, type: "invalid_request_error", code } } };
}

const UNAUTHORIZED: Refusal = {
  status: 401,
  body: {
    type: "unauthorized",
    message: "Send `Authorization: Bearer <key>` with the key of this demo gateway.",
    details: "",
  },
};

/** Hashed first, because a constant-time comparison needs inputs of equal length. */
function isAuthorized(authorization: string | undefined, key: string): boolean {
  const given = /^Bearer\s+(.+)$/i.exec(authorization ?? "")?.[1] ?? "";
  return timingSafeEqual(digest(given), digest(key));
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    // The schema refuses a body that is not JSON like any other invalid body.
    return undefined;
  }
}

function problemsOf(error: z.ZodError): string {
  return error.issues
    .map(({ path, message }) => `${path.join(".") || "body"}: ${message}`)
    .join("; ");
}

function refused(refusal: Refusal): Reading {
  return { kind: "refused", refusal };
}
