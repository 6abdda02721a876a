/**
 * Parses JSON bodies strictly: valid UTF-8, limited depth, no keys that pollute prototypes, and no
 * text that the database cannot store. Invalid bodies are refused before any other work.
 */
import { AppError } from "@cmo/shared/runtime";
import type { FastifyRequest } from "fastify";
import { JSON_DEPTH_LIMIT } from "../policy.ts";
import type { App } from "./app-instance.ts";
import { invalidRequest } from "./errors.ts";

declare module "fastify" {
  interface FastifyContextConfig {
    /** The body goes to another server, in whatever encoding it comes. */
    readonly isPassedOn?: boolean;
  }
}

/** The Supabase client sends string bodies as `text/plain`. */
const JSON_TYPES = ["application/json", "text/plain"];

export function registerJsonBody(app: App): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    JSON_TYPES,
    { parseAs: "buffer" },
    async (_request: FastifyRequest, bytes: Buffer) => parseBody(bytes),
  );

  app.addHook("onRequest", async (request) => {
    if (request.routeOptions.config.isPassedOn) return;
    const encoding = request.headers["content-encoding"];
    if (encoding !== undefined && encoding !== "identity") {
      throw new AppError(
        "unsupported_media_type",
        "`Content-Encoding` is not supported. Send the body uncompressed.",
      );
    }
  });
}

/** Undefined for an empty body, which clients send to routes without a body. */
export function parseBody(bytes: Buffer): unknown {
  const text = decodeText(bytes);
  if (/^[ \t\r\n]*$/.test(text)) return undefined;
  checkDepth(text);
  const body = parseJson(text);
  checkMembers(body, "");
  return body;
}

function decodeText(bytes: Buffer): string {
  try {
    // The byte order mark is kept, so that parsing refuses it: RFC 8259 forbids it.
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new AppError("malformed_json", "The body is not valid UTF-8.", { cause });
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new AppError("malformed_json", "The body is not valid JSON.", { cause });
  }
}

/** Counts the brackets outside strings before parsing, so that deep input is never built. */
function checkDepth(text: string): void {
  let depth = 0;
  let inString = false;
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index];
    if (inString && character === "\\") index += 1;
    else if (character === '"') inString = !inString;
    else if (inString) continue;
    else if (character === "[" || character === "{") depth += 1;
    else if (character === "]" || character === "}") depth -= 1;
    if (depth > JSON_DEPTH_LIMIT) {
      throw new AppError(
        "invalid_request",
        `The JSON must not exceed ${JSON_DEPTH_LIMIT} levels of nesting.`,
      );
    }
  }
}

function checkMembers(value: unknown, path: string): void {
  if (typeof value === "string" && !isStorable(value)) throw refuse(path, UNSTORABLE);
  // JSON has no infinity: `1e309` is parsed as one, and cannot be serialized again.
  if (value === Infinity || value === -Infinity) throw refuse(path, "The number is too large");
  if (typeof value !== "object" || value === null) return;
  for (const [key, member] of Object.entries(value)) {
    if (!isStorable(key)) throw refuse(path, UNSTORABLE);
    const place = path === "" ? key : `${path}.${key}`;
    if (isPolluting(key, member)) throw refuse(place, "This member name is not allowed");
    checkMembers(member, place);
  }
}

const UNSTORABLE = "Contains a NUL character or half of a surrogate pair";

/** Postgres refuses both in JSON, but only after the run has been accepted. */
function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes("\0");
}

/** Harmless here, but not to code that merges objects later. */
function isPolluting(key: string, member: unknown): boolean {
  if (key === "__proto__") return true;
  if (key !== "constructor" || typeof member !== "object" || member === null) return false;
  return Object.hasOwn(member, "prototype");
}

function refuse(path: string, message: string): AppError {
  return invalidRequest([{ path, message }]);
}
