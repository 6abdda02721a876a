/** langgraph-api in memory, with as many loops as a measurement has streams. */
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startServer } from "@langchain/langgraph-api/server";
import { listen, serveParent } from "../programs/serve-parent.ts";

/** Its default of 10 would run ten of the streams and let the others wait. */
const LOOPS = 320;

/** It wants to be told a port. */
async function freePort(): Promise<number> {
  const server = createServer();
  const url = new URL(await listen(server));
  await new Promise((resolve) => server.close(resolve));
  return Number(url.port);
}

/** It keeps its state in a folder below this one. */
const folder = mkdtempSync(join(tmpdir(), "bench-langgraph-"));
process.once("exit", () => rmSync(folder, { recursive: true, force: true }));

const { host } = await startServer({
  port: await freePort(),
  host: "127.0.0.1",
  nWorkers: LOOPS,
  cwd: folder,
  graphs: { agent: `${fileURLToPath(new URL("./langgraph-graph.ts", import.meta.url))}:graph` },
});
serveParent({}, `http://${host}`);
