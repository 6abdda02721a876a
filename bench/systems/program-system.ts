/** A baseline or peer: its programs are started beside the stack and asked by one POST. */
import { toPrompt } from "../gateway/script.ts";
import { type Program, startProgram } from "../programs/start-program.ts";
import type { BenchStack } from "./bench-stack.ts";
import type { RunningSystem, System } from "./system.ts";

export interface ProgramSystem {
  readonly name: string;
  readonly summary: string;
  readonly isPeer?: boolean;
  /** Below `bench/`. The first serves the requests. */
  readonly files: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly dialect?: "post" | "langgraph";
  /** The body of a request for this prompt; the edge function's when it is left out. */
  readonly toBody?: (prompt: string) => object;
}

export function programSystem(options: ProgramSystem): System {
  const { name, summary, isPeer = false } = options;
  return { name, summary, isPeer, start: (bench) => start(options, bench) };
}

async function start(options: ProgramSystem, bench: BenchStack): Promise<RunningSystem> {
  const { stack, users, gateway } = bench;
  const environment = {
    ...stack.environment,
    AI_GATEWAY_URL: `${gateway.url}/v1`,
    ...options.environment,
  };
  const programs: Program[] = [];
  for (const file of options.files) {
    const url = new URL(`../${file}`, import.meta.url);
    programs.push(await startProgram({ name: file, file: url, environment }));
  }
  const body = (prompt: string): object =>
    options.toBody?.(prompt) ?? {
      workspaceId: users.workspaceId,
      messages: [{ role: "user", content: prompt }],
    };
  return {
    pids: () => programs.map(({ pid }) => pid),
    target: (script) => ({
      dialect: options.dialect ?? "post",
      url: programs[0]?.url ?? "",
      tokens: users.tokens,
      body: JSON.stringify(body(toPrompt(script))),
    }),
    freeze: () => {
      for (const program of programs) program.freeze();
    },
    thaw: () => {
      for (const program of programs) program.thaw();
    },
    stop: async () => {
      await Promise.all(programs.map((program) => program.stop()));
    },
  };
}
