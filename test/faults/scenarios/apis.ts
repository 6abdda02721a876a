/** API processes that die or are asked to stop. */
import { eventually } from "../../support/eventually.ts";
import { seen } from "../history.ts";
import type { Scenario } from "../scenario.ts";
import { expect, kill, startRun, startRuns, terminate, untilEnded, untilSeen } from "../steps.ts";

const API_GRACE_MS = 10_000;

export const API_FAULTS: readonly Scenario[] = [
  {
    id: "F08",
    title: "an API process dies with a hundred open streams",
    guarantees: ["G8", "G24"],
    arena: { apis: 2 },
    async play({ arena, client }) {
      const runs = await startRuns(client, 5);
      for (const { runId } of runs) for (let more = 0; more < 19; more += 1) client.read(runId);
      for (const run of runs) await untilSeen(run, 30);
      const [api] = arena.apis;
      if (api) await kill(arena, api);
    },
  },
  {
    id: "F09",
    title: "an API process dies after a run was stored, before it was enqueued",
    guarantees: ["G1", "G2"],
    async play({ arena, client }) {
      const [api] = arena.apis;
      if (!api) return;
      const hold = api.redis.hold({ request: /bull:runs:/, part: "request" });
      const key = "F09";
      const lost = client.submit({ key });
      await hold.caught();
      await eventually(() => arena.database.query("select id from public.agent_runs"), isOne);
      await kill(arena, api);
      hold.drop();
      expect((await lost).status === 0, "the first request is cut off");
      await api.start();
      const { runId } = await startRun(client, { key });
      const row = await untilEnded(arena, runId);
      expect(row.status === "completed", "the sweep enqueues the run");
      expect(
        (await arena.database.query("select id from public.agent_runs")).length === 1,
        "asking again makes no second run",
      );
    },
  },
  {
    id: "F10",
    title: "an API process dies after a run was enqueued, before its response",
    guarantees: ["G11", "G17"],
    async play({ arena, client }) {
      const [api] = arena.apis;
      if (!api) return;
      const hold = api.front.hold({ request: /^POST \/v1\/runs /m, part: "reply" });
      const key = "F10";
      const lost = client.submit({ key });
      await hold.caught();
      await eventually(
        () => arena.database.query("select id from public.agent_runs where attempt > 0"),
        isOne,
      );
      await kill(arena, api);
      hold.drop();
      expect((await lost).status === 0, "the first request is cut off");
      await api.start();
      const { runId } = await startRun(client, { key });
      await untilEnded(arena, runId);
      expect((await arena.gateway.callsOf(runId)).length === 1, "the gateway is asked once");
    },
  },
  {
    id: "F12",
    title: "an API process is asked to stop while it streams",
    guarantees: ["G8", "G23"],
    arena: { apis: 2 },
    async play({ arena, client }) {
      const runs = await startRuns(client, 6);
      for (const { runId } of runs) for (let more = 0; more < 4; more += 1) client.read(runId);
      for (const run of runs) await untilSeen(run, 30);
      const [api] = arena.apis;
      if (api) await terminate(arena, api, API_GRACE_MS);
      const asked = seen(arena.recorder.history, "event").filter(
        ({ type }) => type === "reconnect",
      );
      expect(asked.length === 30, `all 30 readers are asked to reconnect, not ${asked.length}`);
    },
  },
  {
    id: "F13",
    title: "every process is restarted, one after the other, under load",
    guarantees: ["G1", "G2", "G3", "G4", "G5", "G6", "G7", "G8", "G9"],
    arena: { apis: 2 },
    async play({ arena, client }) {
      for (const process of [...arena.apis, ...arena.workers]) {
        const api = arena.apis[0] === process ? 1 : 0;
        const runs = await startRuns(client, 4, { api });
        for (const run of runs) await untilSeen(run, 5);
        await terminate(arena, process, API_GRACE_MS);
        await process.start();
      }
    },
  },
];

function isOne(rows: readonly unknown[]): boolean {
  return rows.length === 1;
}
