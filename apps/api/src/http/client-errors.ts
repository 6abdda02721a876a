/**
 * Errors of the HTTP parser: bytes that are not HTTP, headers that are too large, requests that
 * take too long to arrive. They get problem responses like all other errors.
 */
import { randomUUID } from "node:crypto";
import { type ServerResponse, STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import { AppError, expectedError } from "@cmo/shared/runtime";
import type { App } from "./app-instance.ts";
import { toProblem } from "./errors.ts";

interface ClientErrors {
  /** For Fastify's `clientErrorHandler`. */
  readonly answer: (error: Error & { readonly code?: unknown }, socket: Socket) => void;
  /** Tracks the responses in progress, so that no error is written into one of them. */
  watch(app: App): void;
}

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
      socket.end(toResponse(toClientError(error.code)), () => socket.destroy());
    },
    watch(app) {
      app.server.on("request", ({ socket }, response) => answers.set(socket, response));
    },
  };
}

function toClientError(code: unknown): AppError {
  switch (code) {
    case "ERR_HTTP_REQUEST_TIMEOUT":
      return expectedError("request_timeout");
    case "HPE_HEADER_OVERFLOW":
      return expectedError("headers_too_large");
    default:
      return new AppError("invalid_request", "The request is not valid HTTP.");
  }
}

function toResponse(error: AppError): string {
  const problem = toProblem(error, randomUUID());
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
