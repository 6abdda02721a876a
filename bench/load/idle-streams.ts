/** Streams on which nothing happens: what arrives are comment lines that keep them alive. */
import { setTimeout as delay } from "node:timers/promises";
import { quantile } from "../measure/numbers.ts";
import type { IdleReport } from "./calls.ts";
import { bearer, responseOf, send } from "./http.ts";

const AT_A_TIME = 50;
const ERRORS_SHOWN = 5;
const KEEP_ALIVE = /^:/gm;

export function createIdleStreams() {
  let open = 0;
  let gaps: number[] | null = null;
  let keepAlives = 0;
  const errors = new Set<string>();

  async function openOne(url: string, token: string): Promise<void> {
    const headers = { accept: "text/event-stream", ...bearer([token], 0) };
    const response = await responseOf(send({ method: "GET", url, headers, body: null }));
    if (response.statusCode !== 200) {
      errors.add(`Status ${response.statusCode}`);
      response.resume();
      return;
    }
    open += 1;
    let lastAt: number | null = null;
    response.setEncoding("latin1").on("data", (text: string) => {
      const found = text.match(KEEP_ALIVE)?.length ?? 0;
      if (found === 0) return;
      const now = performance.now();
      keepAlives += found;
      if (lastAt !== null) gaps?.push(now - lastAt);
      lastAt = now;
    });
    response.on("error", (error) => errors.add(error.message));
    response.on("close", () => {
      open -= 1;
    });
  }

  return {
    async open(urls: readonly string[], token: string) {
      const left = [...urls];
      const work = async (): Promise<void> => {
        for (let url = left.pop(); url !== undefined; url = left.pop()) await openOne(url, token);
      };
      await Promise.all(Array.from({ length: AT_A_TIME }, work));
      return { open, errors: [...errors].slice(0, ERRORS_SHOWN) };
    },
    async measure(ms: number): Promise<IdleReport> {
      const values: number[] = [];
      gaps = values;
      const before = keepAlives;
      await delay(ms);
      gaps = null;
      const max = values.reduce((most, value) => Math.max(most, value), 0);
      const gapMs = { p50: quantile(values, 0.5), p99: quantile(values, 0.99), max };
      return { open, keepAlives: keepAlives - before, gapMs };
    },
  };
}
