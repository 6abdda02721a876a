/** Starts a stack in the folder that it is given, says who runs, and holds it until it is killed. */
import { startStack, WITHOUT_LIMITS } from "@cmo/dev";

const [dataDir] = process.argv.slice(2);
if (dataDir === undefined) throw new Error("Name the data folder.");

const stack = await startStack({
  dataDir,
  ports: "free",
  environment: {},
  apps: { api: 0, workers: 0 },
  tenantLimits: WITHOUT_LIMITS,
  seed: false,
  onLine: () => {},
});
process.send?.({ processes: stack.processes(), databaseUrl: stack.databaseUrl });
