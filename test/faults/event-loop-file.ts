/** The figures of `watch-event-loop.ts`, on their way from a worker to the harness. */
import { readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";

const figuresSchema = z.object({
  delayP99Ms: z.number(),
  delayMaxMs: z.number(),
  busyP99Ms: z.number(),
  busyMaxMs: z.number(),
});

export type EventLoopFigures = z.infer<typeof figuresSchema>;

/** Node options that load the measurement into a process. */
export const WATCH_EVENT_LOOP = `--import=${new URL("./watch-event-loop.ts", import.meta.url)}`;

export function eventLoopFile(pid: number): string {
  return join(tmpdir(), `cmo-kernel-event-loop-${pid}.json`);
}

export function readEventLoop(pid: number): EventLoopFigures {
  return figuresSchema.parse(JSON.parse(readFileSync(eventLoopFile(pid), "utf8")));
}

export function forgetEventLoop(pid: number): void {
  rmSync(eventLoopFile(pid), { force: true });
}
