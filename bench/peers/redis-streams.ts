/** resumable-stream's context on the Redis that all systems share. */
import { Redis } from "ioredis";
import { createResumableStreamContext } from "resumable-stream/ioredis";
import { required } from "../programs/serve-parent.ts";

export async function makeResumable(
  makeStream: () => ReadableStream<string>,
): Promise<ReadableStream<string>> {
  const stream = await context.createNewResumableStream(crypto.randomUUID(), makeStream);
  if (!stream) throw new Error("The stream is done already.");
  return stream;
}

const context = createResumableStreamContext({
  waitUntil: null,
  publisher: new Redis(required("REDIS_URL")),
  subscriber: new Redis(required("REDIS_URL")),
});
