/** Every system that can be measured, by the name under which a command asks for it. */
import { OURS } from "./ours.ts";
import { programSystem } from "./program-system.ts";
import type { System } from "./system.ts";

const BASELINES: readonly System[] = [
  programSystem({
    name: "pass-through",
    summary: "requirements.md's Edge Function in one process",
    files: ["baselines/pass-through.ts"],
  }),
  programSystem({
    name: "pass-through-context",
    summary: "the same with the agents' three context reads",
    files: ["baselines/pass-through.ts"],
    environment: { READ_CONTEXT: "1" },
  }),
  programSystem({
    name: "naive",
    summary: "BullMQ and bare pub/sub: no log, no fence",
    files: ["baselines/naive-api.ts", "baselines/naive-worker.ts"],
  }),
  programSystem({
    name: "polling",
    summary: "the text written to the row and read from it once a second",
    files: ["baselines/polling-api.ts", "baselines/polling-worker.ts"],
  }),
];

const PEERS: readonly System[] = [
  programSystem({
    name: "resumable-stream",
    summary: "resumable-stream 2 on the same Redis; no sign-in, no row",
    isPeer: true,
    files: ["peers/resumable.ts"],
    toBody: (prompt) => ({ prompt }),
  }),
  programSystem({
    name: "ai-sdk",
    summary: "AI SDK 7 streamText with resumable-stream; no sign-in, no row",
    isPeer: true,
    files: ["peers/ai-sdk.ts"],
    toBody: (prompt) => ({ prompt }),
  }),
  programSystem({
    name: "langgraph",
    summary: "langgraph-api 1.5 in memory, a background run with a joined stream; no sign-in",
    isPeer: true,
    files: ["peers/langgraph.ts"],
    dialect: "langgraph",
    toBody: (prompt) => ({
      assistant_id: "agent",
      input: { messages: [{ role: "human", content: prompt }] },
      stream_mode: ["messages-tuple"],
    }),
  }),
  programSystem({
    name: "mastra",
    summary: "Mastra's durable agent with its cache in Redis; no sign-in",
    isPeer: true,
    files: ["peers/mastra.ts"],
    toBody: (prompt) => ({ prompt }),
  }),
];

export const SYSTEMS: readonly System[] = [...BASELINES, OURS, ...PEERS];

export function findSystems(names: readonly string[]): readonly System[] {
  return names.map((name) => {
    const system = SYSTEMS.find((one) => one.name === name);
    if (system) return system;
    const known = SYSTEMS.map((one) => one.name).join(", ");
    throw new Error(`There is no system ${name}. Known are: ${known}.`);
  });
}
