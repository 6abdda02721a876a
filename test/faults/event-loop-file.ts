/** The figures of `watch-event-loop.ts`, on their way from a worker to the harness. */
import { readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { APP_NODE_OPTIONS } from "@cmo/dev/app-environment";
import { z } from "zod";

const figuresSchema = z.object({
  delayP99Ms: z.number(),
  delayMaxMs: z.number(),
  busyP99Ms: z.number(),
  busyMaxMs: z.number(),
});

export type EventLoopFigures = z.infer<typeof figuresSchema>;

/** Node options that load the measurement into a process. */
export const WATCH_EVENT_LOOP = `${APP_NODE_OPTIONS} --import=${new URL("./watch-event-loop.ts", import.meta.url)}`;

export function eventLoopFile(pid: number): string {
  return join(tmpdir(), `cmo-kernel-event-loop-${pid}.json`);
}

/** The start of a process is not measured. */
export function resetEventLoop(pid: number): void {
  process.kill(pid, "SIGUSR2");
}

export function readEventLoop(pid: number): EventLoopFigures {
  return figuresSchema.parse(JSON.parse(readFileSync(eventLoopFile(pid), "utf8")));
}

export function forgetEventLoop(pid: number): void {
  rmSync(eventLoopFile(pid), { force: true });
}
