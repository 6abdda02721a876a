/**
 * The example app, built by its own script and used in a real browser as a person would. With
 * SCREENSHOTS, a folder, each step is photographed.
 */
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { DEMO_LOGIN } from "@cmo/dev/demo-login";
import { runPageSchema, runSchema } from "@cmo/shared/contract";
import type { Browser, Page } from "playwright-core";
import { type PreviewServer, preview } from "vite";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { startChromium } from "../support/chromium.ts";
import { signInDemoUser } from "../support/demo-user.ts";

const run = promisify(execFile);
const { supabaseUrl, publishableKey, apiUrls } = inject("stack");
const EXAMPLE = fileURLToPath(new URL("../../examples/react/", import.meta.url));
const CLIENT = fileURLToPath(new URL("../../packages/client/", import.meta.url));
/** The download of the browser included. */
const START_WITHIN_MS = 420_000;
const STEP_WITHIN_MS = 40_000;
/** Where the hook keeps the run's id. */
const KEPT_AT = "cmo.run.strategy";

const user = await signInDemoUser();
let outDir = "";
let server: PreviewServer;
let browser: Browser;
let page: Page;
const problems: string[] = [];
/** The submits that the page has sent. */
let submits = 0;

async function build(): Promise<void> {
  outDir = await mkdtemp(join(tmpdir(), "cmo-example-"));
  await run(process.execPath, ["build.ts"], { cwd: CLIENT });
  await run("npm", ["run", "build", "--", "--outDir", outDir], {
    cwd: EXAMPLE,
    // Not all of ours: NODE_ENV of a test would build React's slow half.
    env: {
      PATH: process.env["PATH"],
      HOME: process.env["HOME"],
      VITE_API_URL: apiUrls[0],
      VITE_SUPABASE_URL: supabaseUrl,
      VITE_SUPABASE_KEY: publishableKey,
    },
  });
}

beforeAll(async () => {
  await build();
  server = await preview({
    root: EXAMPLE,
    configFile: false,
    logLevel: "silent",
    build: { outDir },
    preview: { host: "127.0.0.1", port: 0 },
  });
  browser = await startChromium();
  page = await browser.newPage({ viewport: { width: 900, height: 1000 } });
  page.setDefaultTimeout(STEP_WITHIN_MS);
  page.on("pageerror", ({ message }) => problems.push(message));
  page.on("request", (request) => {
    if (request.method() === "POST" && request.url().endsWith("/v1/runs")) submits += 1;
  });
}, START_WITHIN_MS);

afterAll(async () => {
  await browser?.close();
  await server?.close();
  await rm(outDir, { recursive: true, force: true });
});

async function photograph(name: string): Promise<void> {
  const folder = process.env["SCREENSHOTS"];
  if (folder) await page.screenshot({ path: join(folder, `${name}.png`) });
}

/** Until it holds: a busy machine is late. */
const expectSoon = (look: () => unknown) => expect.poll(look, { timeout: STEP_WITHIN_MS });

const status = () => page.locator("output").textContent();
const text = async () => (await page.locator("pre").textContent()) ?? "";

async function expectStatus(wanted: string): Promise<void> {
  await expectSoon(status).toBe(wanted);
}

async function expectTextOf(length: number): Promise<void> {
  await expectSoon(async () => (await text()).length).toBeGreaterThanOrEqual(length);
}

async function ask(goal: string): Promise<void> {
  await page.fill('input[name="goal"]', goal);
  await page.click('button:has-text("Ask")');
}

/** The row of the run that the page shows. */
async function readRow() {
  const id = await page.evaluate(`sessionStorage.getItem("${KEPT_AT}")`);
  return runSchema.parse(await (await user.api(`/v1/runs/${id}`)).json());
}

test("sign-in: the list of recent plans is that of the API", async () => {
  const url = server.resolvedUrls?.local[0] ?? "";
  await page.goto(url);
  await page.fill('input[name="email"]', DEMO_LOGIN.email);
  await page.fill('input[name="password"]', DEMO_LOGIN.password);
  await page.click('button:has-text("Sign in")');
  await expectStatus("idle");
  const { runs } = runPageSchema.parse(
    await (await user.api("/v1/runs?mode=strategy&limit=5")).json(),
  );
  await expectSoon(() => page.locator("#runs li").count()).toBe(runs.length);
});

test("a reload in mid-stream: the text continues, and ends as the row's", async () => {
  await ask("Sixty new offices [[fault:slow@80]]");
  await expectTextOf(200);
  const before = await text();
  await photograph("1-streaming");

  await page.reload();
  await expectTextOf(before.length);
  expect(await status()).toBe("running");
  await photograph("2-reloaded");

  await expectStatus("completed");
  const row = await readRow();
  expect(row.status).toBe("completed");
  expect(await text()).toBe(row.output_text);
  expect(row.output_text?.startsWith(before)).toBe(true);
  expect(await page.textContent("h1")).toBe(row.output?.["plan_name"]);
  expect(await page.locator("#sections li").count()).toBeGreaterThan(3);
  expect(submits).toBe(1);
  const newest = page.locator("#runs li").first();
  await expectSoon(() => newest.textContent()).toMatch(/: completed$/);
  await photograph("3-completed");
}, 120_000);

test("stop: the run is cancelled, and its text stays", async () => {
  await ask("Stop me [[fault:slow]]");
  await expectTextOf(1);
  await page.click('button:has-text("Stop")');
  await expectStatus("cancelled");
  expect((await readRow()).status).toBe("cancelled");
  expect((await text()).length).toBeGreaterThan(0);
  await photograph("4-stopped");
  expect(problems).toEqual([]);
});
