/** Takes one job and dies with it in hand, before it has done anything. */
import { createRunConsumer } from "@cmo/shared/queue";
import { createLog, systemClock } from "@cmo/shared/runtime";

const [url = "", prefix = ""] = process.argv.slice(2);
createRunConsumer({
  url,
  prefix,
  concurrency: 1,
  log: createLog({ level: "silent", app: "test" }),
  clock: systemClock,
  handle: async () => {
    process.kill(process.pid, "SIGKILL");
    return "done";
  },
});
