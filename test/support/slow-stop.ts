/** A process whose orderly stop takes a while; it exits with 0 if it was let finish. */
import { setTimeout as delay } from "node:timers/promises";
import { closeOnSignals, createLog } from "@cmo/shared/runtime";

closeOnSignals({
  log: createLog({ level: "silent", app: "test" }),
  deadlineMs: 10_000,
  async close() {
    if (process.connected) process.send?.("stopping");
    await delay(500);
  },
});
setInterval(() => {}, 1000);
process.send?.("ready");
