/**
 * The relay against a model: whatever happens to attempts, logs, connections and readers, every
 * reader holds the model's text at the end, has seen no hole and no repeat, and is told one ending.
 */
import { parseCursor, type Run } from "@cmo/shared/contract";
import { systemClock } from "@cmo/shared/runtime";
import { createRunHub, createRunLog, type RunHub } from "@cmo/shared/stream";
import fc from "fast-check";
import { Redis } from "ioredis";
import { afterAll, expect, test } from "vitest";
import { watchRun } from "../../apps/api/src/sse/watch-run.ts";
import { createEventWriter, type EventWriter } from "../../apps/worker/src/write-events.ts";
import { eventually } from "../support/eventually.ts";
import { fold, newHeld } from "../support/fold-reader.ts";
import { ended, newModelRun } from "../support/model-run.ts";
import { startOwnRedis } from "../support/own-redis.ts";
import { silentLog } from "../support/streams.ts";

const redis = await startOwnRedis();
const log = createRunLog({ url: redis.url, log: silentLog });
const hub = createRunHub({ url: redis.url, log: silentLog, clock: systemClock, healMs: 100 });
const admin = new Redis(redis.url);
afterAll(async () => {
  admin.disconnect();
  await Promise.all([log.close(), hub.close()]);
});
await eventually(() => log.isReady() && hub.isReady(), Boolean);

/** Pub/sub is a hint: every few messages one is lost on the way, and nobody is told. */
const lossyHub: RunHub = {
  ...hub,
  attach(runId, listener) {
    let heard = 0;
    return hub.attach(runId, {
      look: listener.look,
      live(entry) {
        heard += 1;
        if (heard % 4 !== 0) listener.live(entry);
      },
    });
  },
};

const READERS = 3;
const step = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant("say"),
      text: fc.string({ minLength: 1, maxLength: 6 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("zombie"), text: fc.constant("ZOMBIE") }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant("come or go"), reader: fc.nat(READERS - 1) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("next attempt") }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("flush") }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("cut subscriber") }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("settle") }) },
);
type Step = { do: string; text?: string; reader?: number };

/** The run as the model has it: the row, and the text of its current attempt. */
function newModel() {
  let row = newModelRun({ attempt: 0 });
  let text = "";
  let zombie: EventWriter | null = null;
  let writer = open();

  function open(): EventWriter {
    row = { ...row, attempt: row.attempt + 1 };
    text = "";
    const run = { runId: row.id, attempt: row.attempt };
    const next = createEventWriter({
      log,
      run,
      clock: systemClock,
      logger: silentLog,
      nextFlush: () => null,
      onRefused: () => {},
    });
    const data = { attempt: row.attempt, reset: row.attempt > 1, reason: null };
    next.push({ type: "attempt", data });
    return next;
  }
  return {
    id: row.id,
    row: (): Run => row,
    text: () => text,
    say(piece: string) {
      writer.push({ type: "delta", data: { text: piece, offset: text.length } });
      text += piece;
    },
    sayAsZombie: (piece: string) =>
      zombie?.push({ type: "delta", data: { text: piece, offset: 0 } }),
    settle: () => writer.flushed(20_000),
    nextAttempt() {
      zombie = writer;
      writer = open();
    },
    async end(isLogLost: boolean) {
      await writer.flushed(20_000);
      if (isLogLost) await admin.flushall();
      row = ended(row, text);
      await log.end({ runId: row.id, attempt: row.attempt });
      writer.stop();
      zombie?.stop();
    },
  };
}

type Model = ReturnType<typeof newModel>;

/** A client that comes back at its last event id, as a browser does. */
function newClient(model: Model) {
  const held = newHeld();
  const faults: string[] = [];
  let leave: (() => void) | null = null;
  let reading = Promise.resolve();

  async function follow(signal: AbortSignal): Promise<void> {
    const deps = {
      log,
      hub: lossyHub,
      gateway: { onPause: () => () => {} },
      clock: systemClock,
      reader: {
        runs: { find: async () => model.row() },
        confirmAgain: async () => "stands" as const,
      },
      reauthorizeMs: 60_000,
    };
    const after = held.last === null ? null : parseCursor(held.last);
    await watchRun(deps, { run: model.row(), after, signal }, (event) => {
      // What a closed connection had still been sent never arrived.
      if (signal.aborted) return false;
      const fault = fold(held, event);
      if (fault) faults.push(fault);
      return true;
    });
  }
  return {
    held,
    faults,
    isThere: () => leave !== null,
    come() {
      const leaving = new AbortController();
      leave = () => leaving.abort();
      reading = reading.then(() => follow(leaving.signal));
    },
    async go() {
      leave?.();
      leave = null;
      await reading;
    },
    ended: () => reading,
  };
}

async function play(
  model: Model,
  clients: readonly ReturnType<typeof newClient>[],
  { do: what, text = "", reader = 0 }: Step,
) {
  const client = clients[reader];
  if (what === "say") model.say(text);
  if (what === "zombie") model.sayAsZombie(text);
  if (what === "next attempt") model.nextAttempt();
  if (what === "settle") await model.settle();
  if (what === "flush") await admin.flushall();
  if (what === "cut subscriber") await admin.call("CLIENT", "KILL", "TYPE", "pubsub");
  if (what === "come or go") {
    if (client?.isThere()) await client.go();
    else client?.come();
  }
}

test("every reader ends with the text of one attempt, whole, and one ending", {
  timeout: 120_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), fc.boolean(), async (steps, isLogLost) => {
      const model = newModel();
      const clients = Array.from({ length: READERS }, () => newClient(model));
      clients[0]?.come();
      for (const next of steps) await play(model, clients, next);
      await model.end(isLogLost);
      for (const client of clients) if (!client.isThere()) client.come();
      await Promise.all(clients.map((client) => client.ended()));
      for (const { held, faults } of clients) {
        expect(faults).toEqual([]);
        expect(held).toMatchObject({ text: model.text(), endings: 1 });
      }
    }),
    { numRuns: 40 },
  );
});
