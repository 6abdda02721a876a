/** The description of the gateway at `GET /` and for `--help`. */
import type { Fault } from "./fault.ts";
import { FAULTS } from "./faults.ts";

export const USAGE = `Demo gateway: implements the AI gateway's API and answers from scripts. It is not a model.

  node apps/demo-gateway/src/main.ts [--help]

  HOST                    address to listen on (default 127.0.0.1)
  PORT                    port to listen on, 0 for any free port (default 0)
  DEMO_GATEWAY_KEY        the bearer key that callers must send (default demo-key)
  DEMO_PIECES_PER_SECOND  speed of an answer, 0 for no limit (default 80)
  DEMO_PIECE_CHARS        usual length of a piece (default 12)
  DEMO_NOISE              share of answers to damage, as models do, 0 to 1 (default 0)
  DEMO_NOISE_SEED         selects these answers and their damage; any text (default 1)
`;

export function explain(): string {
  return `This is the demo gateway of CMO Kernel.

It implements the API of an OpenAI-compatible AI gateway. It is not a model: a script writes its
answers from the brand, segments and offers in the prompt, and the answers say so.

  POST   /v1/chat/completions   {"model", "messages", "stream": true}, Authorization: Bearer <key>
  GET    /record/<run id>       the requests and answers of a run, by its x-request-id
  DELETE /record                deletes the record
  GET    /livez                 answers 200

To request a fault, put [[fault:NAME]] into any message. With NAME-once, only the first request of a
run fails. With NAME-first-attempt, every request of its first attempt fails. With DEMO_NOISE, it
damages a share of all answers, the same ones for the same seed, and fewer answers of repair turns.

${Object.entries(FAULTS).map(explainFault).join("\n")}
`;
}

function explainFault([name, { description, number }]: readonly [string, Fault]): string {
  const parameter = number ? ` NAME@N sets the ${number.means} (${number.default}).` : "";
  return `  ${name.padEnd(20)} ${description}${parameter}`;
}
