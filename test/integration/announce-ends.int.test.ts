/** The end of a run is announced in its log even when Redis was unavailable at that moment. */
import { randomUUID } from "node:crypto";
import { endIdOf } from "@cmo/shared/contract";
import { createRunLog } from "@cmo/shared/stream";
import { expect, test } from "vitest";
import { createEndAnnouncer } from "../../apps/worker/src/announce-ends.ts";
import { closeAfter } from "../support/close-after.ts";
import { eventually } from "../support/eventually.ts";
import { startOwnRedis } from "../support/own-redis.ts";
import { silentLog } from "../support/streams.ts";

test("an end that Redis did not accept is announced when Redis is back", async () => {
  const redis = await startOwnRedis();
  const log = createRunLog({ url: redis.url, log: silentLog });
  closeAfter(() => log.close());
  await eventually(() => log.isReady(), Boolean);
  const ends = createEndAnnouncer(log, silentLog);
  const [before, during] = [randomUUID(), randomUUID()];
  const isAnnounced = (runId: string) => log.has(runId, endIdOf(1));

  await ends.announce({ runId: before, attempt: 1 });
  expect(await isAnnounced(before)).toBe(true);

  await redis.stop();
  await ends.announce({ runId: during, attempt: 1 });
  await ends.announceKept();
  await redis.start();
  await eventually(() => log.isReady(), Boolean);
  expect(await isAnnounced(during)).toBe(false);
  await ends.announceKept();
  expect(await isAnnounced(during)).toBe(true);
});
