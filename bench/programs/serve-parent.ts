/** The other side of `startProgram`: says that it is ready, answers calls, ends with its parent. */
import type { Server } from "node:http";
import type { Call, Calls, Handlers, Ready, Reply } from "./calls.ts";

const LOOPBACK = "127.0.0.1";

export function serveParent<Known extends Calls>(handlers: Handlers<Known>, url?: string): void {
  process.on("message", (message) => {
    if (isCall(message)) void answer(handlers, message);
  });
  for (const event of ["SIGTERM", "disconnect"] as const)
    process.once(event, () => process.exit(0));
  send({ ready: true, ...(url === undefined ? {} : { url }) });
}

/** Listens on any free port of the loopback address. */
export async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen({ port: 0, host: LOOPBACK, backlog: 4096 }, resolve);
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The server has no port.");
  return `http://${LOOPBACK}:${address.port}`;
}

/** A variable that `startProgram` was given for this program. */
export function required(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set.`);
  return value;
}

async function answer<Known extends Calls>(handlers: Handlers<Known>, call: Call): Promise<void> {
  try {
    const handler = handlers[call.name];
    if (!handler) throw new Error(`There is no call ${call.name}.`);
    send({ call: call.call, answer: await handler(call.question) });
  } catch (error) {
    send({ call: call.call, error: error instanceof Error ? (error.stack ?? "") : String(error) });
  }
}

function isCall(message: unknown): message is Call {
  return typeof message === "object" && message !== null && "call" in message && "name" in message;
}

function send(message: Ready | Reply): void {
  process.send?.(message);
}
