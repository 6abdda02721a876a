import { randomUUID } from "node:crypto";
import { createRunLog } from "@cmo/shared/stream";
import { expect, test } from "vitest";
import { closeAfter } from "../support/close-after.ts";
import { eventually } from "../support/eventually.ts";
import { startOwnCluster } from "../support/own-redis.ts";
import { attemptEntry, deltaEntry, silentLog } from "../support/streams.ts";

test("a run's keys are in one slot, so that a cluster takes its scripts", async () => {
  const { url } = await startOwnCluster();
  const log = createRunLog({ url, log: silentLog });
  closeAfter(() => log.close());
  await eventually(() => log.isReady(), Boolean);
  for (const runId of [randomUUID(), randomUUID(), randomUUID()]) {
    const entries = [attemptEntry(1), deltaEntry("a")];
    expect(await log.append({ runId, attempt: 1 }, 0, entries)).toEqual({
      kind: "appended",
      seq: 1,
    });
    await log.end({ runId, attempt: 1 });
    expect((await log.read(runId, null)).map(({ id }) => id)).toEqual([
      "1-0",
      "1-1",
      "1-999999999",
    ]);
  }
});
