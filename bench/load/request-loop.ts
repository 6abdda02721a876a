/** So many requests at a time, one after the other, for a while. */
import { newRunId } from "@cmo/shared/runtime";
import { quantile } from "../measure/numbers.ts";
import type { LoopReport, ReplayOptions, ReplayReport, RequestLoop } from "./calls.ts";
import { bearer, responseOf, send } from "./http.ts";

export async function runLoop(loop: RequestLoop): Promise<LoopReport> {
  const times: number[] = [];
  const statuses: Record<string, number> = {};
  const startedAt = performance.now();
  let turns = 0;

  async function ask(turn: number): Promise<void> {
    const sentAt = performance.now();
    const url = loop.urls[turn % loop.urls.length] ?? "";
    const headers = { ...loop.headers, ...bearer(loop.tokens, turn) };
    const body = loop.body?.replaceAll("{{run_id}}", () => newRunId()) ?? null;
    const response = await responseOf(
      send({ method: loop.method, url, headers, body, keepAlive: true }),
    );
    for await (const _ of response);
    times.push(performance.now() - sentAt);
    const status = String(response.statusCode);
    statuses[status] = (statuses[status] ?? 0) + 1;
  }

  async function work(): Promise<void> {
    while (performance.now() - startedAt < loop.forMs) {
      turns += 1;
      await ask(turns);
    }
  }

  await Promise.all(Array.from({ length: loop.concurrency }, work));
  const seconds = (performance.now() - startedAt) / 1000;
  return {
    perSecond: times.length / seconds,
    p50Ms: quantile(times, 0.5),
    p99Ms: quantile(times, 0.99),
    statuses,
  };
}

/** Reads a stream to its end, again and again. */
export async function replay(options: ReplayOptions): Promise<ReplayReport> {
  const ms: number[] = [];
  const report = { events: 0, bytes: 0 };
  let left = options.times;
  const headers = { accept: "text/event-stream", ...bearer([options.token], 0) };

  async function read(): Promise<void> {
    const startedAt = performance.now();
    const response = await responseOf(
      send({ method: "GET", url: options.url, headers, body: null }),
    );
    response.setEncoding("latin1");
    let events = 0;
    let bytes = 0;
    for await (const part of response) {
      const text = String(part);
      bytes += text.length;
      events += text.split("\nevent: ").length - 1;
    }
    ms.push(performance.now() - startedAt);
    Object.assign(report, { events, bytes });
  }

  async function work(): Promise<void> {
    while (left > 0) {
      left -= 1;
      await read();
    }
  }
  await Promise.all(Array.from({ length: options.concurrency }, work));
  return { ms, ...report };
}
