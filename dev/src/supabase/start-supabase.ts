/** Starts the Supabase process in the two steps of its protocol. */
import { fileURLToPath } from "node:url";
import { baseEnvironment } from "../processes/base-environment.ts";
import { type Child, spawnChild } from "../processes/child.ts";
import { type SupabaseOrder, SupabaseReport } from "./protocol.ts";

const PROGRAM = fileURLToPath(new URL("./supabase-process.ts", import.meta.url));

export interface SupabaseOptions {
  readonly port: number;
  readonly apiUrl: string | null;
  readonly keys: {
    readonly jwtSecret: string;
    readonly publishableKey: string;
    readonly secretKey: string;
  };
  /** A promise, so that the process loads its modules while the database starts. */
  readonly databaseUrl: Promise<string>;
  /** Runs between the two steps. */
  readonly migrate: () => Promise<void>;
  readonly onLine: (line: string) => void;
}

export async function startSupabase(
  options: SupabaseOptions,
  own: (child: Child) => Child,
): Promise<void> {
  const child = own(
    await spawnChild({
      program: process.execPath,
      args: [PROGRAM],
      environment: { ...baseEnvironment(), LITE_TELEMETRY: "0", DO_NOT_TRACK: "1" },
      endSignal: "SIGTERM",
      ipc: true,
      onLine: options.onLine,
    }),
  );
  const { databaseUrl, keys, port, apiUrl } = options;
  await perform(child, { order: "prepare", databaseUrl: await databaseUrl, ...keys }, "prepared");
  await options.migrate();
  await perform(child, { order: "serve", port, apiUrl }, "serving");
}

async function perform(
  child: Child,
  order: SupabaseOrder,
  expected: SupabaseReport["report"],
): Promise<void> {
  const done = new Promise<void>((resolve) => {
    child.onMessage((message) => {
      if (SupabaseReport.parse(message).report === expected) resolve();
    });
  });
  child.send(order);
  const early = child.exited.then((end) => {
    throw new Error(`The Supabase process exited during its start (${end}).`);
  });
  await Promise.race([done, early]);
}
