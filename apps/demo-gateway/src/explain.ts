/** What the gateway says of itself, at `GET /` and for `--help`. */
import type { Fault } from "./fault.ts";
import { FAULTS } from "./faults.ts";

export const USAGE = `Demo gateway: speaks the AI gateway's wire and answers from scripts. It is not a model.

  node apps/demo-gateway/src/main.ts [--help]

  HOST                    address to listen on (127.0.0.1)
  PORT                    port to listen on, 0 for any free one (0)
  DEMO_GATEWAY_KEY        the bearer key that callers must send (demo-key)
  DEMO_PIECES_PER_SECOND  speed of an answer, 0 for as fast as it is read (80)
  DEMO_PIECE_CHARS        usual length of a piece (12)
  DEMO_NOISE              share of answers that are damaged as models damage them, 0 to 1 (0)
  DEMO_NOISE_SEED         which answers those are, and how; any word (1)
`;

export function explain(): string {
  return `This is the demo gateway of CMO Kernel.

It speaks the wire of an OpenAI-compatible AI gateway, and it is not a model: its answers are
written by a script from the brand, segments and offers in the prompt, and say so.

  POST   /v1/chat/completions   {"model", "messages", "stream": true}, Authorization: Bearer <key>
  GET    /record/<run id>       what was asked and sent for a run, by its x-request-id
  DELETE /record                forgets all of it
  GET    /livez                 says that it lives

It fails on request: put [[fault:NAME]] into any message. With NAME-once only the first request of
a run fails, with NAME-first-attempt every request of its first attempt. With DEMO_NOISE it damages
answers unasked, the same ones for the same seed; a repair turn is then answered well most times.

${Object.entries(FAULTS).map(explainFault).join("\n")}
`;
}

function explainFault([name, { description, number }]: readonly [string, Fault]): string {
  const parameter = number ? ` NAME@N sets the ${number.means} (${number.default}).` : "";
  return `  ${name.padEnd(20)} ${description}${parameter}`;
}
