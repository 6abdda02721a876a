/** The native stream over HTTP: where it begins, how it ends, and how it is taken up again. */
import { once } from "node:events";
import { connect } from "node:net";
import { type Run, runPageSchema, runSchema } from "@cmo/shared/contract";
import { Redis } from "ioredis";
import { describe, expect, inject, test } from "vitest";
import { startApi } from "../support/api.ts";
import { eventually } from "../support/eventually.ts";
import { createScriptedWorker } from "../support/scripted-worker.ts";
import { readSse } from "../support/sse.ts";
import { createTenant } from "../support/tenant.ts";

const api = await startApi();
const worker = await createScriptedWorker();
const { user } = await createTenant();
const submission = { mode: "strategy", payload: {} };

async function submit(): Promise<Run> {
  const response = await api.fetch("/v1/runs", user.token, { json: submission });
  return runSchema.parse(await response.json());
}

function follow(id: string, query = "", headers: Record<string, string> = {}): Promise<Response> {
  return api.fetch(`/v1/runs/${id}/events${query}`, user.token, { headers });
}

describe("a native stream", () => {
  test("begins with the run, carries ids, and closes after the one ending", async () => {
    const run = await submit();
    const response = await follow(run.id);
    expect(response.headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
    expect(response.headers.get("cache-control")).toBe("no-cache, no-transform");
    expect(response.headers.get("x-accel-buffering")).toBe("no");
    expect(response.headers.get("access-control-allow-origin")).toBe("*");
    const attempt = await worker.claim(run.id);
    await attempt.say("Hel");
    await attempt.say("lo");
    await attempt.complete({ plan_name: "P" });
    const events = await readSse(response).rest();
    expect(events.map(({ event, id }) => [event, id])).toEqual([
      ["run", undefined],
      ["attempt", "1-0"],
      ["delta", "1-1"],
      ["delta", "1-2"],
      ["completed", "1-999999999"],
    ]);
    expect(JSON.parse(events.at(-1)?.data ?? "")).toMatchObject({ output: { plan_name: "P" } });
  });

  test("can be asked for with the submit itself", async () => {
    const headers = { accept: "text/event-stream" };
    const response = await api.fetch("/v1/runs", user.token, { json: submission, headers });
    expect(response.status).toBe(200);
    const stream = readSse(response);
    const { data } = await stream.until(({ event }) => event === "run");
    await (await worker.claim(runSchema.parse(JSON.parse(data)).id)).complete({});
    expect((await stream.rest()).at(-1)?.event).toBe("completed");
  });

  test("taken up at a cursor misses nothing and repeats nothing", async () => {
    const run = await submit();
    const attempt = await worker.claim(run.id);
    for (const piece of ["a", "b", "c"]) await attempt.say(piece);
    const resumed = readSse(await follow(run.id, "", { "last-event-id": "1-2" }));
    await attempt.say("d");
    await attempt.complete({});
    const events = (await resumed.rest()).filter(({ event }) => event === "delta");
    expect(events.map(({ data }) => JSON.parse(data).text)).toEqual(["c", "d"]);

    const later = await readSse(await follow(run.id, "?after=1-3")).rest();
    expect(later.map(({ event }) => event)).toEqual(["run", "delta", "completed"]);
  });

  test("a cursor that is none, or that the run has not reached, is 400", async () => {
    const run = await submit();
    for (const after of ["x", "1-", "-1-0", "1-2-3", "7-0"]) {
      const response = await follow(run.id, `?after=${after}`);
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({ code: "invalid_cursor" });
    }
  });

  test("204 tells a browser that has seen the end not to come back", async () => {
    const run = await submit();
    await (await worker.claim(run.id)).complete({});
    const response = await follow(run.id, "", { "last-event-id": "1-999999999" });
    expect(response.status).toBe(204);
  });

  test("speaks OpenAI's chunks when asked", async () => {
    const run = await submit();
    await (await worker.claim(run.id)).complete({ plan_name: "P" });
    const text = await (await follow(run.id, "?format=openai")).text();
    expect(text).toContain("chat.completion.chunk");
    expect(text.endsWith("data: [DONE]\n\n")).toBe(true);
  });

  test("who accepts no stream gets none", async () => {
    const run = await submit();
    expect((await follow(run.id, "", { accept: "application/json" })).status).toBe(406);
  });
});

describe("readers that leave", () => {
  /** The API has one connection that subscribes, so 1 for as long as anybody is attached. */
  async function subscriptions(runIds: readonly string[]): Promise<number> {
    const redis = new Redis(inject("stack").redisUrl);
    try {
      const counts = await redis.pubsub("NUMSUB", ...runIds.map((id) => `{run:${id}}:live`));
      return counts.filter((count) => Number(count) > 0).length;
    } finally {
      redis.disconnect();
    }
  }

  test("leave nothing attached behind, whenever and however they leave", async () => {
    const runs = await Promise.all(Array.from({ length: 5 }, submit));
    const ids = runs.map(({ id }) => id);
    const staying = await Promise.all(ids.map((id) => follow(id)));
    await eventually(
      () => subscriptions(ids),
      (count) => count === ids.length,
    );
    const ways = ["/events", "/events?format=openai", "?wait=20"];
    const leaving = Array.from({ length: 50 }, async (_, at) => {
      const signal = AbortSignal.timeout(1 + Math.random() * 300);
      const path = `/v1/runs/${ids[at % ids.length]}${ways[at % ways.length]}`;
      const response = await api.fetch(path, user.token, { signal });
      await response.text();
    });
    const outcomes = await Promise.allSettled(leaving);
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toEqual([]);
    expect(await subscriptions(ids)).toBe(ids.length);

    await Promise.all(staying.map((response) => response.body?.cancel()));
    await eventually(
      () => subscriptions(ids),
      (count) => count === 0,
    );
  });

  test("while the status is held, they leave nothing attached either", async () => {
    const { user: own } = await createTenant();
    for (const path of ["cmo-plan-90day", "cmo-kernel"]) {
      const left = new AbortController();
      const json = { mode: "strategy" };
      const body = path === "cmo-kernel" ? json : {};
      const options = { json: body, signal: left.signal };
      const answering = api.fetch(`/functions/v1/${path}`, own.token, options);
      const [id = ""] = await eventually(
        async () => {
          const page = await api.fetch("/v1/runs?limit=1&status=running", own.token);
          return runPageSchema.parse(await page.json()).runs.map((run) => run.id);
        },
        (found) => found.length > 0,
      );
      await eventually(
        () => subscriptions([id]),
        (count) => count === 1,
      );
      left.abort();
      await expect(answering).rejects.toThrow("aborted");
      await eventually(
        () => subscriptions([id]),
        (count) => count === 0,
      );
      await api.fetch(`/v1/runs/${id}/cancel`, own.token, { method: "POST" });
    }
  });
});

describe("a connection that must end before its run", () => {
  test("says reconnect and from where, when the server drains", async () => {
    const stopping = await startApi();
    const run = await submit();
    const attempt = await worker.claim(run.id);
    await attempt.say("a");
    const path = `/v1/runs/${run.id}/events`;
    const stream = readSse(await stopping.fetch(path, user.token));
    const polling = stopping.fetch(`/v1/runs/${run.id}?wait=20`, user.token);
    await stream.until(({ id }) => id === "1-1");
    stopping.deps.drain.begin();
    expect((await stopping.fetch("/readyz", null)).status).toBe(503);
    const rest = await stream.rest();
    expect(rest.map(({ event, data }) => [event, JSON.parse(data)])).toEqual([
      ["reconnect", { type: "reconnect", reason: "draining", after: "1-1" }],
    ]);
    expect(await (await polling).json()).toMatchObject({ status: "running" });
    await stopping.close();

    const resumed = readSse(await follow(run.id, "?after=1-1"));
    await attempt.complete({});
    expect((await resumed.rest()).map(({ event }) => event)).toEqual(["run", "completed"]);
  });

  test("a close ends open streams instead of waiting for them", async () => {
    const closing = await startApi();
    const run = await submit();
    const stream = readSse(await closing.fetch(`/v1/runs/${run.id}/events`, user.token));
    await stream.until(({ event }) => event === "run");
    await closing.close();
    expect((await stream.rest()).at(-1)?.event).toBe("reconnect");
  });

  test("a close does not wait for a connection on which nothing was asked", async () => {
    const closing = await startApi();
    const socket = connect(Number(new URL(closing.url).port), "127.0.0.1");
    const ended = new Promise((resolve) => socket.on("close", resolve).on("error", resolve));
    await once(socket, "connect");
    await closing.close();
    await ended;
  });

  test("says reconnect when it has had its time", async () => {
    const brief = await startApi({ STREAM_MAX_MS: "100" });
    const run = await submit();
    const path = `/v1/runs/${run.id}/events`;
    const events = await readSse(await brief.fetch(path, user.token)).rest();
    expect(events.at(-1)?.event).toBe("reconnect");
    expect(JSON.parse(events.at(-1)?.data ?? "")).toEqual({
      type: "reconnect",
      reason: "planned",
      after: null,
    });

    const openai = await (await brief.fetch(`${path}?format=openai`, user.token)).text();
    expect(openai).toContain(`/v1/runs/${run.id}`);
    expect(openai.endsWith("data: [DONE]\n\n")).toBe(true);
  });
});
