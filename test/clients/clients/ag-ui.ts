/** AG-UI's own agent. It posts an input of its own, so its `fetch` reads the stream of a run instead. */
import assert from "node:assert/strict";
import { HttpAgent } from "@ag-ui/client";
import { expectCancelled, expectOutput, expectText, type TestedClient } from "../case.ts";
import type { World } from "../world.ts";

function follow({ apiUrl, token }: World, runId: string) {
  return new HttpAgent({
    url: `${apiUrl}/v1/runs/${runId}/events?format=ag-ui`,
    threadId: runId,
    fetch: (url, { signal } = {}) =>
      fetch(url, { headers: { authorization: `Bearer ${token}` }, ...(signal ? { signal } : {}) }),
  });
}

const textOf = ({ messages }: HttpAgent): string => String(messages.at(-1)?.content ?? "");

export const AG_UI: TestedClient = {
  name: "@ag-ui/client (HttpAgent)",
  cases: {
    async submit(world) {
      const runId = await world.submit();
      const { result } = await follow(world, runId).runAgent({ runId });
      await expectOutput(world, runId, result);
    },
    async stream(world) {
      const runId = await world.submit();
      const agent = follow(world, runId);
      let pieces = 0;
      await agent.runAgent(
        { runId },
        {
          onTextMessageContentEvent() {
            pieces += 1;
          },
        },
      );
      assert.ok(pieces > 10, "it arrives in pieces");
      await expectText(world, runId, textOf(agent));
    },
    async resume(world) {
      const runId = await world.submit();
      const cut = follow(world, runId);
      const seen = Promise.withResolvers<void>();
      const reading = cut
        .runAgent({ runId }, { onTextMessageContentEvent: () => seen.resolve() })
        .catch(() => null);
      await seen.promise;
      cut.abortRun();
      await reading;
      const agent = follow(world, runId);
      await agent.runAgent({ runId });
      await expectText(world, runId, textOf(agent));
    },
    async cancel(world) {
      const runId = await world.submit();
      const agent = follow(world, runId);
      let asked = false;
      await agent.runAgent(
        { runId },
        {
          onTextMessageContentEvent() {
            if (!asked) void world.cancel(runId);
            asked = true;
          },
        },
      );
      await expectCancelled(world, runId);
    },
    async error(world) {
      const agent = follow(world, crypto.randomUUID());
      await assert.rejects(agent.runAgent({}), /404|not_found/);
    },
  },
};
