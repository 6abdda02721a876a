/** `/llms.txt` as an assistant uses it: it follows the links, and pastes the examples. */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { promisify } from "node:util";
import { RUN_MODES, runStreamEventSchema } from "@cmo/shared/contract";
import { expect, inject, test } from "vitest";
import { z } from "zod";
import { signInDemoUser } from "../support/demo-user.ts";
import { receiveEvents } from "../support/events.ts";

const run = promisify(execFile);
const apiUrl = inject("stack").apiUrls[0] ?? "";
const response = await fetch(`${apiUrl}/llms.txt`);
const text = await response.text();
const blocks = [...text.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block = ""]) => block);

test("it is text, short, and needs no token", () => {
  expect(response.status).toBe(200);
  expect(response.headers.get("content-type")).toBe("text/plain; charset=utf-8");
  expect(text.length).toBeLessThan(5000);
  for (const mode of RUN_MODES) expect(text).toContain(`\`${mode}\``);
});

test("every path that it names is in the document or served beside it, every document exists", async () => {
  const { paths } = z
    .object({ paths: z.record(z.string(), z.unknown()) })
    .parse(await (await fetch(`${apiUrl}/openapi.json`)).json());
  const named = [...text.matchAll(/(?:\$API|[`(])(\/[\w$/.{}-]+)/g)].map(([, path = ""]) =>
    path.replace("$RUN", "{id}"),
  );
  expect(named.length).toBeGreaterThan(12);
  for (const path of new Set(named)) {
    // The prefix that clients of OpenAI's API take.
    if (path === "/openai/v1" || Object.hasOwn(paths, path)) continue;
    expect((await fetch(`${apiUrl}${path}`)).status, path).toBe(200);
  }
  const files = [...text.matchAll(/^- (docs\/[\w-]+\.md)/gm)].map(([, file = ""]) => file);
  expect(files.length).toBeGreaterThan(3);
  for (const file of files) {
    expect(existsSync(new URL(`../../${file}`, import.meta.url)), file).toBe(true);
  }
});

/** Separates the answers, also of a call whose answer goes into a variable. */
const MARKED_CURL = `exec 3>&1
curl() { command curl "$@"; printf '\\n--\\n' >&3; }`;

test("every example runs as it is pasted", async () => {
  const { token } = await signInDemoUser();
  const { stdout } = await run("sh", ["-eu", "-c", [MARKED_CURL, ...blocks].join("\n")], {
    env: { PATH: process.env["PATH"], API: apiUrl, TOKEN: token },
    maxBuffer: 16 * 1024 * 1024,
  });
  const [, events = "", polled = "", cancelled = "", ...others] = stdout.split("\n--\n");
  const received = await Array.fromAsync(receiveEvents(new Response(events)));
  expect(received.at(-1)?.type).toBe("completed");
  for (const { type, data } of received) {
    expect(data["type"]).toBe(type);
    expect(runStreamEventSchema.safeParse(data).error, type).toBeUndefined();
  }
  for (const body of [polled, cancelled]) {
    expect(JSON.parse(body)).toMatchObject({ mode: "strategy", status: "completed" });
  }
  const answers = others.filter((body) => body !== "");
  expect(answers.length).toBeGreaterThan(4);
  for (const body of answers) expect(JSON.parse(body)).not.toHaveProperty("code");
}, 60_000);
