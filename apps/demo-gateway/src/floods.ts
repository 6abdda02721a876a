/** Faults that attack a client's memory: endless or oversized streams. */
import { END, type Step } from "./script.ts";

const MIB = 1024 * 1024;
const MIB_ON_THE_WIRE = { means: "MiB sent", default: 100 };

export const FLOODS = {
  "huge-line": {
    description: "One data line that does not end.",
    number: MIB_ON_THE_WIRE,
    script: (_: readonly Step[], n: number): readonly Step[] => [
      { kind: "bytes", bytes: Buffer.from('data: {"choices":[{"delta":{"content":"'), times: 1 },
      { kind: "bytes", bytes: Buffer.alloc(MIB, "x"), times: n },
      END,
    ],
  },
  endless: {
    description: "Chunks without text that never end.",
    script: (): readonly Step[] => [
      { kind: "bytes", bytes: manyEmptyChunks(), times: Number.POSITIVE_INFINITY },
    ],
  },
};

function manyEmptyChunks(): Buffer {
  const chunk = { choices: [{ index: 0, delta: {} }], padding: " ".repeat(4_000) };
  return Buffer.from(`data: ${JSON.stringify(chunk)}\n\n`.repeat(16));
}
