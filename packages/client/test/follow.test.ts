import { readFileSync } from "node:fs";
import { createParser } from "eventsource-parser";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createCmo } from "../src/client.ts";
import { CmoError } from "../src/errors.ts";
import { foldEvent, NOTHING_YET, type RunView } from "../src/fold.ts";
import type { RunEvent } from "../src/types.ts";
import { type LoggedEvent, type Script, serveUnreliably } from "./unreliable-server.ts";

const END = 999_999_999;

function attemptOf(attempt: number, pieces: readonly string[]): LoggedEvent[] {
  let offset = 0;
  const deltas = pieces.map((text, index) => {
    const event = { id: `${attempt}-${index + 1}`, type: "delta", data: { text, offset } };
    offset += text.length;
    return event;
  });
  const data = { attempt, reset: attempt > 1, reason: null };
  return [{ id: `${attempt}-0`, type: "attempt", data }, ...deltas];
}

function completedOf(attempt: number, text: string): LoggedEvent {
  const data = { output: { text }, usage: null, duration_ms: 1, artifacts: [], warnings: [] };
  return {
    id: `${attempt}-${END}`,
    type: "completed",
    data: { ...data, text_length: text.length },
  };
}

const rowOf = (text: string) => ({ id: "run", status: "completed", attempt: 1, output_text: text });

/** Everything that a client made of the run. */
async function followWith(script: Script): Promise<RunView & { readonly connections: number }> {
  const server = await serveUnreliably(script);
  try {
    const cmo = createCmo({ url: server.url, getToken: () => "token" });
    const run = await cmo.runs.get("run");
    let view = NOTHING_YET;
    for await (const event of run.events()) view = foldEvent(view, event);
    return { ...view, connections: server.cursors.length };
  } finally {
    await server.close();
  }
}

const pieces = fc.array(fc.string({ unit: "grapheme", minLength: 1, maxLength: 8 }), {
  minLength: 1,
  maxLength: 8,
});
/** At most three in a row, so that no pause of a property is long. */
const cuts = fc.array(fc.integer({ min: 0, max: 600 }), { maxLength: 3 });

describe("following a run", () => {
  test("wherever connections are cut, and whatever attempts there were, the text is the row's", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(pieces, { minLength: 1, maxLength: 3 }),
        cuts,
        async (attempts, at) => {
          const text = attempts.at(-1)?.join("") ?? "";
          const logs = attempts.map((texts, index) => attemptOf(index + 1, texts));
          const last = [...(logs.at(-1) ?? []), completedOf(attempts.length, text)];
          const script = { logs: [...logs.slice(0, at.length), last], cuts: at, row: rowOf(text) };
          const view = await followWith(script);
          expect(view).toMatchObject({ text, status: "completed", output: { text } });
        },
      ),
      { numRuns: 40 },
    );
  }, 120_000);

  test("text that is missing is fetched again from the beginning", async () => {
    const whole = [...attemptOf(1, ["ab", "cd", "ef"]), completedOf(1, "abcdef")];
    const withHole = whole.filter(({ id }) => id !== "1-2");
    const view = await followWith({ logs: [withHole, whole], cuts: [], row: rowOf("abcdef") });
    expect(view).toMatchObject({ text: "abcdef", status: "completed", connections: 2 });
  });

  test("where no stream comes through, the run is polled and ends as its row did", async () => {
    const row = { ...rowOf("abc"), output: { a: 1 }, warnings: [], artifacts: [], usage: null };
    const nothing = Array.from({ length: 20 }, () => 0);
    const view = await followWith({ logs: [[]], cuts: nothing, row });
    expect(view).toMatchObject({ text: "abc", status: "completed", output: { a: 1 } });
  }, 60_000);

  test("the recorded second attempt of the protocol's page is read to the text of its output", () => {
    const file = new URL("../../../docs/examples/second-attempt.sse", import.meta.url);
    const events: RunEvent[] = [];
    const parser = createParser({
      onEvent: ({ event, data, id }) =>
        void events.push({ ...JSON.parse(data), type: event, id } as RunEvent),
    });
    parser.feed(readFileSync(file, "utf8"));
    const view = events.reduce(foldEvent, NOTHING_YET);
    expect(view.attempt).toBe(2);
    expect(view.status).toBe("completed");
    expect(view.text).toBe(view.output?.["message"]);
  });
});

describe("errors", () => {
  test("a refusal is an error with the API's code and sentence", async () => {
    const answer = { code: "role_forbidden", detail: "Viewers may not run.", retryable: false };
    const cmo = createCmo({
      url: "http://localhost",
      getToken: () => "token",
      fetch: async () =>
        Response.json(
          { ...answer, request_id: "r1" },
          { status: 403, headers: { "retry-after": "7" } },
        ),
    });
    const error = await cmo.runs.create({ mode: "strategy" }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(CmoError);
    expect(error).toMatchObject({
      code: "role_forbidden",
      message: "Viewers may not run.",
      status: 403,
      retryable: false,
      requestId: "r1",
      retryAfter: 7,
    });
  });

  test("a submit whose answer was lost is repeated under the same key", async () => {
    const keys: (string | null)[] = [];
    const cmo = createCmo({
      url: "http://localhost",
      getToken: () => "token",
      fetch: async (_, init) => {
        keys.push(new Headers(init?.headers).get("idempotency-key"));
        if (keys.length === 1) throw new TypeError("fetch failed");
        return Response.json({ id: "run" }, { status: 202 });
      },
    });
    expect((await cmo.runs.create({ mode: "strategy" })).id).toBe("run");
    expect(keys).toHaveLength(2);
    expect(keys[0]).toBe(keys[1]);
  });

  test("an expired token is replaced once, and no session is said so", async () => {
    const tokens = ["old", "new"];
    const seen: (string | null)[] = [];
    const cmo = createCmo({
      url: "http://localhost",
      getToken: () => tokens.shift() ?? null,
      fetch: async (_, init) => {
        const token = new Headers(init?.headers).get("authorization");
        seen.push(token);
        return token === "Bearer new"
          ? Response.json({ runs: [], next: null })
          : Response.json({ code: "expired_token", detail: "Expired." }, { status: 401 });
      },
    });
    expect(await cmo.runs.list()).toEqual({ runs: [], next: null });
    expect(seen).toEqual(["Bearer old", "Bearer new"]);
    await expect(cmo.runs.list()).rejects.toMatchObject({ code: "missing_token" });
  });
});
