/**
 * Loaded into a worker before its program (`--import`): measures how long its event loop is
 * blocked, and writes the figures to a file that the harness finds by the process id.
 *
 * The delay is what a heartbeat waits, on this machine with all that runs on it. The busy time is
 * what the process itself computed meanwhile.
 */
import { writeFileSync } from "node:fs";
import { createHistogram, monitorEventLoopDelay } from "node:perf_hooks";
import { eventLoopFile } from "./event-loop-file.ts";

const EVERY_MS = 10;
const WRITE_EVERY_MS = 500;

const delay = monitorEventLoopDelay({ resolution: EVERY_MS });
const busy = createHistogram();
let before = process.threadCpuUsage();
delay.enable();

setInterval(() => {
  const spent = process.threadCpuUsage(before);
  before = process.threadCpuUsage();
  busy.record(Math.max(1, spent.user + spent.system));
}, EVERY_MS).unref();

setInterval(() => {
  const figures = {
    delayP99Ms: delay.percentile(99) / 1e6,
    delayMaxMs: delay.max / 1e6,
    busyP99Ms: busy.percentile(99) / 1e3,
    busyMaxMs: busy.max / 1e3,
  };
  writeFileSync(eventLoopFile(process.pid), JSON.stringify(figures));
}, WRITE_EVERY_MS).unref();
