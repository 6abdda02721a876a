/**
 * JSON bodies, strictly: valid UTF-8, bounded in depth, without keys that poison prototypes, and
 * without text that the database cannot store. Each refusal comes before any work is done.
 */
import { AppError } from "@cmo/shared/runtime";
import type { FastifyRequest } from "fastify";
import { JSON_DEPTH_LIMIT } from "../policy.ts";
import type { App } from "./app-instance.ts";
import { invalidRequest } from "./errors.ts";

/** The Supabase client sends bodies that are already strings as `text/plain`. */
const JSON_TYPES = ["application/json", "text/plain"];

export function registerJsonBody(app: App): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    JSON_TYPES,
    { parseAs: "buffer" },
    async (_request: FastifyRequest, bytes: Buffer) => parseBody(bytes),
  );

  app.addHook("onRequest", async (request) => {
    const encoding = request.headers["content-encoding"];
    if (encoding !== undefined && encoding !== "identity") {
      throw new AppError("unsupported_media_type", "Send the body without Content-Encoding.");
    }
  });
}

/** Undefined for an empty body, which clients send to routes that need none. */
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
    // A byte order mark is left in, for JSON to refuse: the standard forbids sending one.
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

/** Counts brackets outside of strings, in one pass: nothing is built before the depth is known. */
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
      throw new AppError("invalid_request", `JSON may be nested ${JSON_DEPTH_LIMIT} levels deep.`);
    }
  }
}

function checkMembers(value: unknown, path: string): void {
  if (typeof value === "string" && !isStorable(value)) throw refuse(path, UNSTORABLE);
  // JSON has no infinity: `1e309` would be read as one, and could not be stored again.
  if (value === Infinity || value === -Infinity) throw refuse(path, "Is too large a number");
  if (typeof value !== "object" || value === null) return;
  for (const [key, member] of Object.entries(value)) {
    if (!isStorable(key)) throw refuse(path, UNSTORABLE);
    const place = path === "" ? key : `${path}.${key}`;
    if (isPoison(key, member)) throw refuse(place, "Is not a name that a member can have");
    checkMembers(member, place);
  }
}

const UNSTORABLE = "Contains a NUL character or half of a surrogate pair";

/** Postgres refuses both in JSON, which would show only after the run was accepted. */
function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes("\0");
}

/** Harmless here, but not in whatever merges it later. */
function isPoison(key: string, member: unknown): boolean {
  if (key === "__proto__") return true;
  if (key !== "constructor" || typeof member !== "object" || member === null) return false;
  return Object.hasOwn(member, "prototype");
}

function refuse(path: string, message: string): AppError {
  return invalidRequest([{ path, message }]);
}
