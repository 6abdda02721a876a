/** `npm run test:gateways`: plays every dialect against a demo gateway and writes the table. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { z } from "zod";
import { playAll, toMarkdown, withTable } from "./gateway-table.ts";

const PAGE = new URL("../../docs/gateways.md", import.meta.url);
const PROGRAM = new URL("../../apps/demo-gateway/src/main.ts", import.meta.url).pathname;
const KEY = "key-of-the-suite";
const HELP = `Plays an answer of each kind in the dialect of each gateway, and writes into docs/gateways.md
what became of it: calls, ending, sentence, tokens.

  npm run test:gateways -- [--through URL] [--headers JSON]

  --through  the address of a gateway that stands between the worker's client and the demo gateway;
             the table is printed and not written
  --headers  the headers that it wants; {demo} in them is the address of the demo gateway
`;

async function startGateway(): Promise<{ readonly url: string; readonly process: ChildProcess }> {
  const child = spawn(process.execPath, [PROGRAM], {
    env: { PATH: process.env["PATH"], DEMO_GATEWAY_KEY: KEY, DEMO_PIECES_PER_SECOND: "0" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const lines = createInterface({ input: child.stdout });
  const [line]: unknown[] = await once(lines, "line");
  const { listening } = z.object({ listening: z.url() }).parse(JSON.parse(String(line)));
  return { url: listening, process: child };
}

interface Asked {
  readonly through: string | undefined;
  readonly headers: string;
}

async function play({ through, headers }: Asked): Promise<void> {
  const gateway = await startGateway();
  try {
    const given: unknown = JSON.parse(headers.replaceAll("{demo}", gateway.url));
    const rows = await playAll({
      url: through ?? `${gateway.url}/v1`,
      key: KEY,
      headers: z.record(z.string(), z.string()).parse(given),
    });
    const table = toMarkdown(rows);
    console.log(table);
    if (through) return;
    writeFileSync(PAGE, withTable(readFileSync(PAGE, "utf8"), table));
  } finally {
    gateway.process.kill();
  }
}

const { values } = parseArgs({
  options: {
    help: { type: "boolean", short: "h" },
    through: { type: "string" },
    headers: { type: "string", default: "{}" },
  },
});
if (values.help) console.log(HELP);
else await play({ through: values.through, headers: values.headers });
