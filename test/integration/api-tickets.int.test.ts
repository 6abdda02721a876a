/** Tickets for streams, read by a client of server-sent events that sends no header. */
import { runSchema } from "@cmo/shared/contract";
import { createParser, type EventSourceMessage } from "eventsource-parser";
import { Redis } from "ioredis";
import { describe, expect, inject, test } from "vitest";
import { z } from "zod";
import { startApi } from "../support/api.ts";
import { createScriptedWorker } from "../support/scripted-worker.ts";
import { createTenant, type TestUser } from "../support/tenant.ts";

const api = await startApi();
const worker = await createScriptedWorker();
const ticketSchema = z.object({ ticket: z.string(), url: z.string() });

async function submit(user: TestUser): Promise<string> {
  const json = { mode: "strategy", payload: { primaryGoal: "More sales" } };
  const response = await api.fetch("/v1/runs", user.token, { json });
  return runSchema.parse(await response.json()).id;
}

async function issueTicket(user: TestUser, runId: string) {
  const response = await api.fetch(`/v1/runs/${runId}/ticket`, user.token, { method: "POST" });
  expect(response.status).toBe(200);
  return ticketSchema.parse(await response.json());
}

const open = (path: string) => fetch(`${api.url}${path}`);

async function readMessages(response: Response): Promise<readonly EventSourceMessage[]> {
  const messages: EventSourceMessage[] = [];
  const parser = createParser({ onEvent: (message) => void messages.push(message) });
  parser.feed(await response.text());
  return messages;
}

describe("a ticket", () => {
  test("opens the stream of its run once, without a header", async () => {
    const { user } = await createTenant();
    const runId = await submit(user);
    const attempt = await worker.claim(runId);
    await attempt.say("Hi");
    await attempt.complete({ plan_name: "P" });
    const { url } = await issueTicket(user, runId);
    const response = await open(`${url}&named=0`);
    expect(response.status).toBe(200);
    const messages = await readMessages(response);
    expect(messages.map(({ event }) => event)).toEqual(messages.map(() => undefined));
    const types = messages.map(({ data }) =>
      z.object({ type: z.string() }).parse(JSON.parse(data)),
    );
    expect(types.map(({ type }) => type)).toEqual(["run", "attempt", "delta", "completed"]);

    const again = await open(url);
    expect([again.status, await again.json()]).toEqual([
      401,
      expect.objectContaining({ code: "invalid_ticket" }),
    ]);
  });

  test("opens neither another run nor another route, and nobody else's run has one", async () => {
    const [{ user }, { user: other }] = [await createTenant(), await createTenant()];
    const [runId, otherId] = [await submit(user), await submit(user)];
    const { ticket } = await issueTicket(user, runId);
    expect((await open(`/v1/runs/${otherId}/events?ticket=${ticket}`)).status).toBe(401);
    const { ticket: second } = await issueTicket(user, runId);
    expect((await open(`/v1/runs/${runId}?ticket=${second}`)).status).toBe(401);
    expect((await open(`/v1/runs/${runId}/events?ticket=guessed`)).status).toBe(401);
    const foreign = await api.fetch(`/v1/runs/${runId}/ticket`, other.token, { method: "POST" });
    expect(foreign.status).toBe(404);
  });

  test("is not in Redis, and neither is the token that it stands for", async () => {
    const { user } = await createTenant();
    const { ticket } = await issueTicket(user, await submit(user));
    const redis = new Redis(inject("stack").redisUrl);
    try {
      const keys = await redis.keys("{ticket:*");
      expect(keys.length).toBeGreaterThan(0);
      for (const key of keys) {
        const held = (await redis.getBuffer(key))?.toString("latin1") ?? "";
        expect(key + held).not.toContain(ticket);
        expect(held).not.toContain(user.token.slice(0, 20));
        expect(await redis.ttl(key)).toBeGreaterThan(0);
      }
    } finally {
      redis.disconnect();
    }
  });
});
