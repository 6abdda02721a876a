/** Our own client, as a folder beside the app would import it. */
import assert from "node:assert/strict";
import {
  type CmoError,
  createCmo,
  foldEvent,
  NOTHING_YET,
} from "../../../packages/client/src/index.ts";
import { expectCancelled, expectOutput, expectText, type TestedClient } from "../case.ts";
import { GOAL, type World } from "../world.ts";

const open = ({ apiUrl, token }: World) => createCmo({ url: apiUrl, getToken: async () => token });
const ask = { mode: "strategy", payload: { primaryGoal: GOAL } } as const;

export const CMO: TestedClient = {
  name: "@cmo/client",
  cases: {
    async submit(world) {
      const run = await open(world).runs.create(ask);
      await expectOutput(world, run.id, await run.output());
    },
    async stream(world) {
      const run = await open(world).runs.create(ask);
      let view = NOTHING_YET;
      for await (const event of run.events()) view = foldEvent(view, event);
      await expectText(world, run.id, view.text);
    },
    async resume(world) {
      const first = await open(world).runs.create(ask);
      for await (const event of first.events()) if (event.type === "delta") break;
      let view = NOTHING_YET;
      const again = await open(world).runs.get(first.id);
      for await (const event of again.events()) {
        view = foldEvent(view, event);
      }
      await expectText(world, first.id, view.text);
    },
    async cancel(world) {
      const run = await open(world).runs.create(ask);
      let view = NOTHING_YET;
      for await (const event of run.events()) {
        view = foldEvent(view, event);
        if (event.type === "delta" && view.text.length < 200) await run.cancel();
      }
      assert.equal(view.status, "cancelled");
      await expectCancelled(world, run.id);
    },
    async error(world) {
      const asking = open(world).runs.create({
        ...ask,
        payload: { primaryGoal: "x".repeat(9000) },
      });
      await assert.rejects(asking, (error: CmoError) => error.code === "invalid_request");
    },
  },
};
