/**
 * What never becomes a request: bytes that are not HTTP, headers without end, senders that take
 * for ever. The server's parser complains of them, and they are answered as problems too.
 */
import { randomUUID } from "node:crypto";
import { type ServerResponse, STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import type { ErrorCode } from "@cmo/shared/contract";
import { AppError } from "@cmo/shared/runtime";
import type { App } from "./app-instance.ts";
import { toProblem } from "./errors.ts";

interface ClientErrors {
  /** For Fastify's `clientErrorHandler`. */
  readonly answer: (error: Error & { readonly code?: unknown }, socket: Socket) => void;
  /** Knows what is being answered, so that no complaint is written into the midst of it. */
  watch(app: App): void;
}

const NOT_HTTP = ["invalid_request", "This is not a valid HTTP request."] as const;
const COMPLAINTS: ReadonlyMap<unknown, readonly [code: ErrorCode, detail: string]> = new Map([
  ["ERR_HTTP_REQUEST_TIMEOUT", ["request_timeout", "The request took too long to arrive."]],
  ["HPE_HEADER_OVERFLOW", ["headers_too_large", "The address and headers may have 16 KiB."]],
]);

export function createClientErrors(): ClientErrors {
  const answers = new WeakMap<Socket, ServerResponse>();
  return {
    answer(error, socket) {
      const known = answers.get(socket);
      const isAnswering = known?.headersSent && !known.writableFinished;
      if (error.code === "ECONNRESET" || !socket.writable || isAnswering) {
        socket.destroy();
        return;
      }
      socket.end(toResponse(...(COMPLAINTS.get(error.code) ?? NOT_HTTP)), () => socket.destroy());
    },
    watch(app) {
      app.server.on("request", ({ socket }, response) => answers.set(socket, response));
    },
  };
}

function toResponse(code: ErrorCode, detail: string): string {
  const problem = toProblem(new AppError(code, detail), randomUUID());
  const body = JSON.stringify(problem);
  const head = [
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}`,
    "content-type: application/problem+json",
    `content-length: ${Buffer.byteLength(body)}`,
    `x-request-id: ${problem.request_id}`,
    "x-content-type-options: nosniff",
    "connection: close",
  ];
  return `${head.join("\r\n")}\r\n\r\n${body}`;
}
