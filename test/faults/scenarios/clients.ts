/** Clients that leave, come back, or submit twice. */
import { setTimeout as delay } from "node:timers/promises";
import type { Scenario } from "../scenario.ts";
import { expect, startRun, startRuns, untilEnded, untilSeen } from "../steps.ts";
import { countSubscriptions } from "../subscriptions.ts";

/** Requests that readers of one run share. They learn of its end within some tenths of a second. */
const GATHERED_READS = 5;

export const CLIENT_FAULTS: readonly Scenario[] = [
  {
    id: "F58",
    title: "clients disconnect at random, and come back or do not",
    guarantees: ["G1", "G8", "G24"],
    async play({ arena, client, random }) {
      const runs = await startRuns(client, 5);
      const readers = runs.flatMap(({ runId, reader }) => [reader, client.read(runId)]);
      const leaving = runs.map(({ runId }) => client.read(runId));
      for (let round = 0; round < 100; round += 1) {
        random.pick(readers).disconnect();
        if (round % 20 === 0) leaving.pop()?.leave();
        await delay(random.int(5, 60));
      }
      for (const { runId } of runs) {
        expect(
          (await untilEnded(arena, runId)).status === "completed",
          "a disconnect changes nothing",
        );
      }
      await Promise.all(readers.map(({ done }) => done));
    },
  },
  {
    id: "F60",
    title: "two hundred clients disconnect and return together, three times",
    guarantees: ["G8", "G24"],
    async play({ arena, client, report }) {
      const [api] = arena.apis;
      const counted = {
        attached: api?.front.count(/^GET \/v1\/runs\/[\w-]+\/events/m) ?? (() => 0),
        read: api?.supabase.count(/^GET \/rest\/v1\/agent_runs/m) ?? (() => 0),
      };
      const runs = await startRuns(client, 4);
      const readers = runs.flatMap(({ runId }) =>
        Array.from({ length: 50 }, () => client.read(runId)),
      );
      for (const run of runs) await untilSeen(run, 10);
      for (let wave = 0; wave < 3; wave += 1) {
        await arena.fault("all clients drop", () => {
          for (const reader of readers) reader.disconnect();
        });
        await delay(700);
      }
      for (const { done } of readers) await done;
      const [attached, read] = [counted.attached(), counted.read()];
      report(`${attached} streams were opened, and rows were read ${read} times`);
      // Once to authorize each stream, once for the ending of each reader, and before that a few
      // times for the readers of one run together.
      const most = attached + readers.length + GATHERED_READS * runs.length;
      expect(read <= most, `rows are read at most ${most} times, not ${read}`);
    },
  },
  {
    id: "F61",
    title: "two hundred clients follow one run",
    guarantees: ["G8"],
    async play({ arena, client }) {
      const run = await startRun(client);
      const readers = Array.from({ length: 200 }, () => client.read(run.runId));
      await untilSeen(run, 20);
      expect((await countSubscriptions(arena)) === 1, "the process subscribes once");
      for (const { done } of readers) await done;
    },
  },
  {
    id: "F63",
    title: "fifty submits with one key at once, another body, another tenant",
    guarantees: ["G17", "G18"],
    async play({ arena, client }) {
      const key = "the same";
      const replies = await Promise.all(
        Array.from({ length: 50 }, () => client.submit({ key, goal: "one" })),
      );
      const ids = new Set(replies.map(({ runId }) => runId));
      expect(ids.size === 1 && !ids.has(null), `fifty submits are one run, not ${ids.size}`);
      expect(replies.filter(({ replayed }) => !replayed).length === 1, "one of them created it");
      const other = await client.submit({ key, goal: "two" });
      expect(other.status === 422, `another body with the key is refused, not ${other.status}`);
      const stranger = await arena.createClient();
      const theirs = await stranger.submit({ key, goal: "one" });
      expect(theirs.runId !== null && !ids.has(theirs.runId), "another tenant's key is another");
      for (const runId of [...ids, theirs.runId]) if (runId) await untilEnded(arena, runId);
    },
  },
];
