/** The end of a run is marked in its log even when Redis was away at that moment. */
import { randomUUID } from "node:crypto";
import { endIdOf } from "@cmo/shared/contract";
import { createRunLog } from "@cmo/shared/stream";
import { expect, test } from "vitest";
import { createEndTeller } from "../../apps/worker/src/tell-ends.ts";
import { closeAfter } from "../support/close-after.ts";
import { eventually } from "../support/eventually.ts";
import { startOwnRedis } from "../support/own-redis.ts";
import { silentLog } from "../support/streams.ts";

test("an end that Redis could not take is told when it is back", async () => {
  const redis = await startOwnRedis();
  const log = createRunLog({ url: redis.url, log: silentLog });
  closeAfter(() => log.close());
  await eventually(() => log.isReady(), Boolean);
  const ends = createEndTeller(log, silentLog);
  const [before, during] = [randomUUID(), randomUUID()];
  const isTold = (runId: string) => log.has(runId, endIdOf(1));

  await ends.tell({ runId: before, attempt: 1 });
  expect(await isTold(before)).toBe(true);

  await redis.stop();
  await ends.tell({ runId: during, attempt: 1 });
  await ends.tellAgain();
  await redis.start();
  await eventually(() => log.isReady(), Boolean);
  expect(await isTold(during)).toBe(false);
  await ends.tellAgain();
  expect(await isTold(during)).toBe(true);
});
