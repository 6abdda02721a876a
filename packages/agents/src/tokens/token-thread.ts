/** The thread of a token counter. Each text is answered with the number of its tokens, in order. */
import { constants, setPriority } from "node:os";
import { parentPort } from "node:worker_threads";
import { z } from "zod";
import { countTokens } from "./count-tokens.ts";

// On Linux this concerns the thread alone: the event loop of the process goes first.
setPriority(constants.priority.PRIORITY_LOW);
parentPort?.on("message", (text: unknown) => {
  parentPort?.postMessage(countTokens(z.string().parse(text)));
});
