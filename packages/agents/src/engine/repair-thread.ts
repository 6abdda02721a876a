/** The thread of a JSON repairer. */
import { constants, setPriority } from "node:os";
import { parentPort, workerData } from "node:worker_threads";
import { repairText } from "./repair-text.ts";

// On Linux this concerns the thread alone: the event loop of the process goes first.
setPriority(constants.priority.PRIORITY_LOW);
const texts: readonly string[] = workerData;
parentPort?.postMessage(texts.map(repairText));
