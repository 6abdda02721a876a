/**
 * Clients that only a browser has, in Chromium: its own `EventSource` with a ticket, and
 * `@microsoft/fetch-event-source`, which needs a document.
 */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { startChromium } from "../../support/chromium.ts";
import { expectCancelled, expectText, type Play, type TestedClient } from "../case.ts";
import type { World } from "../world.ts";

const LIBRARY = fileURLToPath(
  new URL("../esm/", import.meta.resolve("@microsoft/fetch-event-source")),
);

/** A page at the address of the API, which serves the library too. */
async function onPage<Result>(world: World, act: (page: Page) => Promise<Result>): Promise<Result> {
  const browser = await startChromium();
  try {
    const page = await browser.newPage();
    await page.route(`${world.apiUrl}/page`, (route) =>
      route.fulfill({ contentType: "text/html", body: "<!doctype html><title>page</title>" }),
    );
    await page.route(`${world.apiUrl}/library/*`, async (route) => {
      const name = new URL(route.request().url()).pathname.split("/").at(-1) ?? "";
      const file = join(LIBRARY, name.endsWith(".js") ? name : `${name}.js`);
      await route.fulfill({ contentType: "text/javascript", body: await readFile(file, "utf8") });
    });
    await page.goto(`${world.apiUrl}/page`);
    return await act(page);
  } finally {
    await browser.close();
  }
}

interface Shown {
  readonly text: string;
  readonly ending: string;
  readonly connections: number;
}

interface Asked {
  readonly runId: string;
  readonly token: string;
  /** Leaves the first connection after so many texts. */
  readonly cutAfter: number;
  /** Cancels the run after so many texts. */
  readonly cancelAfter: number;
}

const NEVER = 1_000_000;

/** Runs in the page. The recipe of docs/stream-protocol.md. */
async function followWithTicket(asked: Asked): Promise<Shown> {
  const headers = { authorization: `Bearer ${asked.token}` };
  let [text, ending, after] = ["", "", ""];
  let [connections, texts] = [0, 0];
  while (ending === "") {
    const url = `/v1/runs/${asked.runId}/ticket`;
    const ticket = Object(await (await fetch(url, { method: "POST", headers })).json());
    const source = new EventSource(`${ticket.url}&named=0&after=${after}`);
    connections += 1;
    await new Promise<void>((leave) => {
      source.onerror = () => leave();
      source.onmessage = ({ data, lastEventId }) => {
        const event = JSON.parse(data);
        after = lastEventId || after;
        if (event.type === "attempt" && event.reset) text = "";
        if (event.type === "delta") {
          text += event.text;
          texts += 1;
          if (texts === asked.cutAfter) leave();
          if (texts === asked.cancelAfter) {
            void fetch(`/v1/runs/${asked.runId}/cancel`, { method: "POST", headers });
          }
        }
        if (["completed", "failed", "cancelled"].includes(event.type)) {
          ending = event.type;
          leave();
        }
      };
    });
    source.close();
  }
  return { text, ending, connections };
}

/** Runs in the page. The library reconnects by itself after an error. */
async function followWithLibrary(asked: Asked): Promise<Shown> {
  const library = "/library/index.js";
  const { fetchEventSource } = await import(library);
  const headers = { authorization: `Bearer ${asked.token}` };
  let [text, ending] = ["", ""];
  let [connections, texts] = [0, 0];
  await fetchEventSource(`/v1/runs/${asked.runId}/events`, {
    headers,
    openWhenHidden: true,
    async onopen(response: Response) {
      connections += 1;
      if (!response.ok) throw new Error(`HTTP ${response.status}`);
    },
    onmessage({ event, data }: { event: string; data: string }) {
      const members = JSON.parse(data === "" ? "{}" : data);
      if (event === "attempt" && members.reset) text = "";
      if (event === "delta") {
        text += members.text;
        texts += 1;
        if (texts === asked.cancelAfter) {
          void fetch(`/v1/runs/${asked.runId}/cancel`, { method: "POST", headers });
        }
        if (texts === asked.cutAfter) throw new Error("cut");
      }
      if (["completed", "failed", "cancelled"].includes(event)) ending = event;
    },
    onerror(error: Error) {
      if (error.message !== "cut") throw error;
      return 10;
    },
  });
  return { text, ending, connections };
}

type Follow = (asked: Asked) => Promise<Shown>;

function play(follow: Follow, options: Partial<Asked>, check: (shown: Shown) => void): Play {
  return async (world) => {
    const runId = await world.submit();
    const asked = { runId, token: world.token, cutAfter: NEVER, cancelAfter: NEVER, ...options };
    const shown = await onPage(world, (page) => page.evaluate(follow, asked));
    check(shown);
    if (shown.ending === "cancelled") await expectCancelled(world, runId);
    else await expectText(world, runId, shown.text);
  };
}

function casesOf(follow: Follow) {
  return {
    submit: "it only reads: runs are submitted with `fetch`",
    stream: play(follow, {}, ({ connections }) => assert.equal(connections, 1)),
    resume: play(follow, { cutAfter: 20 }, ({ connections }) => assert.equal(connections, 2)),
    cancel: play(follow, { cancelAfter: 20 }, ({ ending }) => assert.equal(ending, "cancelled")),
  };
}

export const EVENT_SOURCE: TestedClient = {
  name: "EventSource of Chromium, with a ticket",
  cases: {
    ...casesOf(followWithTicket),
    async error(world) {
      const runId = await world.submit();
      const state = await onPage(world, (page) =>
        page.evaluate(async (url) => {
          const source = new EventSource(url);
          await new Promise((leave) => source.addEventListener("error", leave));
          return source.readyState;
        }, `/v1/runs/${runId}/events?ticket=used`),
      );
      // It shows no status and no body, and does not come again.
      assert.equal(state, 2);
    },
  },
};

export const FETCH_EVENT_SOURCE: TestedClient = {
  name: "@microsoft/fetch-event-source",
  cases: {
    ...casesOf(followWithLibrary),
    async error(world) {
      const asked = {
        runId: crypto.randomUUID(),
        token: world.token,
        cutAfter: NEVER,
        cancelAfter: NEVER,
      };
      const following = onPage(world, (page) => page.evaluate(followWithLibrary, asked));
      await assert.rejects(following, /HTTP 404/);
    },
  },
};
