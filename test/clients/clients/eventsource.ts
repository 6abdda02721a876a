/** The package `eventsource`, whose `fetch` adds the token. It reconnects by itself. */
import assert from "node:assert/strict";
import { EventSource, type FetchLike } from "eventsource";
import { z } from "zod";
import { expectCancelled, expectText, type TestedClient } from "../case.ts";
import type { World } from "../world.ts";

const deltaSchema = z.object({ text: z.string(), offset: z.int() });

interface Followed {
  readonly text: string;
  readonly ending: string;
  readonly connections: number;
}

interface Options {
  /** Cuts the first connection after so many events. */
  readonly cutAfter?: number;
  readonly onText?: () => void;
}

/** Until the run ends. */
async function follow(world: World, runId: string, options: Options = {}): Promise<Followed> {
  const { cutAfter = Number.POSITIVE_INFINITY, onText } = options;
  const cut = new AbortController();
  let connections = 0;
  const withToken: FetchLike = (url, init) => {
    connections += 1;
    const signals = [init.signal, ...(connections === 1 ? [cut.signal] : [])];
    return fetch(url, {
      ...init,
      signal: AbortSignal.any(signals.filter((signal) => signal instanceof AbortSignal)),
      headers: { ...init.headers, authorization: `Bearer ${world.token}` },
    });
  };
  const source = new EventSource(`${world.apiUrl}/v1/runs/${runId}/events`, { fetch: withToken });
  let text = "";
  let count = 0;
  const ended = Promise.withResolvers<string>();
  source.addEventListener("delta", ({ data }) => {
    const delta = deltaSchema.parse(JSON.parse(data));
    if (delta.offset !== text.length) ended.reject(new Error("A text is missing or came twice."));
    text += delta.text;
    count += 1;
    if (count === cutAfter) cut.abort(new TypeError("network: cut"));
    onText?.();
  });
  for (const type of ["completed", "failed", "cancelled"]) {
    source.addEventListener(type, () => ended.resolve(type));
  }
  try {
    return { ending: await ended.promise, text, connections };
  } finally {
    source.close();
  }
}

export const EVENTSOURCE: TestedClient = {
  name: "eventsource",
  cases: {
    submit: "it only reads: runs are submitted with `fetch`",
    async stream(world) {
      const runId = await world.submit();
      const { text } = await follow(world, runId);
      await expectText(world, runId, text);
    },
    async resume(world) {
      const runId = await world.submit();
      const { text, connections } = await follow(world, runId, { cutAfter: 20 });
      assert.ok(connections > 1, "it has reconnected");
      await expectText(world, runId, text);
    },
    async cancel(world) {
      const runId = await world.submit();
      let asked = false;
      const { ending } = await follow(world, runId, {
        onText() {
          if (!asked) void world.cancel(runId);
          asked = true;
        },
      });
      assert.equal(ending, "cancelled");
      await expectCancelled(world, runId);
    },
    async error(world) {
      const url = `${world.apiUrl}/v1/runs/${crypto.randomUUID()}/events`;
      const source = new EventSource(url, {
        fetch: (given, init) =>
          fetch(given, {
            ...init,
            headers: { ...init.headers, authorization: `Bearer ${world.token}` },
          }),
      });
      const refused = Promise.withResolvers<number | undefined>();
      source.addEventListener("error", ({ code }) => refused.resolve(code));
      assert.equal(await refused.promise, 404);
      assert.equal(source.readyState, EventSource.CLOSED);
    },
  },
};
