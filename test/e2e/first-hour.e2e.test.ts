/**
 * The first hour of a new user, in a real browser: a page on an origin of its own, with the real
 * supabase-js, from the sign-up to a plan that is edited, approved and restored. With SCREENSHOTS, a
 * folder, each step is photographed.
 */

import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { startChromium } from "../support/chromium.ts";

const { supabaseUrl, publishableKey, apiUrls } = inject("stack");
const LAUNCH_WITHIN_MS = 360_000;
const STEP_WITHIN_MS = 30_000;

const file = (name: string): string =>
  readFileSync(new URL(`first-hour/${name}`, import.meta.url), "utf8");
const supabaseJs = (): string => {
  const entry = createRequire(import.meta.url).resolve("@supabase/supabase-js");
  return readFileSync(
    join(entry.slice(0, entry.lastIndexOf("/dist/")), "dist/umd/supabase.js"),
    "utf8",
  );
};

const FILES: Readonly<Record<string, readonly [type: string, read: () => string]>> = {
  "/": ["text/html", () => file("index.html")],
  "/first-hour.js": ["text/javascript", () => file("first-hour.js")],
  "/supabase.js": ["text/javascript", supabaseJs],
  "/settings.json": [
    "application/json",
    () => JSON.stringify({ supabaseUrl, publishableKey, apiUrl: apiUrls[0] }),
  ],
};

let server: Server;
let browser: Browser;
let page: Page;
const problems: string[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    const [type, read] = FILES[request.url ?? ""] ?? ["text/plain", () => "Not found"];
    response.writeHead(FILES[request.url ?? ""] ? 200 : 404, { "content-type": type });
    response.end(read());
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  browser = await startChromium();
  page = await browser.newPage({ viewport: { width: 900, height: 1000 } });
  page.setDefaultTimeout(STEP_WITHIN_MS);
  page.on("pageerror", ({ message }) => problems.push(message));
}, LAUNCH_WITHIN_MS);

afterAll(async () => {
  await browser?.close();
  server?.close();
});

async function photograph(name: string): Promise<void> {
  const folder = process.env["SCREENSHOTS"];
  if (folder) await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
}

/** Waits for the text of an element, so that what the page refuses is in the failure. */
async function expectText(id: string, text: string | RegExp): Promise<void> {
  await expect
    .poll(async () => `${await page.textContent(id)}${await page.textContent("#error")}`, {
      timeout: STEP_WITHIN_MS,
    })
    .toMatch(text);
}

test("sign-up, workspace, metrics, run, edit, approve, restore", { timeout: 120_000 }, async () => {
  const address = server.address();
  const port = typeof address === "object" ? address?.port : 0;
  await page.goto(`http://localhost:${port}/`);
  await page.fill("#email", `first-hour-${port}@cmo-kernel.test`);
  await page.fill("#password", "a password of eight and more");
  await page.click("#sign-up");
  await expectText("#who", "first-hour");

  await page.fill("#name", "Kade Coffee");
  await page.click("#create");
  await expectText("#workspace-id", "Kade Coffee, owner");
  await page.fill(
    "#csv",
    "Date;Impressions;Clicks;Spend\n2026-11-01;1000;40;12.50\n2026-11-02;900;30;11\n",
  );
  await page.click("#import");
  await expectText("#imported", "2 days imported");
  await photograph("1-workspace");

  await page.click("#interview");
  await expectText("#run-status", "completed");
  await page.click("#plan");
  await expectText("#text", /plan_name/);
  await expectText("#run-status", "completed");
  await expectText("#plan-status", "draft");
  const written = await page.inputValue("#summary");
  expect(written.length).toBeGreaterThan(20);
  await photograph("2-plan");

  await page.fill("#summary", "We win sixty offices by calling those that tasted our coffee.");
  await page.click("#save");
  await expectText(
    "#versions",
    /Version 1: the whole plan, by a run .*Version 2: executive_summary, by you/,
  );
  await page.click("#approve");
  await expectText("#plan-status", "approved");
  await photograph("3-approved");

  await page.click("#restore-1");
  await expectText("#versions", /restored from 1/);
  expect(await page.inputValue("#summary")).toBe(written);
  await expectText("#plan-status", "draft");
  await photograph("4-restored");
  expect(problems).toEqual([]);
});
