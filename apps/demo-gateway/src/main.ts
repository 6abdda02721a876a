/** Runs the demo gateway as a process. */
import { EnvError, httpEnv, parseEnv } from "@cmo/shared/runtime";
import { z } from "zod";
import { USAGE } from "./explain.ts";
import { createDemoGateway } from "./server.ts";

const envSchema = z.object({
  HOST: httpEnv.HOST,
  PORT: httpEnv.PORT.default(0),
  DEMO_GATEWAY_KEY: z.string().default("demo-key"),
  DEMO_PIECES_PER_SECOND: z.coerce.number().nonnegative().default(80),
  DEMO_PIECE_CHARS: z.coerce.number().int().positive().default(12),
  DEMO_NOISE: z.coerce.number().min(0).max(1).default(0),
  DEMO_NOISE_SEED: z.string().default("1"),
});

async function run(): Promise<void> {
  const env = parseEnv(envSchema, process.env);
  const gateway = createDemoGateway({
    host: env.HOST,
    port: env.PORT,
    key: env.DEMO_GATEWAY_KEY,
    piecesPerSecond: env.DEMO_PIECES_PER_SECOND,
    pieceChars: env.DEMO_PIECE_CHARS,
    noise: { rate: env.DEMO_NOISE, seed: env.DEMO_NOISE_SEED },
  });
  const stop = () => void gateway.close().then(() => process.exit(0));
  // A parent that dies without a signal closes the channel. Without this, the process would never stop.
  for (const event of ["SIGTERM", "SIGINT", "disconnect"] as const) process.once(event, stop);
  const url = await gateway.listen();
  process.stdout.write(`${JSON.stringify({ listening: url })}\n`);
  process.send?.({ ready: true, port: Number(new URL(url).port) });
}

function explainFailure(error: unknown): string {
  if (error instanceof EnvError) return error.message;
  const reason = error instanceof Error ? error.message : String(error);
  return `The demo gateway cannot start: ${reason}. Choose another PORT, or 0 for any free one.`;
}

if (process.argv.includes("--help")) {
  process.stdout.write(USAGE);
} else {
  try {
    await run();
  } catch (error) {
    console.error(explainFailure(error));
    process.exit(1);
  }
}
