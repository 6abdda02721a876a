/**
 * Tickets for clients that cannot send a header, such as a browser's `EventSource`: one opens one stream of
 * one run, once and within a minute, as the user to whom it was issued.
 *
 * A ticket stands in a URL, and so in histories and logs of proxies. It is worth nothing there: it is used up
 * by the connection that it opens. Redis holds the user's token under the hash of the ticket and encrypted
 * with it: who reads Redis has no token, and who has a ticket has none either.
 */
import { createCipheriv, createDecipheriv, createHash, randomBytes } from "node:crypto";
import { connectProducer } from "../redis/index.ts";
import type { Logger } from "../runtime/index.ts";

export interface StreamTickets {
  /** Rejects when Redis does not answer. */
  issue(runId: string, token: string): Promise<string>;
  /** The token of the user, once; null for a ticket that is unknown, used, too old or of another run. */
  redeem(ticket: string, runId: string): Promise<string | null>;
  close(): Promise<void>;
}

export const TICKET_SECONDS = 60;
/** More than anybody can guess, and it fits into any URL. */
const TICKET_BYTES = 32;
const TICKET = /^[A-Za-z0-9_-]{43}$/;
const CIPHER = "aes-256-gcm";
const IV_BYTES = 12;
const TAG_BYTES = 16;

export function createStreamTickets({ url, log }: { url: string; log: Logger }): StreamTickets {
  const redis = connectProducer(url, log);
  return {
    async issue(runId, token) {
      const ticket = randomBytes(TICKET_BYTES).toString("base64url");
      await redis.set(keyOf(ticket), encrypt(token, ticket, runId), "EX", TICKET_SECONDS);
      return ticket;
    },
    async redeem(ticket, runId) {
      if (!TICKET.test(ticket)) return null;
      const held = await redis.getdelBuffer(keyOf(ticket));
      return held === null ? null : decrypt(held, ticket, runId);
    },
    async close() {
      redis.disconnect();
    },
  };
}

const digest = (purpose: string, ticket: string): Buffer =>
  createHash("sha256").update(purpose).update(ticket).digest();

function keyOf(ticket: string): string {
  return `{ticket:${digest("name", ticket).toString("base64url")}}`;
}

/** The key is used for this one message. A ticket for another run does not open it. */
function encrypt(token: string, ticket: string, runId: string): Buffer {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(CIPHER, digest("key", ticket), iv).setAAD(Buffer.from(runId));
  const text = Buffer.concat([cipher.update(token, "utf8"), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), text]);
}

function decrypt(held: Buffer, ticket: string, runId: string): string | null {
  const iv = held.subarray(0, IV_BYTES);
  const tag = held.subarray(IV_BYTES, IV_BYTES + TAG_BYTES);
  const decipher = createDecipheriv(CIPHER, digest("key", ticket), iv, { authTagLength: TAG_BYTES })
    .setAAD(Buffer.from(runId))
    .setAuthTag(tag);
  try {
    const text = [decipher.update(held.subarray(IV_BYTES + TAG_BYTES)), decipher.final()];
    return Buffer.concat(text).toString("utf8");
  } catch {
    // It was issued for another run.
    return null;
  }
}
