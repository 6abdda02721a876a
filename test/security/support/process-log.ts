/** What the running processes have written into their logs. */
import { readFileSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect, inject } from "vitest";
import { eventually } from "../../support/eventually.ts";
import { callApi } from "./call-api.ts";

const folder = () => join(dirname(inject("stack").processFile), "logs");

export async function readLogs(): Promise<string> {
  const names = await readdir(folder());
  return names.map((name) => readFileSync(join(folder(), name), "utf8")).join("\n");
}

/** Asks for a line of the API's own first, so that what came before it is written too. */
export async function expectLogWithout(secret: string): Promise<void> {
  const requestId = `marker-${crypto.randomUUID()}`;
  await callApi("/v1/runs", { headers: { "x-request-id": requestId } });
  const log = await eventually(readLogs, (text) => text.includes(requestId));
  expect(log).not.toContain(secret);
}
