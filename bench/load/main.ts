/** The load generator, a process of its own: what it costs is nobody's whom it measures. */
import { serveParent } from "../programs/serve-parent.ts";
import type { LoadCalls } from "./calls.ts";
import { createIdleStreams } from "./idle-streams.ts";
import { replay, runLoop } from "./request-loop.ts";
import { createStreams } from "./streams.ts";

const streams = createStreams();
const idle = createIdleStreams();

serveParent<LoadCalls>({
  open: streams.open,
  measure: ({ ms }) => streams.measure(ms),
  close: ({ withinMs }) => streams.close(withinMs),
  loop: runLoop,
  replay,
  openIdle: ({ urls, token }) => idle.open(urls, token),
  measureIdle: ({ ms }) => idle.measure(ms),
});
